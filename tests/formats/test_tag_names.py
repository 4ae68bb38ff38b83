"""What numbers of tags are called: as given, or as files beside the data say."""

import json

import pytest

from rnntag.errors import CorpusError
from rnntag.formats.tag_names import beside, described, parsed

NAMES = ("O", "B-city", "I-city")
FEATURE = {"feature": {"names": list(NAMES), "_type": "ClassLabel"}, "_type": "Sequence"}
OLD_FEATURE = {"feature": {"num_classes": 3, "names": list(NAMES), "id": None, "_type": "ClassLabel"}, "length": -1}


def test_names_are_given_or_stand_in_a_file(tmp_path):
    (tmp_path / "names.txt").write_text("O\nB-city\n I-city \n\n")
    assert parsed("O,B-city, I-city") == NAMES
    assert parsed(str(tmp_path / "names.txt")) == NAMES
    assert parsed(str(tmp_path / "names.txt")) == NAMES


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("names.txt", "names.txt: no such file"),
        ("O,,B-x", "--tag-names: the name of tag 1 is empty"),
        ("O,B x", "--tag-names: the name of tag 1 holds white space: 'B x'"),
        ("broken.txt", "broken.txt:2: the name of tag 1 is empty"),
        ("empty.txt", "empty.txt: no names of tags\nhint: a name a line, or O,B-city,I-city"),
    ],
)
def test_faults_of_names(given, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.txt").write_text("O\n\nB-x\n")
    (tmp_path / "empty.txt").write_text("\n")
    with pytest.raises(CorpusError) as caught:
        parsed(given)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "content",
    [
        {"features": {"tokens": {}, "ner_tags": FEATURE}},
        {"default": {"features": {"ner_tags": OLD_FEATURE}}},
        {"info": {"features": {"ner_tags": FEATURE}}},  # in the schema of Parquet
        {"ner_tags": {"feature": {"class_label": {"names": {"0": "O", "1": "B-city", "2": "I-city"}}}}},
        {"model_type": "bert", "id2label": {"0": "O", "1": "B-city", "2": "I-city"}},
        {"label2id": {"B-city": 1, "O": 0, "I-city": 2}},
        {"0": "O", "1": "B-city", "2": "I-city"},
        {"O": 0, "B-city": 1, "I-city": 2},
    ],
)
def test_what_a_description_says(content):
    assert described(content, "ner_tags") == NAMES


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        {"features": {"pos_tags": FEATURE}},
        {"features": {"ner_tags": {"feature": {"dtype": "int64"}}}},
        {"id2label": {"1": "O", "2": "B-x"}},
        {"id2label": {"0": "O", "1": "B x"}},
        {"id2label": []},
        {"label2id": {"O": 0, "B-x": 5}},
        {"O": True},
        {"a": "b"},
    ],
)
def test_what_a_description_does_not_say(content):
    assert described(content, "ner_tags") is None


def test_the_surest_file_beside_the_data_counts(tmp_path):
    data = tmp_path / "train.jsonl"
    data.touch()
    assert beside(str(data), "ner_tags") is None
    assert beside("<stdin>", "ner_tags") is None
    (tmp_path / "labels.txt").write_text("O\nB-list\n")
    assert beside(str(data), "ner_tags") == (("O", "B-list"), str(tmp_path / "labels.txt"))
    (tmp_path / "dataset_info.json").write_text("no JSON")
    assert beside(str(data), "ner_tags") == (("O", "B-list"), str(tmp_path / "labels.txt"))
    (tmp_path / "dataset_info.json").write_text(json.dumps({"features": {"ner_tags": FEATURE}}))
    assert beside(str(data), "ner_tags") == (NAMES, str(tmp_path / "dataset_info.json"))
    assert beside(str(data), "other") == (("O", "B-list"), str(tmp_path / "labels.txt"))
