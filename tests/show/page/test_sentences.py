"""Sentences cut into segments, and what the page filters them by."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pages import NOTHING, mistake, wrong

from rnntag.data.tokenisation import joined
from rnntag.show import page
from rnntag.show.page import sentences


@st.composite
def tagged(draw):
    """Words, and two sets of spans that do not overlap among themselves."""
    words = draw(st.lists(st.sampled_from(["a", "bc", "北", "京", "7"]), min_size=1, max_size=40))

    def spans():
        cuts = sorted(draw(st.sets(st.integers(0, len(words)))))
        return {(*pair, draw(st.sampled_from("XY"))) for pair in pairwise(cuts) if draw(st.booleans())}

    return words, spans(), spans()


@given(tagged())
def test_pieces_are_the_sentence_and_its_spans(found):
    tokens, gold, predicted = found
    text, offsets = joined(tokens)
    starts, ends = [start for start, _ in offsets], [end for _, end in offsets]
    place, read, bars = 0, "", {"gold": [], "predicted": [], "both": []}
    for piece in sentences.segments(tokens, gold, predicted):
        assert len(piece.columns) <= sentences.COLUMNS
        borders = []
        for number, words in enumerate(piece.columns):
            if read and text[len(read)] == " ":
                assert piece.space if number == 0 else not piece.tight
                read += " "
            elif number == 0:
                assert not piece.space
            borders.append(starts.index(len(read)))
            read += words
            place = ends.index(len(read)) + 1
        borders.append(place)
        for bar in piece.bars:
            covered = borders[bar.start - 1], borders[bar.end - 1]
            if bar.begins:
                bars[bar.whose].append([*covered, bar.label])
            else:
                assert bars[bar.whose][-1][1:] == [covered[0], bar.label]
                bars[bar.whose][-1][1] = covered[1]
            assert bar.ends == ((*bars[bar.whose][-1],) in gold | predicted)
    assert read == text
    spans = {whose: {tuple(span) for span in found} for whose, found in bars.items()}
    assert spans == {"both": gold & predicted, "gold": gold - predicted, "predicted": predicted - gold}


def test_a_piece_is_drawn_with_each_span_below_its_words():
    facts = wrong(
        "dev:3",
        ["to", "las", "vegas", "nevada"],
        [[1, 3, "city"], [3, 4, "state"]],
        [[1, 4, "city"]],
        [mistake("boundary", "city", "city"), mistake("missed", "state", None)],
        {"gold": "a#b", "predicted": "b#a"},
    )
    shown = sentences.drawn(facts)
    assert shown.segments == [
        sentences.Segment(["to"], [], False, True),
        sentences.Segment(
            ["las vegas", "nevada"],
            [
                sentences.Bar("gold", 1, 2, "city", True, True),
                sentences.Bar("predicted", 1, 3, "city", True, True),
                sentences.Bar("gold", 2, 3, "state", True, True),
            ],
            True,
            False,
        ),
    ]
    assert shown.kinds == {"boundary": 1, "missed": 1}  # the intents are the same, in another order
    html = page.render({**NOTHING, "sentences": [facts]})
    assert (
        '<p class="words" lang="" dir="auto">to <span class="piece"><span>las vegas</span> <span>nevada</span> '
        '<bdi class="gold from-1 to-2"><i>(gold: </i>city<i>) </i></bdi>'
    ) in html


def test_a_long_span_goes_on_in_the_next_piece():
    tokens = [f"w{number}" for number in range(20)]
    whole, parts = (0, 20, "X"), {(number, number + 1, "Y") for number in range(20)}
    found = list(sentences.segments(tokens, {whole}, parts))
    assert [piece.columns for piece in found] == [tokens[:8], tokens[8:16], tokens[16:]]
    ends = [[(bar.begins, bar.ends) for bar in piece.bars if bar.whose == "gold"] for piece in found]
    assert ends == [[(True, False)], [(False, False)], [(False, True)]]
    html = page.render(
        {**NOTHING, "sentences": [wrong("1", tokens, [whole], list(parts), [mistake("both", "X", "Y")])]}
    )
    for end, label in ((9, "X…"), (9, "…X…"), (5, "…X")):
        assert f'<bdi class="gold from-1 to-{end}"><i>(gold: </i>{label}<i>) </i></bdi>' in html


def test_intents_differ_unless_they_are_the_same_in_another_order():
    pairs = [("a#b", "b#a"), ("a", "a"), ("a#b", "a"), ("a", "b"), ("a", None)]
    facts = [wrong("1", ["a"], [], [], [], {"gold": gold, "predicted": predicted}) for gold, predicted in pairs]
    assert [sentences.drawn(each).intent_differs for each in facts] == [False, False, True, True, True]
    assert not sentences.drawn(wrong("1", ["a"], [], [], [])).intent_differs


def test_filters_count_mistakes():
    facts = [
        wrong("1", ["a"], [], [], [mistake("type", "X", "Y"), mistake("missed", "X", None)]),
        wrong("2", ["a"], [], [], [mistake("boundary", "X", "X")], {"gold": "a", "predicted": None}),
    ]
    kinds = {"type": "type", "boundary": "boundary", "both": "both", "missed": "missed", "intent": "intent differs"}
    found = sentences.filters([sentences.drawn(each) for each in facts], kinds)
    assert found.kinds == [
        ("type", "type", 1),
        ("boundary", "boundary", 1),
        ("missed", "missed", 1),
        ("intent", "intent differs", 1),
    ]
    assert found.types == [("X", "X", 3), ("Y", "Y", 1)]
    assert found.pairs == [("X\tY", "X → Y", 1), ("X\t", "X → none", 1)]
