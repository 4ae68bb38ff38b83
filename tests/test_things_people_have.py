"""Files as people have them, each tried by the plainest command: right at once, or one sentence that leads there."""

import json

import pytest
from in_process import TINY, run_here

from rnntag.files import bundled

MODEL = str(bundled.MODEL)
FLIGHTS = (("to", "O"), ("Oslo", "B-city")), (("New", "B-city"), ("York", "I-city")), (("hi", "O"),)
COUNT = 12  # sentences, so that a tenth can be held back


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """Runs a command in a folder of files that are given by their names."""
    monkeypatch.chdir(tmp_path)

    def run(*words, **files):
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (tmp_path / name.replace("__", ".")).write_bytes(data)
        return run_here(*words, monkeypatch=monkeypatch)

    return run


def trained(shell, name, *options, **files):
    """What a training said before its epochs; that it came to its end is sure."""
    done = shell("train", name, "-o", "m.rnntag", *TINY, *options, **files)
    assert done.status == 0, done.err
    assert "saved m.rnntag" in done.err
    course = "epoch", "saved", "replacing ", "no --dev", "compiling", "warning: ", "note: ", "raw text is cut "
    return [line for line in done.err.splitlines() if not line.startswith(course)]


def refused(shell, *words, **files):
    """The one sentence that a command ends with."""
    done = shell(*words, **files)
    assert done.status == 1
    assert done.out == ""
    return done.err


def sentences():
    """Some sentences as pairs of tokens and tags, many times over."""
    return [FLIGHTS[number % 3] for number in range(COUNT)]


# Tables


def kaggle(first_only=True):
    rows = ["Sentence #,Word,POS,Tag"]
    for number, sentence in enumerate(sentences(), 1):
        for at, (token, tag) in enumerate(sentence):
            rows.append(f"{'' if at and first_only else f'Sentence: {number}'},{token},XX,{tag}")
    return "\n".join(rows) + "\n"


def test_the_table_of_kaggle(shell):
    told = "ner.csv: tokens are 'Word', tags 'Tag', sentences 'Sentence #'; --tag-column takes another: POS"
    assert trained(shell, "ner.csv", ner__csv=kaggle()) == [told]
    assert trained(shell, "all.csv", all__csv=kaggle(False)) == [told.replace("ner.csv", "all.csv")]
    assert trained(shell, "ner.csv", "--tag-column", "POS", "--token-column", "Word") == [
        "ner.csv: tokens are 'Word', tags 'POS', sentences 'Sentence #'"
    ]


def test_the_table_of_kaggle_in_the_characters_of_windows(shell):
    data = kaggle().replace("hi", "hi \u2013 caf\xe9").encode("cp1252")
    assert refused(shell, "train", "ner.csv", ner__csv=data).endswith(
        "Error: ner.csv:6: byte 0x96 is not UTF-8\n"
        "hint: convert it first: iconv -f cp1252 -t utf-8 ner.csv > utf8.csv\n"
    )


def test_a_table_of_pandas_and_one_of_a_spreadsheet(shell):
    rows = [f",{number},{token},{tag}" for number, each in enumerate(sentences()) for token, tag in each]
    assert trained(shell, "a.csv", a__csv="\n".join(["Unnamed: 0,sentence_id,words,labels", *rows])) == [
        "a.csv: tokens are 'words', tags 'labels', sentences 'sentence_id'"
    ]
    rows = [";".join(f'"{cell}"' for cell in pair) for each in sentences() for pair in (*each, ("", ""))]
    assert trained(shell, "b.csv", b__csv="\n".join(["sep=;", "Word;Tag", *rows])) == [
        "b.csv: tokens are 'Word', tags 'Tag'"
    ]


def test_a_table_of_sentences(shell):
    rows = [f'{number},"{[t for t, _ in each]}","{[t for _, t in each]}"' for number, each in enumerate(sentences())]
    assert trained(shell, "a.csv", a__csv="\n".join(["Sentence #,Sentence,Tag", *rows])) == [
        "a.csv: tokens are 'Sentence', tags 'Tag', sentences 'Sentence #'"
    ]


def test_a_table_with_tabs(shell):
    rows = "\n\n".join("\n".join("\t".join(pair) for pair in each) for each in sentences())
    assert trained(shell, "a.tsv", a__tsv=f"Token\tNER\n{rows}\n") == ["a.tsv: tokens are 'Token', tags 'NER'"]
    assert refused(shell, "train", "a.txt", a__txt="Token\tNER\nto Oslo\tO\nx\n").endswith(
        "hint: it looks like csv: add --from csv\n"
    )


