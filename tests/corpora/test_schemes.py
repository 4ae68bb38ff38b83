"""Ill-formed tags are read as conlleval reads them, up to a limit; a corpus goes into the scheme of another."""

import random

import conlleval
import pytest

from rnntag.corpora.schemes import LIMIT, Slips, beside, gathered, scheme_beside, well_formed
from rnntag.data.bio import SCHEMES, detect
from rnntag.data.bio_check import check
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError

BIO, IOB1, BIOES = SCHEMES["bio"], SCHEMES["iob1"], SCHEMES["bioes"]
SOUND = ["B-city I-city O", "O B-time", "B-city O B-city I-city I-city"]


def corpus(taggings, source="a.conll"):
    """Columns with these tags, one sentence after the other."""
    found, line = [], 1
    for tagging in taggings:
        tags = tagging.split()
        words = [f"w{place}" for place in range(len(tags))]
        found.append(Sentence(words, tags, rows=words, source=source, line=line))
        line += len(tags) + 1
    return found


def tags_of(sentences):
    return [" ".join(sentence.tags) for sentence in sentences]


def fault(call, *arguments, **named):
    with pytest.raises(CorpusError) as caught:
        call(*arguments, **named)
    return str(caught.value)


def test_what_is_well_formed_is_let_alone():
    sentences = corpus(SOUND)
    for strict in (False, True):
        assert well_formed(sentences, BIO, strict, 0.0) == (sentences, [])
    assert beside(sentences, BIO) == (sentences, [], [])


def test_a_slip_becomes_what_conlleval_takes_it_for_and_is_told():
    sentences = corpus([*SOUND, "O I-city I-city", "B-time I-city O"])
    found, warnings = well_formed(sentences, BIO)
    assert tags_of(found) == [*SOUND, "O B-city I-city", "B-time B-city O"]
    assert warnings == [
        "a.conll:15: tag 'I-city' cannot follow 'O', the first of 2 ill-formed tags; read as conlleval does "
        "(--strict refuses)"
    ]
    assert found[0] is sentences[0]
    assert sentences[3].tags == ["O", "I-city", "I-city"]  # what was given stays as it was
    one = well_formed(corpus(["I-city"]), BIO)[1]
    assert one == ["a.conll:1: tag 'I-city' cannot open a sentence; read as conlleval does (--strict refuses)"]


@pytest.mark.parametrize(
    ("scheme", "tags", "mended"),
    [
        ("bio", "B-a thing I-a", "B-a O B-a"),  # what is no tag of any scheme is outside, and ends a span
        ("bio", "O I", "O O"),  # a span of no type cannot be learned
        ("bio", "S-a O E-a", "B-a O B-a"),
        ("bioes", "B-a O I-a I-a", "S-a O B-a E-a"),
        ("bioes", "E-a B-b", "S-a S-b"),
        ("bmes", "B-a M-a O", "B-a E-a O"),
        ("bilou", "B-a U-a L-a", "U-a U-a U-a"),
        ("iob1", "B-a I-a B-b", "I-a I-a I-b"),
    ],
)
def test_every_scheme_is_mended(scheme, tags, mended):
    [found], _ = well_formed(corpus([tags]), SCHEMES[scheme])
    assert " ".join(found.tags) == mended
    check(SCHEMES[scheme], found)


@pytest.mark.parametrize("name", ["bio", "iob1"])
def test_mended_tags_write_down_the_spans_of_conlleval(name):
    rng, scheme = random.Random(5), SCHEMES[name]
    tags = ["O", "O", "B-a", "I-a", "B-b", "I-b"]
    drawn = corpus([" ".join(rng.choices(tags, k=rng.randint(1, 9))) for _ in range(500)])
    found, _ = well_formed(drawn, scheme)
    for before, after in zip(drawn, found, strict=True):
        check(scheme, after)
        assert scheme.spans(after.tags) == conlleval.chunks(after.tags) == conlleval.chunks(before.tags)


def test_the_strict_take_nothing():
    sentences = corpus([*SOUND * 200, "O I-city"])
    told = fault(well_formed, sentences, BIO, strict=True)
    assert told.startswith("a.conll:2602: tag 'I-city' cannot follow 'O'\n")
    assert fault(beside, sentences, BIO, strict=True) == told


def test_more_than_slips_are_refused_with_the_command_that_mends_them():
    few, many = corpus([*SOUND * 50, *["O I-city"] * 2]), corpus([*SOUND * 50, *["O I-city"] * 3])
    assert len(well_formed(few, BIO, limit=LIMIT)[1]) == 1  # 2 of 202
    told = fault(well_formed, many, BIO, limit=LIMIT)  # 3 of 203
    assert told == (
        "a.conll:652: tag 'I-city' cannot follow 'O'\n    651  w0    O\n    652  w1    I-city\n"
        "hint: 3 tags are ill-formed, for 203 spans; this writes a mended copy: rnntag check --fix a.conll"
    )
    spaced = fault(well_formed, corpus(["O I-city"], "my data.conll"), BIO, limit=LIMIT)
    share = "hint: 1 tag is ill-formed, for 1 span; this writes a mended copy"
    assert spaced.endswith(f"{share}: rnntag check --fix 'my data.conll'")


