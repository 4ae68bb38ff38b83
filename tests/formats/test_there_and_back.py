"""What each format keeps, in one table, and every way from one format to another and back.

All of them keep spans: what they cover, but for white space, and their labels.

    tokens    one by one, rather than what covers the same text
    text      white space and all
    marks     spans to the character, also with white space at their ends
    intent    what an utterance is about
    comments  the lines before a sentence
    columns   what stood beside a token, save in formats that have columns of their own
"""

import tempfile
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from readers import BIO, make_folder, read, read_folder

from rnntag import formats
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.formats.charspans import CharSpan, annotated, char_spans, text_of
from rnntag.formats.output import Output

KEPT = {
    "plain": {"tokens", "text"},
    "text": set(),  # of marks alone: test_running_text.py
    "sentences": set(),
    "conll": {"tokens", "intent", "comments", "columns"},
    "csv": {"tokens", "columns"},
    "conllu": {"tokens", "text", "intent", "comments"},
    "jsonl": {"tokens", "text", "marks", "intent", "comments", "columns"},  # tokens or text, as what came in is of
    "parquet": {"tokens", "text", "marks", "intent"},
    "inline": {"text", "marks", "intent"},
    "rasa": {"text", "marks", "intent"},
    "seq": {"tokens", "intent"},
    "doccano": {"text", "marks", "intent"},
    "label-studio": {"text", "marks", "intent"},
    "brat": {"text", "marks"},
    "plain-tags": {"intent"},
    "crfpp": {"tokens", "columns"},
}
BOTH_WAYS = [name for name, row in formats.FORMATS.items() if name in formats.READABLE and (row.writes or row.pieces)]
PAIRS = list(permutations(BOTH_WAYS, 2))

COLUMNS = """\
# by = me
# intent = flight#airfare
flights\tNNS\tO
from\tIN\tO
New\tNNP\tB-city
York\tNNP\tI-city
,\t,\tO
“Ångström”\tNNP\tB-name
\\[sic]\tXX\tO

# a
# b
我\tPN\tO
要\tMD\tO
去\tVV\tO
北\tNR\tB-city
京\tNR\tI-city
😀\tIJ\tB-mood

"""
UD = """\
# sent_id = 1
# text = Don't go  to New York!
# intent = advice
1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tDo\tdo\tAUX\tVB\t_\t3\taux\t_\t_
2\tn't\tnot\tPART\tRB\t_\t3\tadvmod\t_\t_
3\tgo\tgo\tVERB\tVB\t_\t0\troot\t_\t_
4\tto\tto\tADP\tIN\t_\t5\tcase\t_\t_
5\tNew\tNew\tPROPN\tNNP\t_\t3\tobl\t_\tTag=B-city
6\tYork\tYork\tPROPN\tNNP\t_\t5\tflat\t_\tTag=I-city|SpaceAfter=No
7\t!\t!\tPUNCT\t.\t_\t3\tpunct\t_\t_

# text = 我要去北京😀
1\t我\t我\tPRON\tPN\t_\t2\tnsubj\t_\tSpaceAfter=No
2\t要去\t要去\tVERB\tVV\t_\t0\troot\t_\tSpaceAfter=No
3\t北京\t北京\tPROPN\tNR\t_\t2\tobj\t_\tSpaceAfter=No|Tag=B-city
4\t😀\t😀\tSYM\tIJ\t_\t2\tdep\t_\tTag=B-mood

"""
MARKED = r"""flights  from [New York](city), “[Ångström](name)” \[sic\] C:\\a_b(c)	flight#airfare
我要去[北京](city)[😀](mood)! [ 王府井 ](street)
  [a](x)[b](y)é  	go
"""
JSONL = """\
{"text": "flights  from New York\\u201d", "spans": [{"start": 14, "end": 22, "label": "city"}], "intent": "go"}
{"text": "我要去北京😀!", "spans": [{"start": 3, "end": 5, "label": "city"}, {"start": 5, "end": 6, "label": "mood"}]}
"""
DOCCANO = """\
{"id": 7, "text": "flights  from New York", "cats": ["flight", "fare"], "entities": [[14, 22, "city"]]}
{"id": 8, "text": "我要去北京😀!", "label": [[3, 5, "city"], [5, 6, "mood"]]}
"""
LABEL_STUDIO = """\
[{"id": 7, "data": {"text": "to  New York"}, "annotations": [{"result": [
  {"id": "0", "from_name": "label", "to_name": "text", "type": "labels",
   "value": {"start": 4, "end": 12, "text": "New York", "labels": ["city"]}},
  {"id": "1", "from_name": "intent", "to_name": "text", "type": "choices", "value": {"choices": ["flight"]}}]}]},
 {"id": 8, "data": {"text": "去北京😀"}, "annotations": [{"result": [
  {"id": "0", "from_name": "label", "to_name": "text", "type": "labels",
   "value": {"start": 1, "end": 3, "text": "北京", "labels": ["city"]}}]}]}
]
"""
SLOTS = {
    "seq.in": "flights from New York , [sic]\n我 要 去 北 京 😀\n",
    "seq.out": "O O B-city I-city O O\nO O O B-city I-city B-mood\n",
    "label": "flight#airfare\ngo\n",
}
STAND_OFF = {
    "a.txt": "flights  from New York, “Ångström”\n我要去北京😀!\n",
    "a.ann": "T1\tcity 14 22\tNew York\nT2\tname 25 33\tÅngström\nT3\tcity 38 40\t北京\nT4\tmood 40 41\t😀\n",
}
SAMPLES = {
    "conll": COLUMNS,
    "conllu": UD,
    "jsonl": JSONL,
    "inline": MARKED,
    "seq": SLOTS,
    "doccano": DOCCANO,
    "label-studio": LABEL_STUDIO,
    "brat": STAND_OFF,
}


