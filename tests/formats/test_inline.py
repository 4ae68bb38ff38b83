"""Marks in running text: the reader is the exact inverse of the writer, and slips by hand are told."""

import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from readers import BIO, facts, fault, mutants, read, same_at_every_cut, survives, written

from rnntag import formats
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.errors import CorpusError
from rnntag.formats.charspans import CharSpan, annotated, char_spans


def marks(sentence):
    return char_spans(sentence, BIO)[1]


def test_a_line_is_a_text_its_spans_and_its_intent():
    first, second, third = read("from [new york](from) to\u3000[boston](to)\tbook it\n\nhi\n", "inline")
    assert (first.text, first.intent) == ("from new york to\u3000boston", "book it")
    assert first.tokens == ["from", "new", "york", "to", "boston"]
    assert first.tags == ["O", "B-from", "I-from", "O", "B-to"]
    assert marks(first) == [CharSpan(5, 13, "from"), CharSpan(17, 23, "to")]
    assert (second.tokens, second.tags, second.text, second.intent) == ([], [], "", None)
    assert (third.tokens, third.tags) == (["hi"], ["O"])
    assert [sentence.where(1) for sentence in (first, second, third)] == ["case:1", "case:2", "case:3"]


def test_what_is_not_marked_is_outside_also_where_no_tags_are_asked_for():
    for tagged in (True, False):
        assert [sentence.tags for sentence in read("a b\n[a](x)b\n", "inline", tagged=tagged)] == [
            ["O", "O"],
            ["B-x", "O"],
        ]


def test_words_are_cut_at_spaces_or_by_characters_and_at_marks():
    line = "don't[北京](city)去3.5![a](x)[b](y)\n"
    assert read(line, "inline")[0].tokens == ["don't", "北京", "去3.5!", "a", "b"]
    assert read(line, "inline", characters=False)[0].tokens == ["don't", "北京", "去3.5!", "a", "b"]
    (cut,) = read(line, "inline", characters=True)
    assert cut.tokens == ["don't", "北", "京", "去", "3.5", "!", "a", "b"]
    assert cut.tags == ["O", "B-city", "I-city", "O", "O", "O", "B-x", "B-y"]
    assert written(cut, "inline") == line


@pytest.mark.parametrize(
    ("line", "text", "found"),
    [
        (r"\[sic\] C:\\", "[sic] C:\\", []),
        (r"[\[a\]\\](\(b\)\\)", "[a]\\", [CharSpan(0, 4, "(b)\\")]),
        (r"a(b)(c) {d} ) (", "a(b)(c) {d} ) (", []),
        (r"[(](x)", "(", [CharSpan(0, 1, "x")]),
        (r"[a]([x])", "a", [CharSpan(0, 1, "[x]")]),
        (r"[a]()", "a", [CharSpan(0, 1, "")]),
        (r"a\tb\n\r", "a\tb\n\r", []),
        (r"[\n a ](x\ty)", "\n a ", [CharSpan(0, 4, "x\ty")]),
        (r"C:\dir\é \(\)", "C:\\dir\\é ()", []),
        ("a\\", "a\\", []),
        (r"\\[a](x)", "\\a", [CharSpan(1, 2, "x")]),
        ("  a  ", "  a  ", []),
        ("[😀](x)é", "😀é", [CharSpan(0, 1, "x")]),
    ],
)
def test_escapes(line, text, found):
    (sentence,) = read(f"{line}\n", "inline")
    assert (sentence.text, marks(sentence)) == (text, found)
    (again,) = read(written(sentence, "inline"), "inline")
    assert facts(again) == facts(sentence)


@pytest.mark.parametrize(
    ("line", "text", "intent"),
    [
        ("a\tb", "a", "b"),
        ("a\tb\tc", "a\tb", "c"),
        ("a\t", "a", None),
        ("\tb", "", "b"),
        (r"a	x\ty\\z\n", "a", "x\ty\\z\n"),
    ],
)
def test_an_intent_stands_behind_the_last_tab(line, text, intent):
    (sentence,) = read(f"{line}\n", "inline")
    assert (sentence.text, sentence.intent) == (text, intent)
    (again,) = read(written(sentence, "inline"), "inline")
    assert (again.text, again.intent) == (text, intent)


def test_a_text_is_written_as_it_was_and_tokens_are_joined():
    (plain,) = read("  to\tOslo\u3000 now \n", "plain")
    assert written(plain.with_tags(["O", "B-city", "O"]), "inline") == "  to\\t[Oslo](city)\u3000 now \n"
    assert written(Sentence(["to", "new", "york"], ["O", "B-city", "I-city"]), "inline") == "to [new york](city)\n"
    assert (
        written(Sentence(["去", "北", "京", "now"], ["O", "B-city", "I-city", "O"]), "inline") == "去[北京](city) now\n"
    )
    assert written(Sentence(["well", "we"], ["COMMA", "O"]), "inline", "tokens") == "[well](COMMA) we\n"
    assert written(Sentence(["no", "tags"]), "inline") == "no tags\n"
    assert written(Sentence(["a"], ["B-[(x)]"], intent="[(\\)]"), "inline") == "[a]([\\(x\\)])\t[(\\\\)]\n"