def test_what_came_through_a_pipe_is_mended_on_its_way():
    told = fault(well_formed, corpus(["O I-city"], "<stdin>"), BIO, limit=LIMIT)
    assert told.endswith("; this writes a mended copy: rnntag check --fix -o mended.conll")


@pytest.mark.parametrize("source", ["", "a.jsonl"])
def test_what_check_cannot_mend_has_the_hint_of_its_fault(source):
    told = fault(well_formed, corpus(["O I-city"], source), BIO, limit=LIMIT)
    assert told.endswith("hint: a span opens with 'B-city'; if the file is IOB1, add --scheme iob1")


def test_tags_of_no_scheme_are_not_for_a_machine_to_mend():
    told = fault(well_formed, corpus(["B-a", "O thing", "I-a"]), BIO, limit=LIMIT)
    assert told.startswith("a.conll:6: tag 'I-a' cannot open a sentence")
    told = fault(well_formed, corpus(["I-a", "O thing", "B-a stuff"]), BIO, limit=LIMIT)
    assert told.startswith("a.conll:4: tag 'thing' is not a tag of BIO\n")


# Beside another corpus.


@pytest.mark.parametrize("own", ["bio", "bioes", "bmes", "bilou", "iob1"])
@pytest.mark.parametrize("other", ["bio", "bioes", "bmes", "bilou", "iob1"])
def test_every_scheme_goes_beside_every_other(own, other):
    taggings = [*SOUND, "B-city B-city"]
    ours, theirs = ([BIO.rewritten(tags.split(), SCHEMES[name]) for tags in taggings] for name in (own, other))
    sentences = corpus([" ".join(tags) for tags in theirs], "dev.conll")
    found, warnings, notes = beside(sentences, SCHEMES[own])
    assert [sentence.tags for sentence in found] == ours
    assert warnings == []
    told = f"dev.conll: {other.upper()} beside {own.upper()}: its tags are converted"
    assert notes == ([] if own == other else [told])


def test_a_slip_in_another_scheme_is_told_and_converted():
    found, warnings, notes = beside(corpus(["S-a O B-a E-a", "S-b O S-b", "O I-b O"], "dev.conll"), BIO)
    assert tags_of(found) == ["B-a O B-a I-a", "B-b O B-b", "O B-b O"]
    assert [told.split(";")[0] for told in warnings] == [
        "dev.conll:11: tag 'I-b' cannot follow 'O', the first of 2 ill-formed tags"
    ]
    assert len(notes) == 1


def test_files_in_several_schemes_are_gathered_in_one():
    first, second = corpus(SOUND, "a.conll"), corpus(["S-a O B-a E-a", "O S-b"], "b.conll")
    mixed = [second[0], *first, second[1]]
    found, notes = gathered(mixed, BIO)
    assert tags_of(found) == ["B-a O B-a I-a", *SOUND, "O B-b"]
    assert notes == ["b.conll: BIOES beside BIO: its tags are converted"]
    for others in (first, corpus(["I-a", "B-b"]), corpus(["DT NN", "NN"]) + first):
        assert gathered(others, BIO) == (others, [])


def test_what_keeps_to_the_scheme_stays_in_it_whatever_else_it_could_be():
    assert scheme_beside(corpus(["O O", "O"]), BIOES) is BIOES
    assert scheme_beside(corpus(["I-a I-a"]), IOB1) is IOB1
    assert scheme_beside(corpus(["S-a"]), SCHEMES["bmes"]) is SCHEMES["bmes"]
    assert scheme_beside(corpus(["I-a", "O B-a"]), IOB1) is IOB1  # a slip in both


def test_a_scheme_that_was_asked_for_counts_for_both():
    assert tags_of(beside(corpus(["I-a I-a"]), BIO, BIO)[0]) == ["B-a I-a"]
    assert tags_of(beside(corpus(["I-a B-a"]), IOB1, IOB1)[0]) == ["I-a B-a"]


def test_tags_of_tokens_beside_spans_are_refused():
    assert fault(beside, corpus(["DT NN", "NN"]), BIO).startswith("a.conll:1: tag 'DT' is not a tag of BIO\n")
    tokens = corpus(["B-a I-a"])
    assert beside(tokens, SCHEMES["tokens"]) == (tokens, [], [])  # each a tag like any other


def test_slips_are_counted_by_tag():
    slips = Slips.of(corpus(["I-a O I-a", "O B-a", "I-b"]), BIO)
    assert (slips.number, slips.sentences, slips.first.where) == (3, [0, 2], "a.conll:1")
    assert Slips.of(corpus(["B-a"]), BIO) is None
    assert detect([["B-a"]]) is BIO
