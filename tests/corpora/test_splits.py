"""Which sentences train, which are held back and how text is cut."""

from dataclasses import replace

import pytest

from rnntag.corpora.splits import corpora, discard, gold, hold_out, texts, training_pair
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.formats import TAGGED


def numbered(count, source="case", comments=()):
    return [Sentence([f"w{number}"], ["O"], source=source, comments=comments) for number in range(count)]


def test_a_tenth_is_held_back_the_same_for_a_seed_and_in_order():
    sentences = numbered(50)
    kept, held = hold_out(sentences, 1)
    assert (len(kept), len(held)) == (45, 5)
    assert sorted(kept + held, key=sentences.index) == sentences
    assert all(part == sorted(part, key=sentences.index) for part in (kept, held))
    assert hold_out(sentences, 1) == (kept, held)
    assert hold_out(sentences, 2)[1] != held


def test_a_text_is_held_back_as_a_whole():
    sentences = [each for number in range(20) for each in numbered(3, f"{number}.txt")]
    assert [len(text) for text in texts(sentences)] == [3] * 20
    _, held = hold_out(sentences, 1)
    assert [len(text) for text in texts(held)] == [3, 3]


def test_texts_begin_with_their_comments_and_files():
    first, second = numbered(2), numbered(2, comments=("# doc = b",))
    other = numbered(1, "other")
    assert texts([*first, *second, *other]) == [first, second[:1], second[1:], other]
    assert texts([]) == []


def test_one_sentence_cannot_be_split():
    with pytest.raises(CorpusError) as caught:
        hold_out(numbered(1), 1)
    assert caught.value.fact == "one sentence cannot be parted into training and dev"


def test_what_takes_the_place_of_a_missing_corpus_is_told():
    told = []
    train, dev = training_pair(None, None, 1, told.append)
    assert (len(train), len(dev)) == (3000, 400)
    assert told == ["no TRAIN given: training on the sample corpus assistant_en"]
    assert len(gold(None, told.append)) == 400
    assert told[1:] == [
        "no GOLD given: scoring on the test part of the sample corpus assistant_en (- reads standard input)"
    ]
    told.clear()
    kept, held = training_pair(numbered(30), None, 7, told.append)
    assert (len(kept), len(held)) == (27, 3)
    assert told == ["no --dev given: held back 3 of 30 sentences (seed 7)"]


def test_a_corpus_is_a_file_or_several_or_sentences(tmp_path):
    paths = [tmp_path / name for name in ("a.conll", "b.conll")]
    for path in paths:
        path.write_text("a\tO\n\nb\tO\n\n")
    dev = numbered(2)
    for corpus, count in ((paths[0], 2), (paths, 4), (str(paths[0]), 2), (dev, 2), ([*dev, Sentence([], [])], 2)):
        train, held = training_pair(corpus, dev, 1, discard)
        assert (len(train), held) == (count, dev)


def test_sentences_from_no_file_are_called_by_their_number():
    given = [Sentence(["a"], ["O"]), Sentence([], []), Sentence(["b"], ["O"])]
    train, _ = training_pair(given, numbered(1), 1)
    assert [sentence.where() for sentence in train] == ["sentence 1", "sentence 3"]
    assert [sentence.line for sentence in given] == [0, 0, 0]


def test_a_folder_is_its_parts(tmp_path):
    for name, count in (("train", 3), ("valid", 2)):
        (tmp_path / f"{name}.conll").write_text("a\tO\n\n" * count)
    told = []
    train, dev = training_pair(tmp_path, None, 1, told.append)
    assert (len(train), len(dev)) == (3, 2)
    assert told == [f"training on {tmp_path}/train.conll; {tmp_path}/valid.conll decides when to stop"]
    own = numbered(1)
    assert training_pair(tmp_path, own, 1)[1] == own


@pytest.mark.parametrize(
    ("corpus", "fact"),
    [
        ([], "no sentences"),
        ([Sentence([], [])], "no sentences"),
        ([Sentence(["a"], ["O"]), "a.conll"], "a corpus is a file or Sentences"),
        ([Sentence(["a"], ["O"]), Sentence(["a", "b"], ["O"])], "sentence 2 has 2 tokens, but 1 tags"),
        ([Sentence(["a"])], "sentence 1 has 1 tokens, but 0 tags"),
    ],
)
def test_faults_of_a_corpus(corpus, fact):
    with pytest.raises(CorpusError) as caught:
        training_pair(corpus, numbered(1), 1)
    assert caught.value.fact == fact


def test_train_and_dev_cannot_both_be_standard_input():
    for train in ("-", ["a.conll", "-"]):
        with pytest.raises(CorpusError, match="TRAIN and DEV cannot both be standard input"):
            training_pair(train, "-", 1)


def test_where_a_part_is_held_back_so_is_one_of_old_sentences():
    new, old, told = numbered(20), numbered(50), []
    found = corpora(new, None, old, 1, reading=replace(TAGGED, tell=told.append))
    assert [len(part) for part in found] == [18, 7, 45]
    assert told == [
        "no --dev given: held back 2 of 20 sentences (seed 1)",
        "held back as well: 5 of 50 sentences of --replay",
    ]
    assert [len(part) for part in corpora(new, new, old, 1)] == [20, 20, 50]
    assert [len(part) for part in corpora(new, None, None, 1)] == [18, 2, 0]


@pytest.mark.parametrize(
    "half", [Sentence(["\ud800"], ["O"]), Sentence(["a"], ["B-\udfff"]), Sentence(["a"], ["O"], intent="\ud83d")]
)
def test_half_a_character_is_refused_before_a_training_begins(half):
    with pytest.raises(CorpusError, match="sentence 1 holds half a character, a surrogate, which no file can hold"):
        corpora([half], [half], [], 1)
