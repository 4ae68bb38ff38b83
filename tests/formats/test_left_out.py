"""A record that cannot be read is left out and told of, and reading goes on behind it, in every format."""

import json

import pytest
from readers import make_folder, mutants, read, read_folder

from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.formats.json.objects import LOST

COLUMNS = "one\tO\n\ntwo\t\n2\tO\n\nthree\tO\n\n"
NUMBERS = "one 1\n\ntwo 2 2\n\nthree 3\n\n"


def left(data, format, step=1 << 18, **reading):
    """The tokens of what can be read, and what is told of the rest."""
    told = []
    found = read(data, format, step, skip=told.append, **reading)
    return [" ".join(sentence.tokens) for sentence in found], [f"{each.where}: {each.fact}" for each in told]


def line(text="x", **others):
    return json.dumps({"text": text, **others})


def conllu(*words, upos="X"):
    rows = [f"{number}\t{word}\t_\t{upos}" + "\t_" * 6 for number, word in enumerate(words, 1)]
    return "\n".join((*rows, "", ""))


CASES = {
    "plain": ("one\nt\xffo\nthree\n", {}, "case:2: byte 0xff is not UTF-8"),
    "inline": ("one\nt[wo\nthree\n", {}, "case:2: the [ at character 2 belongs to no mark"),
    "conll": (COLUMNS, {"tagged": True}, "case:3: the tag is empty"),
    "conll of numbers": (NUMBERS, {"tagged": True}, "case:3: 3 columns, but 2 in most lines"),
    "conll of bytes": ("one\tO\n\n2\tO\ntw\xff\tO\n\nthree\tO\n", {"tagged": True}, "case:4: byte 0xff is not UTF-8"),
    "conllu": (conllu("one") + conllu("two", upos="_") + conllu("three"), {"tagged": True}, None),
    "jsonl": (f"{line('one')}\n{{oops\n\n{line('three')}\n", {}, None),
    "jsonl of objects": (f"{line('one')}\n[]\n{line('three')}\n", {}, None),
    "jsonl of texts": (
        f"{line('one')}\n{line(2)}\n{line('three')}\n",
        {},
        'case:2: "text" is a number, but a string is needed',
    ),
    "doccano": (f"{line('one')}\n{{}}\n{line('three')}\n", {}, 'case:2: no "text"'),
    "csv of bytes": (
        "word,s\none,1\n2,2\ntw\xff,2\n2,2\nthree,3\n",
        {"sentence": "s"},
        "case:4: byte 0xff is not UTF-8",
    ),
    "rasa of bytes": (
        "nlu:\n- intent: x\n  examples: |\n    - one\n    - tw\xff\n    - three\n",
        {},
        "case:5: byte 0xff is not UTF-8",
    ),
    "label-studio": ('[{"data": {"text": "one"}}, {"data": 2},\n{"data": {"text": "three"}}]', {}, None),
    "label-studio of bytes": (
        '[{"data": {"text": "one"}},\n{"data":\n{"text": "\xff"}}, {"data": {"text": "three"}}]',
        {},
        "case:3: byte 0xff is not UTF-8",
    ),
    "label-studio of words": (
        '[{"data": {"text": "one"}},\n{"data": oops}, {"data": {"text": "three"}}]',
        {},
        "case:2: not JSON at column 10: expecting value",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_stands_around_it_is_read(name):
    text, reading, fact = CASES[name]
    data, format = text.encode("latin1"), name.partition(" ")[0]
    for step in (1 << 18, 1, 7):
        found, told = left(data, format, step, **reading)
        assert found == ["one", "three"]
        assert len(told) == 1
        assert fact in (None, told[0])
    with pytest.raises(CorpusError):
        read(data, format, **reading)


def test_the_columns_of_what_is_left_out_tell_nothing_of_the_others():
    for text, line in (("a b c d\na\n\none O\n\nthree O\n", 1), ("# x\na b c\n\none O\n\nthree O\n", 2)):
        found, told = left(text, "conll", tagged=True)
        assert found == ["one", "three"]
        assert len(told) == 1
        assert told[0].startswith(f"case:{line}: ")
        assert told[0].endswith(" columns, but 2 in most lines")


def test_a_tag_that_cannot_be_is_left_out_each_time():
    text = "one\tO\n\ntwo\ta b\n\ntwo\ta b\n\nthree\tO\n"
    facts = [f"case:{line}: the tag 'a b' holds white space" for line in (3, 5)]
    assert left(text, "conll", tagged=True) == (["one", "three"], facts)
    twice = conllu("one") + 2 * conllu("two", upos="a b") + conllu("three")
    found, told = left(twice, "conllu", tagged=True)
    assert (found, len(told)) == (["one", "three"], 2)


@pytest.mark.parametrize(
    ("format", "reading", "fact"),
    [
        ("conll", {"tag": "9"}, "column 9 is asked for, of 2"),
        ("conll", {"tag": "ner"}, "no column is called 'ner'"),
        ("conllu", {"tagged": True, "token": "WORD"}, "no column is called 'WORD'"),
        ("plain", {"tagged": True}, "plain text has no tags"),
    ],
)
def test_where_nothing_can_be_read_that_is_an_error(format, reading, fact):
    text = conllu("one") if format == "conllu" else "one\tO\n\n"
    with pytest.raises(CorpusError, match=fact):
        left(text, format, **reading)


def test_a_packed_file_is_no_text_with_faults():
    with pytest.raises(CorpusError, match="is not UTF-8"):
        left(b"\x1f\x8b\x08\x00\n\n\n", "plain")


def test_a_text_ends_where_a_line_is_missing():
    told = []
    found = read(b"well one.\nt\xffo\nthree then.\n", "text", skip=told.append, tagged=True)
    assert [sentence.tokens for sentence in found] == [["well", "one"], ["three", "then"]]
    assert [sentence.line for sentence in found] == [1, 3]
    assert [each.where for each in told] == ["case:2"]


NO_OBJECT, WRONG = ["expecting an object"], "an array stands where an object is needed"
BROKEN = '{"data": {"text": "a" "b"}}'


def tasks(*texts):
    return [json.dumps({"data": {"text": text}}) for text in texts]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (f"[{tasks('one')[0]} {tasks('three')[0]}]", ["expecting a comma or the end of the array"]),
        (f"[{tasks('one')[0]},, {tasks('three')[0]}]", ["expecting an object"]),
        (f"[{tasks('one')[0]}, {tasks('three')[0]},]", ["expecting an object"]),
        (f'[null, {tasks("one")[0]}, [1, {{}}], "a", {tasks("three")[0]}]', [*NO_OBJECT, WRONG, *NO_OBJECT]),
        (f"{tasks('one')[0]} 12 {tasks('three')[0]}", ["expecting an array or an object"]),
        (f"[\n{tasks('one')[0]},\n{BROKEN[:-2]},\n{tasks('three')[0]}\n]", ["expecting ',' delimiter"]),
        (
            f'[\n{tasks("one")[0]},\n{{"data": {{"text": "a}}}},\n{tasks("three")[0]}\n]',
            ["invalid control character at"],
        ),
    ],
)
def test_an_array_goes_on_where_that_is_certain(text, facts):
    for step in (1 << 18, 1, 5):
        found, told = left(text, "label-studio", step)
        assert found == ["one", "three"]
        assert [each.rpartition(": ")[2] for each in told] == facts


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ('[%s, {"data": {"text": "a}}, %s]', f"expecting ',' delimiter; {LOST}"),
        ('[%s, {"data": {"text": "a%.0s', "the input ends within an object, and what is left of it is lost"),
        ('[%s, {"data": {"text": oops}, %s]', f"expecting value; {LOST}"),
        ("[%s, oops, %s]", f"expecting an object; {LOST}"),
    ],
)
def test_the_rest_is_lost_where_it_is_not(text, fact):
    for step in (1 << 18, 1, 5):
        found, told = left(text % (*tasks("one"), *tasks("three")), "label-studio", step)
        assert (found, len(told)) == (["one"], 1)
        assert told[0].endswith(fact)


