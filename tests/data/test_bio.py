"""Tags to spans and back, against seqeval; which tag may follow which, against every path there is."""

import random
import time
import warnings
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import get_entities

from rnntag.data.bio import SCHEMES, detect
from rnntag.data.bio_check import check
from rnntag.data.sentence import Sentence, Span
from rnntag.errors import CorpusError

SPAN_SCHEMES = [scheme for scheme in SCHEMES.values() if scheme.prefixes]
TAG_SETS = {
    "bio": ["O", "B-a", "I-a", "B-b-c", "I-b-c"],
    "bioes": ["O", "B-a", "I-a", "E-a", "S-a", "B-b-c", "E-b-c"],
    "bmes": ["O", "B-a", "M-a", "E-a", "S-a", "B-b-c", "E-b-c"],
    "bilou": ["O", "B-a", "I-a", "L-a", "U-a", "B-b-c", "L-b-c"],
    "iob1": ["O", "B-a", "I-a", "B-b-c", "I-b-c"],
    "tokens": ["O", "NOUN", "B-a", "COMMA"],
    "parts": ["O", "COMMA", "CAP", "COMMA+CAP"],
}
every_scheme = pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
every_span_scheme = pytest.mark.parametrize("scheme", SPAN_SCHEMES, ids=lambda scheme: scheme.name)


def sentence(*tags, tokens=None, line=1):
    tokens = tokens or [f"w{index}" for index in range(len(tags))]
    return Sentence(tokens, list(tags), rows=list(tokens), source="crates.conll", line=line)


def well_formed(scheme, tags):
    return all(scheme.allowed(previous, following) for previous, following in pairwise((None, *tags, None)))


# Spans


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("", []),
        ("O O", []),
        ("B-a I-a O B-a", [(0, 2, "a"), (3, 4, "a")]),
        ("B-a B-a I-b", [(0, 1, "a"), (1, 2, "a"), (2, 3, "b")]),
        ("O I-a I-a", [(1, 3, "a")]),  # an orphan opens a span
        ("I-a I-b", [(0, 1, "a"), (1, 2, "b")]),
        ("B-a I-a E-a S-a", [(0, 3, "a"), (3, 4, "a")]),
        ("E-a E-a I-a", [(0, 1, "a"), (1, 2, "a"), (2, 3, "a")]),
        ("S-a I-a E-a", [(0, 1, "a"), (1, 3, "a")]),
        ("B-a O E-a", [(0, 1, "a"), (2, 3, "a")]),
        ("B-a-b I-a-b I-a", [(0, 2, "a-b"), (2, 3, "a")]),
        ("B I O I", [(0, 2, ""), (3, 4, "")]),
        ("NOUN X-a B-a", [(2, 3, "a")]),
    ],
)
@every_span_scheme
def test_spans_as_conlleval_reads_them(scheme, tags, spans):
    assert scheme.spans(tags.split()) == [Span(*span) for span in spans]


def test_in_tokens_every_tag_but_o_is_a_span():
    assert SCHEMES["tokens"].spans(["O", "COMMA", "B-a"]) == [(1, 2, "COMMA"), (2, 3, "B-a")]


@pytest.mark.parametrize("prefixes", ["BI", "BIES"])
def test_spans_against_seqeval(prefixes):
    rng = random.Random(7)
    tags = ["O", *(f"{prefix}-{kind}" for prefix in prefixes for kind in ("a", "b", "b-c"))]
    for _ in range(3000):
        tagging = rng.choices(tags, k=rng.randint(1, 12))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            entities = get_entities(tagging)
        spans = [(kind, start, end - 1) for start, end, kind in SCHEMES["bioes"].spans(tagging)]
        assert spans == entities, tagging


@st.composite
def span_lists(draw):
    """Spans in order, some right after one another, and the length of their sentence."""
    spans, start = [], 0
    for gap, size, label in draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3), st.sampled_from(["a", "b", "a-b"])))
    ):
        start += gap
        spans.append(Span(start, start + size, label))
        start += size
    return spans, start + draw(st.integers(0, 2))


@every_span_scheme
@settings(max_examples=60)
@given(span_lists())
def test_spans_to_tags_and_back(scheme, spans_and_length):
    spans, length = spans_and_length
    tags = scheme.tags(spans, length)
    assert len(tags) == length
    assert scheme.spans(tags) == spans
    assert all(map(scheme.knows, tags))
    assert well_formed(scheme, tags)


