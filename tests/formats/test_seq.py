"""Folders of seq.in, seq.out and label: there and back, and faults to the letter."""

import os
import tempfile
from pathlib import Path

import pytest
from folders import SLOTS, write_fault, write_folder
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import BIO, folder_fault, make_folder, read_folder

from rnntag import formats
from rnntag.data.bio_check import check
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError


def test_seq_reads_three_files_in_step(tmp_path):
    path = make_folder(tmp_path / "seq", SLOTS)
    sentences = read_folder(path, "seq", tagged=True)
    assert [sentence.tokens for sentence in sentences] == [
        ["flights", "to", "new", "york"],
        [],
        ["hi"],
        ["去", "北", "京"],
    ]
    assert sentences[0].tags == ["O", "O", "B-city", "I-city"]
    assert [sentence.intent for sentence in sentences] == ["flight", None, "greet you", None]
    assert [sentence.where(1) for sentence in sentences] == [f"{path}/seq.in:{number}" for number in (1, 2, 3, 4)]
    assert write_folder(tmp_path / "out", "seq", sentences) == SLOTS


def test_seq_needs_no_intents_and_without_tags_no_tags(tmp_path):
    path = make_folder(tmp_path / "seq", {name: SLOTS[name] for name in ("seq.in", "seq.out")})
    assert {sentence.intent for sentence in read_folder(path, "seq", tagged=True)} == {None}
    assert write_folder(tmp_path / "out", "seq", read_folder(path, "seq")) == {
        name: SLOTS[name] for name in os.listdir(path)
    }
    (path / "seq.out").unlink()
    sentences = read_folder(path, "seq")
    assert {sentence.tags for sentence in sentences} == {None}
    assert write_folder(tmp_path / "words", "seq", sentences) == {"seq.in": SLOTS["seq.in"]}
    assert folder_fault(path, "seq", tagged=True) == "seq.out: no such file"


def test_seq_takes_line_ends_and_white_space_as_they_come(tmp_path):
    path = make_folder(
        tmp_path / "seq",
        {"seq.in": "\ufeffto  Oslo \r\n\thi\n\n", "seq.out": "O\tB-city\r\n O", "label": "flight\r\n greet \n\n\n \n"},
    )
    first, second, third = read_folder(path, "seq", tagged=True)
    assert (first.tokens, first.tags, first.intent) == (["to", "Oslo"], ["O", "B-city"], "flight")
    assert (second.tokens, second.tags, second.intent) == (["hi"], ["O"], "greet")
    assert (third.tokens, third.tags) == ([], [])


ENDED = "hint: each line of the one has its line in the other"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"seq.in": None}, "seq.in: no such file"),
        (
            {"seq.out": "O O B-city I-city\n\nO O\nO\n"},
            "seq.out:3: 2 tags, but 1 word\n    3  hi\n    3  O O\n"
            "hint: each word of a line has its tag in the other file",
        ),
        (
            {"seq.out": "O O B-city I-city\n\n"},
            f"seq.out:3: the file has ended, but seq.in has this line\n    3  hi\n{ENDED}",
        ),
        (
            {"seq.out": SLOTS["seq.out"] + "\n\nO\n"},
            f"seq.out:7: one line more than seq.in has\n    7  O\n{ENDED}",
        ),
        ({"label": "a\n\nb\n"}, f"label:4: the file has ended, but seq.in has this line\n    4  去 北 京\n{ENDED}"),
        ({"label": "a\n\nb\nc\nd\n"}, f"label:5: one line more than seq.in has\n    5  d\n{ENDED}"),
        ({"label": ""}, f"label:1: the file has ended, but seq.in has this line\n    1  flights to new york\n{ENDED}"),
    ],
)
def test_faults_of_seq(tmp_path, files, message):
    given = {name: text for name, text in (SLOTS | files).items() if text is not None}
    assert folder_fault(make_folder(tmp_path / "seq", given), "seq", tagged=True) == message


def test_what_is_wrong_with_a_tag_of_seq_is_told_with_its_line(tmp_path):
    path = make_folder(tmp_path / "seq", {"seq.in": "a\nto Oslo\n", "seq.out": "O\nO I-city\n"})
    with pytest.raises(CorpusError) as caught:
        check(BIO, read_folder(path, "seq", tagged=True)[1])
    assert str(caught.value).startswith(
        f"{path}/seq.in:2: tag 'I-city' cannot follow 'O'\n    2  to      O\n    2  Oslo "
    )


def test_sentences_of_a_folder_above_a_fault_come_out_first(tmp_path):
    path = make_folder(tmp_path / "seq", SLOTS | {"seq.out": "O O B-city I-city\n\nO\n"})
    stream = formats.read_path(path, "seq", formats.TAGGED)
    assert [len(sentence) for sentence in next(stream)] == [4, 0, 1]
    with pytest.raises(CorpusError, match="the file has ended"):
        next(stream)


def test_what_seq_cannot_hold(tmp_path):
    spaces = "\nhint: white space parts the words of a line"
    cases = {
        f"x:1: token 'new york' cannot stand in seq.in{spaces}": Sentence(["new york"]),
        f"x:1: token '\\xa0' cannot stand in seq.in{spaces}": Sentence(["\xa0"]),
        "x:1: tag 'B-a b' cannot stand in a column\n"
        "hint: the label holds white space: join its words by a hyphen or _": Sentence(["a"], ["B-a b"]),
        "x:1: intent 'a\\nb' cannot stand in a line\nhint: it holds a TAB or a line end": Sentence(
            ["a"], intent="a\nb"
        ),
    }
    for message, sentence in cases.items():
        sentence.source, sentence.line = "x", 1
        assert write_fault(tmp_path / "out", "seq", [sentence]) == message
    tagged, bare = Sentence(["a"], ["O"], source="x", line=1), Sentence(["a"], source="x", line=2)
    hint = "hint: seq.out has tags for all words, or is missing"
    assert (
        write_fault(tmp_path / "out", "seq", [tagged, bare])
        == f"x:2: this sentence has no tags, but others have\n{hint}"
    )
    assert write_fault(tmp_path / "out", "seq", [bare, tagged]) == f"x:1: only some sentences have tags\n{hint}"


WORD = st.text(st.sampled_from("ab#[](é北😀"), min_size=1, max_size=3)

TAG = st.sampled_from(["O", "B-x", "I-x", "B-y"])


@st.composite
def slots(draw):
    tokens = draw(st.lists(WORD, max_size=4))
    tags = draw(st.lists(TAG, min_size=len(tokens), max_size=len(tokens)))
    return Sentence(tokens, tags, intent=draw(st.sampled_from([None, "a", "b c", "a#b"])))


@given(st.lists(slots(), min_size=1, max_size=5), st.booleans())
@settings(max_examples=50)
def test_seq_brings_back_words_tags_and_intents(sentences, tagged):
    if not tagged:
        sentences = [Sentence(sentence.tokens, intent=sentence.intent) for sentence in sentences]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "seq"
        write_folder(path, "seq", sentences)
        back = read_folder(path, "seq", tagged=tagged)
    kept = [(sentence.tokens, sentence.tags, sentence.intent) for sentence in sentences]
    assert [(sentence.tokens, sentence.tags, sentence.intent) for sentence in back] == kept
