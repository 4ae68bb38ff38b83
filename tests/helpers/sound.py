"""Sound inputs that no writer of rnntag makes, to be mutilated."""

CSV = b"""\
sent,Word,POS,Tag
1,to,TO,O
,"New, York",NNP,B-city
2,\"\"\"\",``,O

3,,,
x,"['a', 'b']",,"['O' 'O']"
"""
RASA = b"""\
version: "3.1"
nlu:
- intent: go # x
  examples: |
    - to [Oslo](city)
    - [Rome]{"entity": "city"}
- lookup: a
  examples: |
    - b
- intent: 'x'
  examples:
  - text: |
      hi
    metadata:
      a: b
rules:
"""
PAIRS = b"""\
[
["to Oslo", {"entities": [[3, 7, "city"]]}],
{"text": "a b", "label": [[0, 1, "x"]], "cats": ["y"]}
]
"""
NUMBERS = b"""\
{"tokens": ["to", "Oslo"], "ner_tags": [0, 1], "pos_tags": ["A", "B"]}
{"words": ["a"], "labels": ["O"]}
"""
WRAPPED = b"""\
{"annotations": [["a b", {"entities": [[0, 1, "x"]]}], null]}
{"tokens": ["a"], "entities": [{"start": 0, "end": 1, "type": "x"}]}
{"rasa_nlu_data": {"common_examples": [{"text": "a b", "entities": [{"start": 0, "end": 1, "entity": "x", "role": "y"}]}
]}}
"""
