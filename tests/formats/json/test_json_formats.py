"""What JSON Lines, doccano and Label Studio have in common: what comes back, whatever a file may hold."""

import json
import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from json_cases import JSON, again, golden
from readers import BIO, mutants, read, same_at_every_cut, survives, written
from strategies import spanned_texts

from rnntag import formats
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Certainty, Sentence
from rnntag.data.tokenisation import Cut
from rnntag.formats import FORMATS, WRITABLE
from rnntag.formats.charspans import CharSpan, annotated, char_spans

# What comes back

INTENTS = st.none() | st.lists(st.text(min_size=1).filter(lambda text: "#" not in text), min_size=1).map("#".join)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("name", JSON)
@given(spanned_texts(), INTENTS, st.booleans(), st.sampled_from(["bio", "bioes", "bilou"]))
def test_a_text_its_spans_and_its_intent_come_back_whatever_they_are(name, case, intent, characters, scheme):
    text, marks = case
    sentence = annotated(text, marks, Cut(characters), "case", 1, intent=intent)
    tags = BIO.rewritten(sentence.tags, SCHEMES[scheme])
    line = written(sentence.with_tags(tags), name, scheme)
    assert "\n" not in line.removesuffix("\n")
    (found,) = read(line, name, tagged=True, characters=characters)
    assert (found.text, found.tokens, found.tags, found.intent) == (text, sentence.tokens, sentence.tags, intent)
    assert char_spans(found, BIO) == (text, marks)
    assert written(found, name) == line


@pytest.mark.parametrize("name", JSON)
@given(st.text(), st.booleans())
def test_a_text_without_tags_has_none(name, text, tagged):
    line = written(Sentence(text.split(), text=text), name)
    (found,) = read(line, name)
    assert (found.text, found.tags, found.intent) == (text, None, None)
    assert written(found, name) == line


@pytest.mark.parametrize("name", JSON)
@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=4))
@example({"meta": {"a": "\ud83d"}, "b\udc00": [0.1, 1e300, 10**40, None, True]})
def test_what_else_a_record_holds_is_written_again_in_its_order(name, extra):
    record = json.loads(
        written(annotated("to Oslo", [CharSpan(3, 7, "city")], Cut(True), "case", 1, intent="go"), name)
    )
    line = json.dumps(record | {f"x{key}": value for key, value in extra.items()})
    output = again(line, name, name, tagged=True)
    assert list(json.loads(output).items()) == list(json.loads(line).items())
    output.encode()


def test_text_is_cut_at_white_space_only_if_that_is_asked_for():
    for name in JSON:
        line = written(Sentence(["to"], text="to Oslo!"), name)
        for characters, tokens in ((None, ["to", "Oslo", "!"]), (True, ["to", "Oslo", "!"]), (False, ["to", "Oslo!"])):
            assert read(line, name, characters=characters)[0].tokens == tokens


CERTAIN = Certainty(0.51234567, [0.9, 0.8, 0.7], [0.75], 0.25, 1)


def test_probabilities_have_keys_in_jsonl_and_scores_in_label_studio():
    text = annotated("to New York", [CharSpan(3, 11, "city")], Cut(True), "case", 1, intent="go")
    tokens = Sentence(text.tokens, comments=("# rank = 3", "# a"), fields={"id": 7})
    assert written(text.with_tags(text.tags, None, CERTAIN), "jsonl") == (
        '{"text": "to New York", "spans": [{"start": 3, "end": 11, "label": "city", "probability": 0.75}], '
        '"intent": "go", "intent_probability": 0.25, "probability": 0.512346, "rank": 1}\n'
    )
    assert written(tokens.with_tags(text.tags, "go", CERTAIN), "jsonl") == (
        '{"tokens": ["to", "New", "York"], "tags": ["O", "B-city", "I-city"], "tag_probabilities": [0.9, 0.8, 0.7], '
        '"intent": "go", "intent_probability": 0.25, "probability": 0.512346, "rank": 1, '
        '"comments": ["# a"], "id": 7}\n'
    )
    assert written(tokens.with_tags(text.tags, None, CERTAIN._replace(intent=None, rank=None)), "jsonl") == (
        '{"tokens": ["to", "New", "York"], "tags": ["O", "B-city", "I-city"], "tag_probabilities": [0.9, 0.8, 0.7], '
        '"probability": 0.512346, "comments": ["# a"], "id": 7}\n'
    )
    task = json.loads(written(text.with_tags(text.tags, None, CERTAIN), "label-studio"))
    assert "annotations" not in task
    (prediction,) = task["predictions"]
    assert (prediction["score"], prediction["model_version"]) == (0.512346, "rnntag")
    assert [region["score"] for region in prediction["result"]] == [0.75, 0.25]
    kept = json.loads(written(text.with_tags(text.tags, None, CERTAIN._replace(intent=None)), "label-studio"))
    assert ["score" in region for region in kept["predictions"][0]["result"]] == [True, False]


