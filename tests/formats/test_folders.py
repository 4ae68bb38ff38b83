"""Formats that are a folder of files: seq and brat, there and back, and faults to the letter."""

import os
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import BIO, facts, folder_fault, make_folder, mutants, read_folder, survives

from rnntag import formats
from rnntag.data.bio import SCHEMES
from rnntag.data.bio_check import check
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.formats.charspans import CharSpan, annotated, char_spans
from rnntag.formats.output import Output


def write_folder(path, format, sentences, scheme="bio"):
    """Write sentences one by one; the folder as its files' names and texts."""
    with Output(format, SCHEMES[scheme], str(path)) as out:
        for sentence in sentences:
            out.write([sentence])
    return {file.name: file.read_bytes().decode() for file in path.iterdir()}


def write_fault(path, format, sentences):
    with pytest.raises(CorpusError) as caught:
        write_folder(path, format, sentences)
    assert not path.exists()
    return str(caught.value)


def marks(sentences):
    return [char_spans(sentence, BIO)[1] for sentence in sentences]


# seq

SLOTS = {
    "seq.in": "flights to new york\n\nhi\n去 北 京\n",
    "seq.out": "O O B-city I-city\n\nO\nO B-city I-city\n",
    "label": "flight\n\ngreet you\n\n",
}


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


# brat

TEXTS = {
    "a.txt": "Don't fly to  Oslo.\n\n 北京 😀 Bergen \nfin",
    "a.ann": "T1\tcity 14 18\tOslo\nT2\tcity 22 24\t北京\nT3\tcity 27 33\tBergen\n",
    "b.txt": "to Rome\n",
    "b.ann": "",
}


def test_brat_reads_lines_and_spans_by_characters(tmp_path):
    path = make_folder(tmp_path / "brat", TEXTS | {"annotation.conf": "[entities]\n"})
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
    assert write_folder(tmp_path / "out", "brat", sentences) == TEXTS | {"a.txt": TEXTS["a.txt"] + "\n"}


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
    sentence = annotated("a b", [CharSpan(0, 1, "two words")], True, "x", 3)
    assert write_fault(tmp_path / "out", "brat", [sentence]) == (
        "x:3: label 'two words' cannot stand in an annotation\n"
        "hint: a label is one word: join its parts by a hyphen or _"
    )
    broken = annotated("a\r\nb\rc", [CharSpan(0, 4, "x")], True, "x", 3, intent="lost")
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
    return annotated(text, [mark for mark in spans if text[mark.start : mark.end].strip()], True, source, 1)


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


# Both


@pytest.mark.parametrize(("format", "files"), [("seq", SLOTS), ("brat", TEXTS)])
def test_slips_end_in_sentences_or_in_faults(tmp_path, format, files):
    chance, found = random.Random(1), set()
    slips = {name: list(mutants(text, 300)) if text else [b"", b"T1\tx 0 2\tto"] for name, text in files.items()}
    for count in range(1200):
        path = make_folder(tmp_path / str(count % 10), files)
        for name in chance.sample(list(files), chance.randint(1, 2)):
            (path / name).write_bytes(chance.choice(slips[name]))
        found.add(survives(read_folder, path, format, tagged=bool(count % 2)))
    assert found == {True, False}


@pytest.mark.parametrize(("format", "files"), [("seq", SLOTS), ("brat", TEXTS)])
def test_a_folder_is_known_by_what_it_holds(tmp_path, format, files):
    path = make_folder(tmp_path / "x.conll", files)
    assert formats.guess(path, "plain") == format
    assert list(map(facts, formats.read_corpus(path))) == [
        facts(sentence) for sentence in read_folder(path, format, tagged=True) if sentence.tokens
    ]
    assert formats.guess(make_folder(tmp_path / "empty", {}), "plain") == "plain"


def test_a_folder_is_no_stream_and_a_file_no_folder(tmp_path):
    path = make_folder(tmp_path / "x", {"a": ""})
    for format in ("seq", "brat"):
        with pytest.raises(CorpusError) as caught:
            list(formats.read_path("-", format))
        assert str(caught.value) == f"<stdin>: '{format}' is not read from a stream\nhint: name a file or folder of it"
        assert folder_fault(path / "a", format) == f"{path / 'a'}: is not a folder"
        assert folder_fault(path / "b", format) == f"{path / 'b'}: no such file"