@every_scheme
def test_tags_to_spans_and_back(scheme):
    for length in range(5):
        for tags in product(TAG_SETS[scheme.name], repeat=length):
            if well_formed(scheme, tags):
                assert scheme.tags(scheme.spans(tags), length) == list(tags)


# Transitions


def paths(tags, length, transitions, begin, end):
    """Every path that the transitions of `legal` let through."""
    return {
        path
        for path in product(range(len(tags)), repeat=length)
        if begin[path[0]] and end[path[-1]] and all(transitions[row][column] for row, column in pairwise(path))
    }


TAG_SUBSETS = [
    (scheme, tags)
    for scheme in SCHEMES.values()
    for tags in (
        TAG_SETS[scheme.name],
        ["O", "B-a", "I-a"],  # dead in BIOES: no E-a
        ["O", "B-a", "E-a", "B-b", "S-c"],
        ["O", "I-a", "E-b", "S-a", "I-b"],
        ["O", "COMMA", "B-a", "E-a"],
        ["B-a"],
        [],
    )
]


@pytest.mark.parametrize(("scheme", "tags"), TAG_SUBSETS, ids=lambda value: getattr(value, "name", None))
def test_legal_lets_through_just_the_paths_that_are_allowed(scheme, tags):
    transitions, begin, end = scheme.legal(tags)
    for length in range(1, 5):
        expected = {
            path
            for path in product(range(len(tags)), repeat=length)
            if well_formed(scheme, [tags[index] for index in path])
        }
        assert paths(tags, length, transitions, begin, end) == expected


@pytest.mark.parametrize(("scheme", "tags"), TAG_SUBSETS, ids=lambda value: getattr(value, "name", None))
def test_legal_never_leads_into_a_dead_end(scheme, tags):
    transitions, begin, end = scheme.legal(tags)
    entered = {column for column in range(len(tags)) if begin[column] or any(row[column] for row in transitions)}
    for tag in entered:
        reached = {tag}
        for _ in tags:
            reached |= {column for row in reached for column in range(len(tags)) if transitions[row][column]}
        assert any(end[index] for index in reached), tags[tag]


def test_legal_is_fast_for_500_tags():
    tags = ["O", *(f"{prefix}-{kind}" for kind in range(125) for prefix in "BIES")]
    began = time.perf_counter()
    SCHEMES["bioes"].legal(tags)
    assert time.perf_counter() - began < 0.5


@every_scheme
@settings(max_examples=60)
@given(data=st.data())
def test_check_agrees_with_allowed(scheme, data):
    tags = data.draw(st.lists(st.sampled_from([*TAG_SETS[scheme.name], "X-a", "VERB"]), max_size=8))
    if well_formed(scheme, tags):
        check(scheme, sentence(*tags))
    else:
        with pytest.raises(CorpusError):
            check(scheme, sentence(*tags))


# Detection


@pytest.mark.parametrize(
    ("name", "taggings"),
    [
        ("bio", []),
        ("bio", ["O O", "O"]),
        ("bio", ["O B-a I-a", "B-b"]),
        ("bio", ["B-a B-a"]),
        ("bioes", ["O S-a"]),
        ("bioes", ["B-a I-a", "O B-a E-a"]),
        ("iob1", ["O I-a I-a B-a", "I-b"]),
        ("iob1", ["I-a I-b"]),
        ("iob1", ["I-a"]),
        ("bio", ["O B-a", "O I-a"]),  # a slip: I-a is an orphan, but B-a opens a span as in BIO
        ("tokens", ["O COMMA"]),
        ("tokens", ["DET NOUN"]),
        ("tokens", ["B-a NOUN"]),
        ("tokens", ["B I O"]),
        ("tokens", ["B- O"]),
        ("tokens", ["X-a O"]),
    ],
)
def test_detect(name, taggings):
    assert detect(tags.split() for tags in taggings) is SCHEMES[name]


@every_span_scheme
@settings(max_examples=40)
@given(st.lists(span_lists(), min_size=1, max_size=4))
def test_what_a_scheme_wrote_passes_the_check_of_the_scheme_detected(scheme, drawn):
    taggings = [scheme.tags(spans, length) for spans, length in drawn]
    for tags in taggings:
        check(detect(taggings), sentence(*tags))


# Faults


def fault(name, faulty):
    with pytest.raises(CorpusError) as caught:
        check(SCHEMES[name], faulty)
    return str(caught.value)


