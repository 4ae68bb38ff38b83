"""Folders of texts and stand-off annotations: there and back, and faults to the letter."""

import tempfile
from pathlib import Path

import pytest
from folders import STAND_OFF, write_fault, write_folder
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import BIO, folder_fault, make_folder, read_folder

from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.formats.charspans import CharSpan, annotated, char_spans


def marks(sentences):
    return [char_spans(sentence, BIO)[1] for sentence in sentences]


def test_brat_reads_lines_and_spans_by_characters(tmp_path):
    path = make_folder(tmp_path / "brat", STAND_OFF | {"annotation.conf": "[entities]\n"})
    sentences = read_folder(path, "brat", tagged=True)
    assert [sentence.text for sentence in sentences] == [
        "Don't fly to  Oslo.",
        "",
        " 北京 😀 Bergen ",
        "fin",
        "to Rome",
    ]
    assert sentences[0].tokens == ["Don't", "fly", "to", "Oslo", "."]
    assert sentences[2].tokens == ["北", "京", "😀", "Bergen"]
    assert marks(sentences) == [
        [CharSpan(14, 18, "city")],
        [],
        [CharSpan(1, 3, "city"), CharSpan(6, 12, "city")],
        [],
        [],
    ]
    assert [sentence.where() for sentence in sentences[2:]] == [f"{path}/a.txt:3", f"{path}/a.txt:4", f"{path}/b.txt:1"]
    words = read_folder(path, "brat", tagged=True, characters=False)
    assert words[0].tokens == ["Don't", "fly", "to", "Oslo", "."]
    assert words[2].tokens == ["北京", "😀", "Bergen"]
    assert write_folder(tmp_path / "out", "brat", sentences) == STAND_OFF | {"a.txt": STAND_OFF["a.txt"] + "\n"}


def test_brat_passes_over_what_is_no_span_and_over_order(tmp_path):
    others = "R1\tNear Arg1:T1 Arg2:T2\nE1\tGo:T1 Theme:T2\nA1\tNegated T1\nM1\tX T1\nN1\tReference T1 W:1\tx\n"
    others += "#1\tNote T1\tx;y\n"
    annotations = f"{others}*\tEquiv T1 T2\n\nT9\tx 5 6\tc\nT2\tx 5 6\nT1\ty-z 0 3\ta b\n"
    path = make_folder(tmp_path / "brat", {"a.txt": "a b  c", "a.ann": annotations})
    assert marks(read_folder(path, "brat", tagged=True)) == [[CharSpan(0, 3, "y-z"), CharSpan(5, 6, "x")]]


def test_brat_counts_line_ends_and_a_byte_order_mark_as_they_are(tmp_path):
    path = make_folder(
        tmp_path / "brat", {"a.txt": "\ufeffab\r\ncd\r\n", "a.ann": "T1\tx 1 3\tab\r\nT2\ty 5 7\tcd\r\n"}
    )
    sentences = read_folder(path, "brat", tagged=True)
    assert [sentence.text for sentence in sentences] == ["ab", "cd"]
    assert marks(sentences) == [[CharSpan(0, 2, "x")], [CharSpan(0, 2, "y")]]
    assert write_folder(tmp_path / "out", "brat", sentences) == {
        "a.txt": "ab\ncd\n",
        "a.ann": "T1\tx 0 2\tab\nT2\ty 3 5\tcd\n",
    }


def test_brat_without_annotations_has_no_tags(tmp_path):
    path = make_folder(tmp_path / "brat", {"a.txt": "a b\n", "b.txt": "c\n", "b.ann": "T1\tx 0 1\tc\n"})
    first, second = read_folder(path, "brat")
    assert (first.tags, second.tags) == (None, ["B-x"])
    assert folder_fault(path, "brat", tagged=True) == (
        "a.txt: there is no a.ann\nhint: if nothing is marked, make an empty one"
    )
    (path / "c.ann").write_text("")
    assert folder_fault(path, "brat") == "c.ann: there is no c.txt"


SPAN = "hint: a span is T1<TAB>city 11 15<TAB>Oslo"