def test_of_a_brat_folder_whole_texts_are_left_out(tmp_path):
    files = {"a.txt": "one\n", "a.ann": "T1\tx 0 3\tone\n", "b.txt": "two\nor\n", "b.ann": "T1\tx 2 5\to\n"}
    files |= {"c.txt": "three\n", "d.ann": ""}
    folder = make_folder(tmp_path / "brat", files)
    told = []
    found = read_folder(folder, "brat", tagged=True, skip=told.append)
    assert [sentence.tokens for sentence in found] == [["one"]]
    assert [each.fact for each in told] == [
        "there is no c.ann",
        "there is no d.txt",
        "from 2 to 5 the text has 'o\\no'",
    ]
    assert [sentence.tokens for sentence in read_folder(folder, "brat", skip=told.append)] == [["one"], ["three"]]


def test_of_files_in_step_sentences_are_left_out(tmp_path):
    files = {"seq.in": "one\ntwo\n\nthree\nfour\n", "seq.out": "O\nO O\n\nO\nO\nO\n"}
    folder = make_folder(tmp_path / "seq", files)
    (folder / "label").write_bytes(b"a\nb\n\nc\n\xff\n")
    told = []
    found = read_folder(folder, "seq", tagged=True, skip=told.append)
    assert [sentence.tokens for sentence in found] == [["one"], [], ["three"]]
    assert [each.where.replace(f"{folder}/", "") for each in told] == ["seq.out:2", "label:5", "seq.out:6"]
    (folder / "seq.out").unlink()
    with pytest.raises(CorpusError, match="no such file"):
        read_folder(folder, "seq", tagged=True, skip=told.append)