def reading(name):
    return {"tagged": name != "plain", "tag": "Tag" if name == "conllu" else None}


def sample(name, path):
    """The sentences of a format's sample."""
    given = SAMPLES[name]
    if isinstance(given, dict):
        return read_folder(make_folder(path / "sample", given), name, **reading(name))
    return read(given, name, **reading(name))


def through(name, sentences, path):
    """Sentences written in a format and read again, as they are in a file or a folder."""
    there = path / f"{name}{len(list(path.iterdir()))}"
    with Output(name, BIO, str(there)) as out:
        out.write(sentences)
    return read_folder(there, name, **reading(name))


def spans(sentence):
    """The text of a sentence and its marks, but for white space."""
    text, marks = char_spans(sentence, BIO)
    return "".join(text.split()), [(mark.label, "".join(text[mark.start : mark.end].split())) for mark in marks]


def facts(sentence):
    """What a sentence holds, by the names of the table."""
    rows = sentence.rows if sentence.rows != sentence.tokens else None
    comments = tuple(line for line in sentence.comments if not line.startswith(("# text = ", "# intent = ")))
    return {
        "tokens": (sentence.tokens, sentence.tags),
        "text": text_of(sentence)[0],
        "marks": char_spans(sentence, BIO)[1],
        "intent": sentence.intent,
        "comments": comments,
        "columns": rows,
    }


def check_way(given, *stations):
    """Send sentences through one format after the other; assert that each leaves all that it and those before keep."""
    kept = [set.union(*KEPT.values())] * len(given)
    with tempfile.TemporaryDirectory() as folder:
        found = given
        for name in stations:
            found = through(name, found, Path(folder))
            kept = [before & kept_of(name, sentence) for before, sentence in zip(kept, found, strict=True)]
            assert list(map(spans, found)) == list(map(spans, given))
            for old, new, names in zip(given, found, kept, strict=True):
                before, after = facts(old), facts(new)
                assert {each: after[each] for each in names} == {each: before[each] for each in names}
    return found


def kept_of(name, sentence):
    """What a format keeps; in JSON Lines a sentence is one of tokens or one of text."""
    return KEPT[name] - ({"text", "marks"} if sentence.text is None else {"tokens"}) if name == "jsonl" else KEPT[name]


def test_the_table_is_of_all_formats():
    assert set(formats.FORMATS) <= set(KEPT)
    assert set(BOTH_WAYS) == set(SAMPLES) & set(formats.FORMATS)
    assert list(formats.FORMATS) == [name for name in KEPT if name in formats.FORMATS]


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_a_format_keeps_what_it_has(name, tmp_path):
    given = sample(name, tmp_path)
    assert list(map(facts, check_way(given, name))) == list(map(facts, given))


@pytest.mark.parametrize(("name", "other"), PAIRS)
def test_there_and_back(name, other, tmp_path):
    check_way(sample(name, tmp_path), other, name)


