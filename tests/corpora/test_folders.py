"""Train, dev and test are found in a folder by the names that corpora have."""

import pytest

from rnntag.corpora.folders import Parts, is_folder_of_parts, parts_of
from rnntag.errors import CorpusError


def made(folder, names):
    """A folder with these files; a name with a slash is one in a folder of its own."""
    folder.mkdir(exist_ok=True)
    for name in names.split():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("names", "train", "dev", "test"),
    [
        ("train.conll dev.conll test.conll", "train.conll", "dev.conll", "test.conll"),
        ("train.txt valid.txt test.txt README.md train.py", "train.txt", "valid.txt", "test.txt"),
        ("train.tsv development.tsv", "train.tsv", "development.tsv", None),
        ("train.jsonl validation.jsonl", "train.jsonl", "validation.jsonl", None),
        ("train.conll.gz dev.conll.gz", "train.conll.gz", "dev.conll.gz", None),
        ("eng.train eng.testa eng.testb", "eng.train", "eng.testa", "eng.testb"),
        (
            "en_ewt-ud-train.conllu en_ewt-ud-train.txt en_ewt-ud-dev.conllu en_ewt-ud-dev.txt en_ewt-ud-test.conllu",
            *("en_ewt-ud-train.conllu", "en_ewt-ud-dev.conllu", "en_ewt-ud-test.conllu"),
        ),
        ("wnut17train.conll emerging.dev.conll", "wnut17train.conll", "emerging.dev.conll", None),
        ("atis_train.bio TRAIN.LOG", "atis_train.bio", None, None),
        ("train.conll train.fixed.conll train.conll.bak", "train.conll", None, None),
        ("train.conll train.jsonl dev.jsonl dev.conll", "train.conll", "dev.conll", None),
        ("train.jsonl dev.jsonl dev.conll", "train.jsonl", "dev.jsonl", None),
        ("train.conll dev.txt", "train.conll", "dev.txt", None),
        ("train/seq.in valid/seq.in test/seq.in vocab/words.txt", "train", "valid", "test"),
        ("train/a.ann train/a.txt dev/a.ann", "train", "dev", None),
        ("Train.conll DEV.conll", "Train.conll", "DEV.conll", None),
        (".train.conll train.conll", "train.conll", None, None),
    ],
)
def test_parts_are_found_by_their_names(tmp_path, names, train, dev, test):
    folder = made(tmp_path, names)
    expected = [part and str(folder / part) for part in (train, dev, test)]
    assert parts_of(folder) == Parts(*expected)


def test_what_is_used_for_what_is_told():
    assert [*Parts("a/train.conll", None, None).told("m.rnntag")] == ["training on a/train.conll"]
    assert [*Parts("a/train.conll", "a/dev.conll", "a/my test.conll").told("m.rnntag")] == [
        "training on a/train.conll; a/dev.conll decides when to stop",
        "the test set is left for: rnntag eval -m m.rnntag 'a/my test.conll'",
    ]


@pytest.mark.parametrize(
    ("names", "there"),
    [
        ("", "the folder is empty"),
        ("a.conll notes.md", "there is a.conll, notes.md"),
        (
            " ".join(f"{number:02}.conll" for number in range(11)),
            "there is 00.conll, 01.conll, 02.conll, 03.conll, 04.conll, 05.conll, 06.conll, 07.conll and 3 more",
        ),
    ],
)
def test_nothing_found_is_told_with_what_is_there(tmp_path, names, there):
    with pytest.raises(CorpusError) as caught:
        parts_of(made(tmp_path, names))
    hint = "train.conll, train.txt, train.tsv, train.jsonl, en-ud-train.conllu or the like, and dev or valid beside it"
    assert str(caught.value) == f"{tmp_path}: no training set: {there}\nhint: looked for: {hint}"


def test_several_that_could_be_a_part_are_told(tmp_path):
    with pytest.raises(CorpusError) as caught:
        parts_of(made(tmp_path / "a", "de-train.conllu en-train.conllu en-dev.conllu"))
    fact = f"{tmp_path}/a: 2 files could be train: de-train.conllu, en-train.conllu"
    assert str(caught.value) == f"{fact}\nhint: name the one that is: rnntag train {tmp_path}/a/de-train.conllu"
    with pytest.raises(CorpusError) as caught:
        parts_of(made(tmp_path / "b", "train.conll dev.conll valid.conll"))
    fact = f"{tmp_path}/b: 2 files could be dev: dev.conll, valid.conll"
    assert str(caught.value) == f"{fact}\nhint: name the one that is: rnntag train --dev {tmp_path}/b/dev.conll"


def test_several_tests_are_nobodys_loss(tmp_path):
    assert parts_of(made(tmp_path, "train.conll testa.conll test.conll testb.conll")).test == str(
        tmp_path / "test.conll"
    )


def test_a_folder_that_is_a_corpus_itself_has_no_parts(tmp_path):
    brat, seq, parts = (
        made(tmp_path / name, names) for name, names in (("a", "b.txt b.ann"), ("b", "seq.in"), ("c", ""))
    )
    assert [is_folder_of_parts(path) for path in (brat, seq, parts, tmp_path / "none")] == [False, False, True, False]
    assert not is_folder_of_parts(parts, "brat")  # as was said
    assert is_folder_of_parts(parts, "conll")
    assert is_folder_of_parts(made(tmp_path / "d", "train/seq.in"), "seq")