SAMPLES = {
    "conll": "# intent = x\nto\tO\nOslo\tB-city\n\nin\tO\nRome\tB-city\n\n",
    "conllu": conllu("to", "Oslo") + conllu("in", "Rome"),
    "jsonl": f'{line("to Oslo", spans=[])}\n{{"tokens": ["in", "Rome"], "tags": ["O", "B-city"]}}\n',
    "label-studio": f"[\n{tasks('to Oslo')[0]},\n{tasks('in Rome')[0]}\n]",
    "inline": "to [Oslo](city)\nin [Rome](city)\tgo\n",
    "plain": "to Oslo\nin Rome\n",
}


@pytest.mark.parametrize("format", SAMPLES)
def test_whatever_a_file_holds_nothing_of_it_ends_the_reading(format):
    """What can be read without leaving anything out, and what came before the first fault, is read with it, too."""
    for data in mutants(SAMPLES[format] * 2, 150):
        told = []
        try:
            found = read(data, format, skip=told.append)
        except CorpusError:
            assert data[:2] in (b"\xff\xfe", b"\xfe\xff")
            continue
        if not told:
            assert list(map(Sentence.where, found)) == list(map(Sentence.where, read(data, format)))
            continue
        with pytest.raises(CorpusError) as caught:
            read(data, format)
        if format == "label-studio" and "UTF-8" in caught.value.fact:
            continue  # of what is no JSON its brackets are looked at first
        facts = [error.fact.partition(";")[0].rpartition(": ")[2] for error in (told[0], caught.value)]
        if format != "conll":  # there most lines tell how many columns there are, and not the first
            assert told[0].where == caught.value.where
            assert facts[0] == facts[1]


@pytest.mark.parametrize("format", ["conllu", "jsonl", "label-studio"])
def test_it_does_not_matter_in_what_pieces_faults_arrive(format):
    for data in mutants(SAMPLES[format] * 2, 60):
        found, told = left(data, format)
        for step in (1, 3):
            assert left(data, format, step)[0] == found
            assert [each.partition(" at column")[0] for each in left(data, format, step)[1]] == [
                each.partition(" at column")[0] for each in told
            ]
