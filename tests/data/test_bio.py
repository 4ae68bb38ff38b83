"""Tags to spans and back, against seqeval; which tag may follow which, against every path there is."""

import random
import time
import warnings
from itertools import pairwise, product

import conlleval
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schemes import SPAN_SCHEMES, TAG_SETS, every_scheme, sentence, well_formed
from seqeval.metrics.sequence_labeling import get_entities

from rnntag.data.bio import SCHEMES, detect, detect_from, transitions
from rnntag.data.bio_check import check
from rnntag.data.sentence import Span

every_span_scheme = pytest.mark.parametrize("scheme", SPAN_SCHEMES, ids=lambda scheme: scheme.name)


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


@every_span_scheme
def test_spans_against_the_script(scheme):
    """Of O, B and I; what it makes of E, and that it knows no S, is another matter."""
    rng = random.Random(8)
    tags = ["O", *(f"{prefix}-{kind}" for prefix in "BI" for kind in ("a", "b", "b-c"))]
    for _ in range(2000):
        tagging = rng.choices(tags, k=rng.randint(1, 12))
        assert scheme.spans(tagging) == conlleval.chunks(tagging), tagging


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


# Detection


def test_transitions_have_the_borders_of_the_sentence():
    assert list(transitions(["O", "B-a"])) == [(None, "O"), ("O", "B-a"), ("B-a", None)]
    assert list(transitions([])) == [(None, None)]
    assert detect_from({(None, "S-a"): 1, ("S-a", None): 1}) is SCHEMES["bioes"]


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
        ("bio", ["B-a I-a O", "O B-b"] * 200 + ["S-b", "E-a O", "U-a", "M-a"]),  # slips make no other scheme of it
        ("bioes", ["B-a E-a O", "O S-b"] * 200 + ["B-a O", "M-a E-a", "I-a"]),
        ("bmes", ["B-a M-a E-a", "O S-b"] * 200 + ["B-a I-a E-a"]),
        ("bilou", ["B-a L-a O", "O U-b"] * 200 + ["S-b"]),
        ("iob1", ["I-a I-a O", "O I-b"] * 200 + ["B-b", "O B-a"]),  # 2 of 402
        ("bio", ["I-a I-a O", "O I-b"] * 100 + ["B-b"] * 3),  # a mixture: who has B- for spans means them
        ("bio", ["I-a I-a O", "O I-b", "O B-b"]),
        ("bioes", ["E-a"]),
        ("bioes", ["S-a"]),
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