HINT = r"hint: a mark is [words](label); a bracket of the text has a backslash before it: \[ or \]"


@pytest.mark.parametrize(
    ("line", "sign", "place"),
    [
        ("see [1]", "[", 5),
        ("[a] (x)", "[", 1),
        ('[a]{"entity": "x"}', "[", 1),
        ("[a](x", "[", 1),
        ("[a(x)", "[", 1),
        ("a](x)", "]", 2),
        ("[a [b](x)](y)", "[", 1),
        ("[a](x(y))", "[", 1),
        (r"[a\](x)", "[", 1),
        (r"[a](x\)", "[", 1),
        ("[](x)", "[", 1),
        ("é[a](x) [", "[", 9),
        (r"\\[", "[", 3),
        ("a\t[b](x) ]\tintent", "]", 10),
    ],
)
def test_a_bracket_that_belongs_to_no_mark_is_told(line, sign, place):
    assert (
        fault(f"ok\n{line}\n", "inline")
        == f"case:2: the {sign} at character {place} belongs to no mark\n    2  {line}\n{HINT}"
    )


def test_a_mark_holds_words():
    assert fault("a[ ](x)\n", "inline") == "case:1: span 1 to 2 (x) holds only white space"


def test_sentences_above_a_fault_come_out_first():
    stream = formats.read(io.BytesIO(b"a\nb\n[\nc\n"), "case", "inline")
    assert [sentence.tokens for sentence in next(stream)] == [["a"], ["b"]]
    with pytest.raises(CorpusError, match="belongs to no mark"):
        next(stream)


def test_long_lines_take_linear_time():
    for line in ("[a" * 50_000, "\\" * 100_000, "a" * 100_000 + "[", "[" + "\\[a" * 50_000, "[a](" + "b\\(" * 50_000):
        assert "belongs to no mark" in fault(line + "[\n", "inline")


TEXTS = st.text(st.sampled_from("ab []()\\\t\n\rtné\u2028\u3000北京😀"), max_size=12)
LABELS = st.text(st.sampled_from("ab[]()\\ \t\n\r-é"), max_size=3)
INTENTS = st.none() | st.text(st.sampled_from("ab []()\\\t\n\r#"), min_size=1, max_size=4)


@st.composite
def sentences(draw):
    """Any text with any spans that are more than white space, cut in either way."""
    text = draw(TEXTS)
    borders = draw(st.lists(st.integers(0, len(text)), max_size=6).map(sorted))
    spans = [CharSpan(*pair, draw(LABELS)) for pair in zip(borders[::2], borders[1::2], strict=False)]
    spans = [mark for mark in spans if text[mark.start : mark.end].strip()]
    return annotated(text, spans, Cut(draw(st.booleans())), "case", 1, intent=draw(INTENTS))


@given(sentences(), st.integers(1, 5))
@example(annotated("\\[", [CharSpan(1, 2, "\\")], Cut(True), "case", 1, intent="\\t"), 1)
def test_whatever_is_written_is_read_back(sentence, step):
    line = written(sentence, "inline")
    assert line.count("\n") == 1
    (back,) = read(line, "inline", step, characters=False)
    assert (back.text, back.intent, marks(back)) == (sentence.text, sentence.intent, marks(sentence))
    assert written(back, "inline") == line


WORDS = st.lists(st.text(st.sampled_from("ab#\\[]()é汉"), min_size=1, max_size=4), min_size=1)


@given(WORDS, st.text(st.sampled_from("ab#\\[](é汉"), min_size=1))
def test_tokens_are_read_back(words, label):
    made = Sentence(words, [f"B-{label}", *["O"] * (len(words) - 1)])
    (back,) = read(written(made, "inline"), "inline")
    assert "".join(back.tokens) == "".join(words)
    assert back.tokens[0] == words[0]
    assert back.tags[:2] == made.tags[:2]


def test_where_a_stream_is_cut_does_not_matter():
    same_at_every_cut("from [new york](from)\tbook\n\n\\[é😀\\]\r\n[北京](city)", "inline")


def through(data, **reading):
    return written(read(data, "inline", **reading), "inline")


def test_slips_end_in_sentences_or_in_faults():
    sample = "from [new york](from) to [boston](to)\tbook\n\n\\[é😀\\] a(b)\n[北京](city)[a](b) \\t\\\\\n"
    for characters in (True, False):
        found = {survives(through, data, characters=characters) for data in mutants(sample, 3000)}
        assert found == {True, False}