def test_a_table_whose_columns_nobody_knows(shell):
    rows = "".join(f"{token};{tag}\n" for each in sentences() for token, tag in each)
    assert refused(shell, "train", "a.csv", a__csv=f"Ord;Klass\n{rows}") == (
        "Error: a.csv:1: which column holds the tokens and tags? Ord, Klass\n"
        "hint: name it: --token-column 'Ord' --tag-column 'Klass'\n"
    )


def test_a_table_of_texts_and_their_classes(shell):
    assert refused(shell, "train", "a.csv", a__csv="text,label\nwake me at seven,alarm\n").endswith(
        "hint: a row is a token and its tag, or a sentence and a tag for each of its words\n"
    )
    done = shell("tag", "-m", MODEL, "a.csv", "--to", "plain-tags")
    assert (done.out, done.err) == ("O O O B-time\tset_alarm\n", "a.csv: tokens are 'text'\n")


# Columns


def test_columns_without_blank_lines(shell):
    sentence = [("to", "O"), ("Oslo", "B-city"), (".", "O")]
    rows = [f"{number}\t{token}\t{tag}" for number in range(400) for token, tag in sentence]
    name = {"a__conll": "\n".join(rows)}
    assert refused(shell, "train", "a.conll", "--token-column", "2", **name) == (
        "Error: a.conll:1: all 1,200 tokens are one sentence, which cannot be parted into training and dev\n"
        "hint: column 1 numbers sentences: add --sentence-column 1\n"
    )
    assert trained(shell, "a.conll", "--token-column", "2", "--sentence-column", "1") == []
    rows = [row.partition("\t")[2] for row in rows]
    assert refused(shell, "train", "b.conll", b__conll="\n".join(rows)).endswith(
        'hint: put a blank line behind each full stop: awk \'{print} $1 == "." {print ""}\' b.conll > parted.conll\n'
    )


def test_running_text_without_blank_lines(shell):
    rows = [f"{word}\t{tag}" for _ in range(80) for word, tag in (("yes", "COMMA"), ("we", "O"), ("do", "PERIOD"))]
    assert trained(shell, "a.conll", a__conll="\n".join(rows)) == []


def test_columns_as_conll_2003_has_them(shell):
    rows = "\n\n".join("\n".join(f"{token} NNP B-NP {tag}" for token, tag in each) for each in sentences())
    assert trained(shell, "a.txt", a__txt=f"-DOCSTART- -X- -X- O\n\n{rows}\n") == []


def test_words_with_their_tags_behind_a_slash(shell):
    assert refused(shell, "train", "a.txt", a__txt="The/DT dog/NN barks/VBZ ./.\nIt/PRP is/VBZ\n").endswith(
        "hint: it looks like words with their tags behind / or _: part them: "
        r"""perl -pe 's{[/_]([^/_\s]+)\s+}{\t$1\n}g; $_ .= "\n"' a.txt > a.conll"""
        "\n"
    )


# JSON


def hub(names=None):
    record = {True: lambda tags: tags, False: lambda tags: [("O", "B-city", "I-city").index(tag) for tag in tags]}
    return [
        {"id": str(at), "tokens": [t for t, _ in each], "ner_tags": record[bool(names)]([t for _, t in each])}
        for at, each in enumerate(sentences())
    ]


def lines(records):
    return "".join(f"{json.dumps(record)}\n" for record in records)


def test_records_of_hugging_face(shell):
    assert refused(shell, "train", "a.jsonl", a__jsonl=lines(hub())) == (
        'Error: a.jsonl:1: "ner_tags" holds numbers\n'
        "hint: say what they are called, from 0 on: --tag-names O,B-city,I-city, or a file with a name a line\n"
    )
    assert trained(shell, "a.jsonl", "--tag-names", "O,B-city,I-city") == []
    assert trained(shell, "b.json", "--tag-names", "O,B-city,I-city", b__json=json.dumps(hub())) == []
    names = {"features": {"ner_tags": {"feature": {"names": ["O", "B-city", "I-city"], "_type": "ClassLabel"}}}}
    assert trained(shell, "a.jsonl", dataset_info__json=json.dumps(names)) == [
        'a.jsonl: "ner_tags" are called as dataset_info.json says: O, B-city, I-city'
    ]
    assert trained(shell, "c.jsonl", c__jsonl=lines(hub(names=True))) == []


