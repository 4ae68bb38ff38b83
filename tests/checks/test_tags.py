"""Tags that break their scheme, files in several schemes, labels that may be slips."""

from itertools import pairwise

import pytest
from checking import (
    IDENTITY,
    TAGS,
    findings,
    folder,  # noqa: F401  a fixture
    rows,
    sound,
    tagged,
    told,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from rnntag.data.bio import SCHEMES
from rnntag.data.bio_check import check
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError


def orphans_of(text, scheme):
    return [found for found in findings(text, scheme=scheme) if found.kind == "orphan"]


@settings(deadline=None, max_examples=200)
@given(st.data(), st.sampled_from(["bio", "bioes", "bmes", "bilou", "iob1"]))
def test_every_tag_that_cannot_stand_where_it_does_is_told_as_training_tells_the_first(data, name):
    alphabet = st.sampled_from([*TAGS[name], "B-x", "I-x", "E-x", "odd"])
    tags = data.draw(st.lists(alphabet, min_size=1, max_size=8))
    found = orphans_of(tagged([["O"], tags]), name)
    scheme = SCHEMES[name]
    assert len(found) == sum(not scheme.allowed(*pair) for pair in pairwise((None, *tags, None)))
    sentence = Sentence(["w"] * len(tags), tags, ["w"] * len(tags), (), "train.conll", 3)
    if found:
        with pytest.raises(CorpusError) as raised:
            check(scheme, sentence)
        fault = raised.value
        assert (found[0].where, found[0].fact, found[0].hint) == (fault.where, fault.fact, fault.hint)
    else:
        check(scheme, sentence)


def test_an_orphan_to_the_letter():
    assert told(sound(2) + rows("to/O", "york/I-city")) == [
        "train.conll:12: orphan: tag 'I-city' cannot follow 'O'; a span opens with 'B-city'; "
        "if the file is IOB1, add --scheme iob1"
    ]


def test_what_follows_a_tag_that_is_none_is_no_orphan():
    text = sound(2) + "a\tB-city\nb\nc\tI-city\nd\tO\ne\tI-city\n"
    assert [(found.where, found.kind) for found in findings(text) if found.kind not in IDENTITY] == [
        ("train.conll:12", "columns"),
        ("train.conll:15", "orphan"),
    ]


def test_a_few_sentences_of_another_scheme():
    bio = [["B-x", "I-x", "O"]] * 40
    place = "train.conll:161: scheme: 40 sentences keep to BIO, and 2 to BIOES alone; "
    hint = "a corpus is written in one scheme throughout"
    few = told(tagged([*bio, ["B-x", "E-x"], ["S-x"]]))
    assert few[0] == place + hint
    assert few[1].startswith("train.conll:162: orphan: tag 'E-x' is not a tag of BIO; ")
    assert [line.split(": ")[0] for line in few[1:]] == ["train.conll:162", "train.conll:164"]
    many = told(tagged([*bio[:20], *[["B-x", "E-x", "S-x"]] * 30]))
    assert many[0] == f"train.conll:1: scheme: 30 sentences keep to BIOES, and 20 to BIO alone; {hint}"
    assert len(many) == 1 + 20
    iob1 = told(tagged([*bio, *[["I-x", "I-x", "O"]] * 5]))
    assert iob1[0] == f"train.conll:161: scheme: 40 sentences keep to BIO, and 5 to IOB1 alone; {hint}"
    assert [line for line in told(tagged([*bio * 2, *[["I-x", "O"]] * 5])) if ": scheme: " in line] == []
    noise = [["I-x", "O", "B-x"]] * 60 + [["I-x", "O"]] * 5  # most break both
    assert [line for line in told(tagged([*bio * 3, *noise])) if ": scheme: " in line] == []
    assert told(tagged([*bio, ["B-x", "E-x"]]), scheme="bioes")[0].startswith("train.conll:3: orphan: ")


def test_files_in_several_schemes():
    bio, bioes = tagged([["B-x", "I-x", "O"]] * 6), tagged([["O"], ["B-x", "E-x", "O"]])
    assert told(bio, bioes) == [
        "dev.conll:4: scheme: the file is written in BIOES, train.conll in BIO; write all in one scheme"
    ]
    assert told(bioes, bio) == [
        "train.conll:4: scheme: the file is written in BIOES, dev.conll in BIO; write all in one scheme"
    ]
    assert told(bioes, tagged([["O", "O"]])) == []
    speech = tagged([["NOUN", "VERB"]] * 2)
    assert told(speech, tagged([["O", "B-x"]])) == [
        "dev.conll:2: scheme: the file is written in BIO, train.conll in TOKENS; write all in one scheme"
    ]
    assert told(bio, speech)[0].startswith("dev.conll:1: scheme: the file is written in TOKENS, train.conll in BIO; ")
    assert told(speech, tagged([["O", "O"]])) == []


def test_labels_of_a_single_span():
    lines = tagged([["B-a", "B-b", "I-b"], ["B-a"], ["O", "B-c"]])
    assert told(lines, ignored=IDENTITY - {"once"}) == [
        "train.conll:2: once: label 'b' occurs once",
        "train.conll:8: once: label 'c' occurs once",
    ]
    assert told(lines, tagged([["B-c"]]), ignored=IDENTITY - {"once"}) == ["train.conll:2: once: label 'b' occurs once"]
    assert told(tagged([["NOUN", "X"], ["NOUN"]]), ignored=IDENTITY - {"once"}) == [
        "train.conll:2: once: label 'X' occurs once"
    ]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"city": 3, "City": 2}, "label 'City' is 'city' but for capitals (2 against 3 spans)"),
        ({"City": 2, "city": 3}, "label 'City' is 'city' but for capitals (2 against 3 spans)"),
        ({"a-b": 3, "a_b": 2}, "label 'a_b' is 'a-b' but for hyphen and underscore (2 against 3 spans)"),
        ({"object": 100, "objct": 2}, "label 'objct' is 'object' but for one letter (2 against 100 spans)"),
        ({"object": 100, "obbject": 2}, "label 'obbject' is 'object' but for one letter (2 against 100 spans)"),
        ({"object": 100, "objact": 2}, "label 'objact' is 'object' but for one letter (2 against 100 spans)"),
        ({"object": 100, "obejct": 2}, "label 'obejct' is 'object' but for one letter (2 against 100 spans)"),
        ({"object": 99, "objct": 2}, None),
        ({"object": 300, "objct": 3}, None),  # too many for a slip
        ({"object": 100, "subject": 2}, None),
        ({"line1": 100, "line2": 2}, None),
        ({"NNP": 300, "NNPS": 2}, None),
    ],
)
def test_labels_almost_like_another(labels, expected):
    text = tagged([f"B-{label}" for _ in range(count)] for label, count in labels.items())
    found = [line.partition(": spelling: ")[2] for line in told(text, ignored=IDENTITY - {"spelling"})]
    assert found == ([f"{expected}; one label has one spelling"] if expected else [])