STREAMS = [name for name in WRITABLE if FORMATS[name].writer]
SAMPLES = {
    "jsonl": ["jsonl_to_conll", "jsonl_keeps_its_lines"],
    "doccano": ["doccano_to_conll", "doccano_keeps_its_lines"],
    "label-studio": ["label_studio_to_conll", "label_studio_to_label_studio"],
}

CASES = [(name, sample) for name, samples in SAMPLES.items() for sample in samples]


@pytest.mark.parametrize(("name", "sample"), CASES)
def test_it_does_not_matter_where_a_stream_is_cut(name, sample):
    text = golden(sample)
    lines = text.splitlines(keepends=True)
    for count in (len(lines), 3):
        if survives(read, "".join(lines[:count]), name):
            same_at_every_cut("".join(lines[:count]), name)


def read_and_write(text, name, **reading):
    for sentence in read(text, name, **reading):
        for to in STREAMS:
            if survives(written, sentence, to):
                written(sentence, to).encode()


@pytest.mark.parametrize(("name", "sample"), CASES)
def test_bytes_that_were_changed_are_read_or_refused(name, sample):
    text = golden(sample)
    refused = [not survives(read_and_write, data, name, tagged=len(data) % 2 == 0) for data in mutants(text, 1000)]
    assert 100 < sum(refused) < 1000


ODD = [
    "null",
    "true",
    "NaN",
    "-Infinity",
    "1e999",
    "-1",
    "0",
    "1",
    "2.5",
    "9" * 4000,
    '""',
    '"\\ud800"',
    '"\\u0000"',
    '"a"',
]

ODD += [
    "[]",
    "[[]]",
    "[" * 900 + "]" * 900,
    "{}",
    '{"start": 0}',
    '[0, 1, "x"]',
    '["O"]',
    '{"a": 1, "a": 2}',
    '"\\n\\t#"',
]


def holes(value):
    """The text of a value with a place to put others in at each value in turn."""
    yield "%s"
    if isinstance(value, dict):
        for key in value:
            for hole in holes(value[key]):
                pairs = [f"{_dumps(each)}: {hole if each == key else _dumps(value[each])}" for each in value]
                yield "{" + ", ".join(pairs) + "}"
            yield "{" + ", ".join(f"{_dumps(each)}: {_dumps(value[each])}" for each in value if each != key) + "}"
    if isinstance(value, list):
        for index, each in enumerate(value):
            for hole in holes(each):
                yield "[" + ", ".join([*map(_dumps, value[:index]), hole, *map(_dumps, value[index + 1 :])]) + "]"


def _dumps(value):
    return json.dumps(value).replace("%", "%%")


@pytest.mark.parametrize(("name", "sample"), CASES)
def test_values_that_were_put_in_the_place_of_others_are_read_or_refused(name, sample):
    text = golden(sample)
    if name == "label-studio":
        records = json.loads(text) if text.startswith("[") else list(map(json.loads, text.splitlines()))
    else:
        records = [json.loads(line) for line in text.splitlines() if line]
    chance = random.Random(sample)
    shapes = [hole for record in records for hole in holes(record)]
    texts = [shape.replace("%s", odd).replace("%%", "%") for shape in shapes for odd in ODD]
    outcomes = [
        survives(read_and_write, each, name, tagged=chance.random() < 0.5)
        for each in chance.sample(texts, min(1200, len(texts)))
    ]
    assert len(outcomes) > 600
    assert 0.1 < sum(outcomes) / len(outcomes) < 0.9


def test_formats_are_told_by_the_names_of_files():
    names = ("a.jsonl", "a.ndjson.gz", "A.JSONLINES", "a.json", "a.json.zst")
    assert [formats.guess(name, "conll") for name in names] == [
        "jsonl",
        "jsonl",
        "jsonl",
        "label-studio",
        "label-studio",
    ]