WORD = st.text(st.sampled_from("abÉ#[](){}\\|\"'.,;=_-/0北京ก😀"), min_size=1, max_size=4)
LABEL = st.text(st.sampled_from("abÉ-_[](){}\\\"'.北"), min_size=1, max_size=3)
INTENT = st.none() | st.text(st.sampled_from('abÉ[]\\"北'), min_size=1, max_size=3)
SPACE = st.sampled_from([" ", "  ", "", " ", "\u3000"])


@st.composite
def texts(draw):
    """A text, the borders of whose spans lie where words begin and end."""
    text, borders = draw(SPACE), []
    for word in draw(st.lists(WORD, min_size=1, max_size=5)):
        borders += [len(text), len(text) + len(word)]
        text += word + draw(SPACE)
    chosen = sorted(draw(st.sets(st.sampled_from(sorted(set(borders))), max_size=6)))
    marks = [CharSpan(*pair, draw(LABEL)) for pair in zip(chosen[::2], chosen[1::2], strict=False)]
    marks = [mark for mark in marks if text[mark.start : mark.end].strip()]
    return annotated(text, marks, Cut(draw(st.booleans())), "x", 1, intent=draw(INTENT))


@st.composite
def rows(draw, columns):
    """Tokens and tags, with so many other columns, and comments."""
    tokens = draw(st.lists(WORD, min_size=1, max_size=5))
    tags = draw(
        st.lists(
            st.just("O") | st.builds("{}-{}".format, st.sampled_from("BI"), LABEL),
            min_size=len(tokens),
            max_size=len(tokens),
        )
    )
    cells = ["\t".join([token, *draw(st.tuples(*[WORD] * columns))]) for token in tokens]
    comments = tuple(draw(st.lists(st.sampled_from(["# a", "# b = 北"]), max_size=2)))
    return Sentence(tokens, tags, cells, comments, "x", 1, draw(INTENT))


CORPORA = st.one_of([st.lists(kind, min_size=1, max_size=3) for kind in (texts(), rows(0), rows(1), rows(2))])


@pytest.mark.parametrize(("name", "other"), PAIRS)
@given(sentences=CORPORA)
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_sentences_there_and_back(name, other, sentences):
    check_way(check_way(sentences, name), other, name)


@pytest.mark.parametrize("other", BOTH_WAYS)
def test_plain_text_goes_everywhere(other, tmp_path):
    given = read("flights  to\tOslo\n 我要去北京😀 \n", "plain")
    check_way([sentence.with_tags(["O"] * len(sentence)) for sentence in given], other)
    with Output(other, BIO, str(tmp_path / "bare")) as out:
        out.write(given)
    back = [sentence for burst in formats.read_path(tmp_path / "bare", other) for sentence in burst]
    assert [spans(sentence)[0] for sentence in back] == [spans(sentence)[0] for sentence in given]


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_tags_alone_and_crfpp_hold_every_tag(name, tmp_path):
    given = sample(name, tmp_path)
    tags = [line.partition("\t")[0].split() for line in formats.write(given, "plain-tags", BIO).splitlines()]
    assert tags == [sentence.tags for sentence in given]
    blocks = formats.write(given, "crfpp", BIO).split("\n\n")[:-1]
    lines = [[line.split("\t") for line in block.split("\n")] for block in blocks]
    assert [[cells[-1] for cells in block] for block in lines] == tags
    assert [[cells[0] for cells in block] for block in lines] == [sentence.tokens for sentence in given]


@pytest.mark.parametrize("other", [name for name in BOTH_WAYS if "tokens" in KEPT[name]])
@pytest.mark.parametrize("scheme", list(SCHEMES))
def test_formats_of_tokens_take_tags_of_any_scheme(other, scheme, tmp_path):
    tags = {"tokens": ["DET", "O", "X-y"]}.get(scheme) or SCHEMES[scheme].tags(BIO.spans(["B-x", "I-x", "B-x"]), 3)
    with Output(other, SCHEMES[scheme], str(tmp_path / "out")) as out:
        out.write([Sentence(["a", "b", "c"], tags)])
    tag = {"tokens": "UPOS", "parts": "UPOS"}.get(scheme, "Tag") if other == "conllu" else None
    (back,) = read_folder(tmp_path / "out", other, tagged=True, tag=tag)
    assert (back.tokens, back.tags) == (["a", "b", "c"], tags)