def test_an_orphan_in_bio():
    faulty = sentence("O", "I-PORT", "O", tokens=["to", "Oslo", "now"], line=1840)
    assert fault("bio", faulty) == (
        "crates.conll:1841: tag 'I-PORT' cannot follow 'O'\n"
        "    1840  to      O\n"
        "    1841  Oslo    I-PORT\n"
        "hint: a span opens with 'B-PORT'; if the file is IOB1, add --scheme iob1"
    )


def test_an_orphan_at_the_start_of_a_sentence():
    assert fault("bio", sentence("I-PORT", "O", line=5)) == (
        "crates.conll:5: tag 'I-PORT' cannot open a sentence\n"
        "    5  w0    I-PORT\n"
        "    6  w1    O\n"
        "hint: a span opens with 'B-PORT'; if the file is IOB1, add --scheme iob1"
    )


def test_a_sentence_without_rows_stands_in_one_line():
    faulty = Sentence(["to", "Oslo"], ["O", "I-x"], source="a.txt", line=3)
    assert fault("bio", faulty) == (
        "a.txt:3: tag 'I-x' cannot follow 'O'\n"
        "    3  to      O\n"
        "    3  Oslo    I-x\n"
        "hint: a span opens with 'B-x'; if the file is IOB1, add --scheme iob1"
    )


@pytest.mark.parametrize(
    ("name", "tags", "place", "fact", "hint"),
    [
        (
            "bio",
            "B-a I-b",
            2,
            "tag 'I-b' cannot follow 'B-a'",
            "a span opens with 'B-b'; if the file is IOB1, add --scheme iob1",
        ),
        (
            "bio",
            "O COMMA",
            2,
            "tag 'COMMA' is not a tag of BIO",
            "its tags are 'O', 'B-TYPE', 'I-TYPE'; if tags stand for single tokens, add --scheme tokens",
        ),
        (
            "iob1",
            "O B-x",
            2,
            "tag 'B-x' cannot follow 'O'",
            "in IOB1 a span opens with 'I-x'; if the file is BIO, add --scheme bio",
        ),
        (
            "bioes",
            "O E-x",
            2,
            "tag 'E-x' cannot follow 'O'",
            "a span opens with 'B-x'; one of a single token is 'S-x'",
        ),
        (
            "bioes",
            "O B-x O",
            3,
            "tag 'O' cannot follow 'B-x'",
            "'B-x' goes on with 'I-x' or 'E-x'; a span of a single token is 'S-x'",
        ),
        (
            "bioes",
            "B-x I-y",
            2,
            "tag 'I-y' cannot follow 'B-x'",
            "'B-x' goes on with 'I-x' or 'E-x'; a span of a single token is 'S-x'",
        ),
        (
            "bioes",
            "O B-x",
            2,
            "tag 'B-x' cannot close a sentence",
            "a span ends with 'E-x'; one of a single token is 'S-x'",
        ),
        (
            "bioes",
            "I-x",
            1,
            "tag 'I-x' cannot open a sentence",
            "a span opens with 'B-x'; one of a single token is 'S-x'",
        ),
    ],
)
def test_faults_and_hints(name, tags, place, fact, hint):
    with pytest.raises(CorpusError) as caught:
        check(SCHEMES[name], sentence(*tags.split()))
    error = caught.value
    assert (error.where, error.fact, error.hint) == (f"crates.conll:{place}", fact, hint)
    assert [number for number, _ in error.quote] == [number for number in (place - 1, place) if number]


@pytest.mark.parametrize(
    ("name", "known", "foreign"),
    [
        ("bio", "O B-a I-a", "B I M M-a L-a U-a S-a b-a 0"),
        ("bmes", "O B-a M-a E-a S-a", "I-a L-a U-a M S"),
        ("bilou", "O B-a I-a L-a U-a", "M-a E-a S-a L U"),
        ("tokens", "O NOUN M-a B", ""),
    ],
)
def test_a_scheme_knows_its_own_letters_and_no_bare_ones(name, known, foreign):
    assert all(SCHEMES[name].knows(tag) for tag in known.split())
    assert not any(SCHEMES[name].knows(tag) for tag in foreign.split())


def test_parts_of_a_tag_count_one_by_one():
    parts = SCHEMES["parts"]
    tags = ["CAP", "O", "COMMA+CAP", "PERIOD"]
    spans = [(0, 1, "CAP"), (2, 3, "COMMA"), (2, 3, "CAP"), (3, 4, "PERIOD")]
    assert parts.spans(tags) == spans
    assert parts.tags(parts.spans(tags), 4) == tags
    assert detect([tags]) is parts
    assert detect([["NOUN+AUX", "VERB"]]) is SCHEMES["tokens"]
