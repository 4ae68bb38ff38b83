"""Sentences that stand twice, in one file or in two, and are tagged alike or not."""

from checking import (
    IDENTITY,
    folder,  # noqa: F401  a fixture
    rows,
    told,
)

# Sentences that stand somewhere twice.


def test_repeats_leaks_and_conflicts():
    train = rows("a/O", "b/B-x") + rows("c/O") + rows("a/O", "b/B-x") + rows("a/B-x", "b/O")
    dev = rows("c/O") + rows("a/O") + "# intent = y\n" + rows("c/O") + rows("b/B-x")
    assert told(train, dev, ignored={"once"}) == [
        "train.conll:6: repeat: the same sentence as train.conll:1",
        "train.conll:9: repeat: the same sentence as train.conll:1",
        "train.conll:9: conflict: the same sentence as train.conll:1, but tagged otherwise",
        "dev.conll:1: leak: the sentence also stands in another file, train.conll:4",
        "dev.conll:6: leak: the sentence also stands in another file, train.conll:4",
        "dev.conll:6: conflict: the same sentence as train.conll:4, but tagged otherwise",
    ]


def test_many_conflicts_are_an_error():
    once = "".join(rows(f"w{number}/O") for number in range(50))
    again = "".join(rows(f"w{number}/{'B-x' if number < 5 else 'O'}") for number in range(50))
    fact = "5 of 50 repeated sentences are tagged otherwise than the first time; tag the same words in the same way"
    assert told(once + again, ignored=IDENTITY - {"disagreement"}) == [f"train.conll:101: disagreement: {fact}"]
    assert told(once + again.replace("B-x", "O", 1), ignored=IDENTITY - {"disagreement"}) == []
    more = rows("v/O") * 2  # 5 of 51
    assert told(once + again + more, ignored=IDENTITY - {"disagreement"}) == []