PLACES = "hint: places count the characters of the text from 0, line ends among them"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("T1\tx 0 2;3 5\tab c", "the span is in several pieces\n    2  {}\nhint: a span is one stretch of text"),
        ("city 0 2 ab", f"this is no annotation\n    2  {{}}\n{SPAN}"),
        ("T1 x 0 2 ab", f"this is no annotation\n    2  {{}}\n{SPAN}"),
        ("T1\tx 0\tab", f"this is no annotation\n    2  {{}}\n{SPAN}"),
        ("T1\tx 0 -2\tab", f"this is no annotation\n    2  {{}}\n{SPAN}"),
        ("T1\tx y 0 2\tab", f"this is no annotation\n    2  {{}}\n{SPAN}"),
        ("T1\tx 0 1.5\tab", f"this is no annotation\n    2  {{}}\n{SPAN}"),
        (f"T1\tx 0 {'9' * 99}\tab", f"this is no annotation\n    2  {{}}\n{SPAN}"),
        ("T1\tx 3 3\t", f"3 to 3 does not lie in the text, which has 8 characters\n    2  {{}}\n{PLACES}"),
        (
            "T1\tx 3 9\tcd\ne",
            f"3 to 9 does not lie in the text, which has 8 characters\n    2  T1\tx 3 9\tcd\n{PLACES}",
        ),
        ("T1\tx 2 3\t ", f"from 2 to 3 there is only white space\n    2  {{}}\n{PLACES}"),
        ("T1\tx 5 6\t", f"from 5 to 6 there is only white space\n    2  {{}}\n{PLACES}"),
        ("T1\tx 0 2\tac", f"from 0 to 2 the text has 'ab'\n    2  {{}}\n{PLACES}"),
        ("T1\tx 3 7\tcd e", "the span goes beyond line 1 of a.txt\n    2  {}\nhint: a line is a sentence"),
        ("T1\tx 3 6\tcd ", "the span goes beyond line 1 of a.txt\n    2  {}\nhint: a line is a sentence"),
        ("T1\tx 5 7\t e", "the span goes beyond line 1 of a.txt\n    2  {}\nhint: a line is a sentence"),
    ],
)
def test_faults_of_brat(tmp_path, line, message):
    path = make_folder(tmp_path / "brat", {"a.txt": "ab cd\nef", "a.ann": f"#1\tx\n{line}\n"})
    assert folder_fault(path, "brat", tagged=True) == "a.ann:2: " + message.replace("{}", line)


def test_spans_that_overlap(tmp_path):
    path = make_folder(
        tmp_path / "brat", {"a.txt": "ab cd\n", "a.ann": "T1\tx 3 5\tcd\nT2\tx 0 1\ta\nT3\ty 0 5\tab cd\n"}
    )
    assert folder_fault(path, "brat") == (
        "a.ann:3: the spans overlap\n    2  T2\tx 0 1\ta\n    3  T3\ty 0 5\tab cd\n"
        "hint: a token has one tag: spans that lie in one another need a corpus each"
    )


def test_what_is_not_utf_8_is_told_with_its_line(tmp_path):
    path = make_folder(tmp_path / "brat", {"a.ann": ""})
    (path / "a.txt").write_bytes(b"ab\r\ncaf\xe9\n")
    assert folder_fault(path, "brat").startswith("a.txt:2: byte 0xe9 is not UTF-8\n")


def test_brat_names_its_texts_after_the_files_that_sentences_are_from(tmp_path):
    names = ["x/a.conll", "<stdin>", "y/a.conll.gz", "a.b.txt", "", "x/a.conll", "z/a-2"]
    sentences = [Sentence([str(number)], ["B-x"], source=name) for number, name in enumerate(names)]
    files = write_folder(tmp_path / "out", "brat", sentences)
    assert {name: text for name, text in files.items() if name.endswith(".txt")} == {
        "a.txt": "0\n5\n",
        "sentences.txt": "1\n",
        "a-2.txt": "2\n",
        "a.b.txt": "3\n",
        "sentences-2.txt": "4\n",
        "a-2-2.txt": "6\n",
    }
    assert files["a.ann"] == "T1\tx 0 1\t0\nT2\tx 2 3\t5\n"


def test_what_brat_cannot_hold(tmp_path):
    sentence = annotated("a b", [CharSpan(0, 1, "two words")], Cut(True), "x", 3)
    assert write_fault(tmp_path / "out", "brat", [sentence]) == (
        "x:3: label 'two words' cannot stand in an annotation\n"
        "hint: a label is one word: join its parts by a hyphen or _"
    )
    broken = annotated("a\r\nb\rc", [CharSpan(0, 4, "x")], Cut(True), "x", 3, intent="lost")
    assert write_folder(tmp_path / "out", "brat", [broken]) == {"x.txt": "a  b c\n", "x.ann": "T1\tx 0 4\ta  b\n"}


@st.composite
def texts(draw):
    text = draw(st.text(st.sampled_from("ab \t;#T1é\u2028\x0c\u3000北😀"), max_size=10))
    borders = draw(st.lists(st.integers(0, len(text)), max_size=6).map(sorted))
    spans = [
        CharSpan(*pair, draw(st.sampled_from(["x", "y;z", "é-1"])))
        for pair in zip(borders[::2], borders[1::2], strict=False)
    ]
    source = draw(st.sampled_from(["a.conll", "b"]))
    return annotated(text, [mark for mark in spans if text[mark.start : mark.end].strip()], Cut(True), source, 1)


@given(st.lists(texts(), max_size=6))
@settings(max_examples=50)
def test_brat_brings_back_texts_and_spans(sentences):
    sentences.sort(key=lambda sentence: sentence.source)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "brat"
        files = write_folder(path, "brat", sentences)
        back = read_folder(path, "brat", tagged=True)
        again = write_folder(Path(folder) / "again", "brat", back)
    assert [sentence.text for sentence in back] == [sentence.text for sentence in sentences]
    assert marks(back) == marks(sentences)
    assert again == files