def test_parquet_of_hugging_face(shell, tmp_path):
    pyarrow = pytest.importorskip("pyarrow", exc_type=ImportError)
    from pyarrow import parquet

    features = {"ner_tags": {"feature": {"names": ["O", "B-city", "I-city"], "_type": "ClassLabel"}}}
    table = pyarrow.Table.from_pylist(hub())
    table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    parquet.write_table(table, tmp_path / "train-00000-of-00001.parquet")
    assert trained(shell, "train-00000-of-00001.parquet") == []


SPANS = {"to Oslo": [[3, 7, "city"]], "New York": [[0, 8, "city"]], "hi": []}
TEXTS = [(text, SPANS[text]) for _ in range(COUNT // 3) for text in SPANS]


def test_annotated_texts_of_many_tools(shell):
    spacy = [[text, {"entities": spans}] for text, spans in TEXTS]
    assert trained(shell, "spacy.json", spacy__json=json.dumps(spacy, indent=1)) == []
    assert trained(shell, "spacy.jsonl", spacy__jsonl=lines(spacy)) == []
    online = {"classes": ["CITY"], "annotations": [*spacy, None]}
    assert trained(shell, "annotations.json", annotations__json=json.dumps(online)) == []
    doccano = [{"id": at, "text": text, "label": spans} for at, (text, spans) in enumerate(TEXTS)]
    assert trained(shell, "all.jsonl", all__jsonl=lines(doccano)) == []
    objects = [
        {
            "text": text,
            "intent": "go",
            "entities": [{"start": a, "end": b, "value": "x", "entity": c} for a, b, c in spans],
        }
        for text, spans in TEXTS
    ]
    rasa = {"rasa_nlu_data": {"common_examples": objects}}
    assert trained(shell, "nlu.json", nlu__json=json.dumps(rasa, indent=2)) == []


def test_records_of_prodigy(shell):
    records = [
        {
            "text": text,
            "spans": [{"start": a, "end": b, "token_start": 0, "token_end": 0, "label": c} for a, b, c in spans],
        }
        for text, spans in TEXTS
    ]
    records = [
        record | {"answer": "accept", "tokens": [{"text": "x", "start": 0, "end": 1, "id": 0}]} for record in records
    ]
    records.append(records[0] | {"answer": "reject"})
    assert trained(shell, "a.jsonl", a__jsonl=lines(records)) == [
        'a.jsonl: 1 record left out, whose "answer" is not "accept"'
    ]


def test_an_export_of_label_studio(shell):
    tasks = []
    for number, (text, spans) in enumerate(TEXTS):
        result = [{"type": "labels", "value": {"start": a, "end": b, "labels": [c]}} for a, b, c in spans]
        tasks.append({"id": number, "annotations": [{"id": 1, "result": result}], "data": {"text": text}})
    assert trained(shell, "project-1-at-2024.json", **{"project-1-at-2024__json": json.dumps(tasks)}) == []


def test_json_of_another_layout_names_its_keys(shell):
    squad = {"version": "1", "data": [{"title": "x", "paragraphs": []}]}
    assert refused(shell, "train", "a.json", a__json=json.dumps(squad)) == (
        'Error: a.json:1: neither "text" nor "tokens"\nhint: its keys are "title", "paragraphs"\n'
    )


# Rasa

NLU = """\
version: "3.1"
nlu:
- intent: go
  examples: |
    - to [Oslo](city)
    - to [New York](city)
- intent: greet
  examples: |
    - hi
    - hello there
- synonym: NY
  examples: |
    - New York
"""


def test_rasa(shell):
    told = "only examples of intents are read, not: synonym"
    assert trained(shell, "nlu.yml", nlu__yml=NLU) == [f"nlu.yml: {told}"]
    old = "## intent:go\n- to [Oslo](city)\n- to [New York](city)\n\n## intent:greet\n- hi\n\n## synonym:NY\n- x\n"
    assert trained(shell, "nlu.md", nlu__md=old) == [f"nlu.md: {told}"]
    assert refused(
        shell, "train", "domain.yml", domain__yml="intents:\n- greet\nslots:\n  city:\n    type: text\n"
    ) == ("Error: domain.yml: no examples of intents\nhint: what is there: intents, slots\n")
