"""Batches in shards: each sentence once, or beside a copy; the same for a seed; rows numbered within the batch."""

import numpy as np
import pytest
from trainings import SMALL, corpus, running_text, training_set

from rnntag.data.sentence import Sentence
from rnntag.features.gazetteer import Gazetteer
from rnntag.features.table import WORDS, word
from rnntag.features.vocabulary import UNKNOWN
from rnntag.network.spec import Spec
from rnntag.training.job import Job
from rnntag.training.recipe import Recipe
from rnntag.training.shards import Sharder
from rnntag.training.training_set import TrainingSet

PLAIN = {"consistency": 0.0, "word_dropout": 0.0}


def sharded(train, spec=SMALL, epoch=1, **recipe):
    """The training set, and the batches of an epoch in shards."""
    found = training_set(train, spec=spec, **recipe)
    return found, list(Sharder(found, found.model().network).epoch(epoch))


def words_of(found, network, batch, shard):
    """The words of a shard, token by token in the order of its rows."""
    ids = batch.rows["embedding.word"][shard.tokens.ids[:, network.columns["word"]]]
    return [found.lexicon.vocabularies["word"].strings[number] for number in ids]


@pytest.mark.parametrize("shards", [1, 2, 3, 5])
def test_each_sentence_is_in_one_shard_with_its_tags(shards):
    train = corpus(30)
    found, batches = sharded(train, shards=shards, **PLAIN)
    network, seen = found.model().network, []
    for batch in batches:
        assert len(batch.shards) <= shards
        assert sum(shard.batch.sentences * shard.scale for shard in batch.shards) == pytest.approx(1.0)
        for shard in batch.shards:
            words, tags = words_of(found, network, batch, shard), [found.tags[number] for number in shard.gold.tags]
            for sentence in range(shard.batch.sentences):
                rows = np.flatnonzero(shard.batch.sequence == sentence)
                seen.append(([words[row] for row in rows], [tags[row] for row in rows]))
    expected = [(list(map(word, sentence.tokens)), sentence.tags) for sentence in train]
    assert sorted(seen) == sorted(expected)


def test_the_rows_of_a_batch_are_those_it_touches_in_ascending_order():
    found, batches = sharded(corpus(30), **PLAIN)
    network = found.model().network
    for batch in batches:
        assert list(batch.rows) == [f"embedding.{name}" for name in network.tables]
        for name in network.tables:
            rows = batch.rows[f"embedding.{name}"]
            assert (np.diff(rows) > 0).all()
            ids = np.concatenate([shard.tokens.ids[:, network.columns[name]] for shard in batch.shards])
            assert set(ids.tolist()) == set(range(len(rows)))


def test_a_seed_and_an_epoch_settle_what_is_shown():
    def shown(**more):
        return [shard.tokens.ids.tolist() for batch in sharded(corpus(12), **more)[1] for shard in batch.shards]

    assert shown() == shown()
    assert shown(seed=2) != shown() != shown(epoch=2)


def test_other_words_are_hidden_in_another_epoch():
    train = [Sentence([chr(ord("a") + number) for number in range(26)], ["X"] * 26)]
    first, again, second = (sharded(train, epoch=epoch)[1][0].shards[0].tokens.ids.tolist() for epoch in (1, 1, 2))
    assert first == again != second


def test_words_are_hidden_as_often_as_they_are_rare():
    train = [Sentence(["a"] * 3 + ["b"] * 1, ["X"] * 4)] * 400
    found, batches = sharded(train, spec=Spec(features=("word", "suffix")), word_dropout=400.0, consistency=0.0)
    network, known = found.model().network, found.lexicon.vocabularies["word"]
    hidden = total = np.zeros(2)
    for batch in batches:
        for shard in batch.shards:
            ids = batch.rows["embedding.word"][shard.tokens.ids[:, network.columns["word"]]]
            letters = batch.rows["embedding.suffix"][shard.tokens.ids[:, network.columns["suffix"]]]
            kinds = [letters == number for number in (1, 2)]
            hidden = hidden + [(ids[kind] == UNKNOWN).sum() for kind in kinds]
            total = total + [kind.sum() for kind in kinds]
    assert known.strings == ["", "a", "b"]
    assert total.tolist() == [1200, 400]
    assert hidden / total == pytest.approx([400 / 1600, 400 / 800], abs=0.06)


@pytest.mark.parametrize("consistency", [0.0, 1.0])
def test_a_share_of_matches_is_hidden_each_as_a_whole(consistency):
    train = [Sentence(["to", "New", "York", "Rome"], ["X", "Y", "Y", "Y"])] * 500
    lists = {"cities": Gazetteer.of(["New York", "Rome"]), "york": Gazetteer.of(["York"])}

    def shown(share, epoch=1):
        """The ids of both lists, a row a token, sentence by sentence."""
        recipe = Recipe(gazetteer_dropout=share, consistency=consistency, batch=16, epochs=1)
        found = TrainingSet.of(Job(train, train, Spec(features=("word",)), recipe, gazetteers=lists))
        network, rows = found.model().network, []
        for batch in Sharder(found, found.model().network).epoch(epoch):
            known = {name: batch.rows[f"embedding.gazetteer:{name}"] for name in lists}
            for shard in batch.shards:
                columns = [known[name][shard.tokens.ids[:, network.columns[f"gazetteer:{name}"]]] for name in lists]
                both, own = np.stack(columns, 1), shard.batch
                rows += [both[own.sequence == sentence].tolist() for sentence in range(own.sentences)]
        return np.array(rows)

    every = shown(0.0)
    assert (every == [[0, 0], [1, 0], [4, 2], [2, 0]]).all()
    assert not shown(1.0).any()
    some = shown(0.3)
    assert ((some == every) | (some == UNKNOWN)).all()
    hidden = some != every
    np.testing.assert_array_equal(hidden[:, 1, 0], hidden[:, 2, 0])  # New York, whole
    assert hidden[:, [1, 3, 2], [0, 0, 1]].mean(axis=0) == pytest.approx([0.3] * 3, abs=0.08)
    assert (hidden[:, 1, 0] != hidden[:, 3, 0]).any()  # each match on its own,
    assert (hidden[:, 1, 0] != hidden[:, 2, 1]).any()  # and each list
    np.testing.assert_array_equal(some, shown(0.3))
    assert (some != shown(0.3, epoch=2)).any()
    if consistency:
        np.testing.assert_array_equal(some[::2], some[1::2])  # copies see the same


def test_in_training_each_sentence_of_a_batch_stands_beside_its_copy():
    words = ("to Oslo", "from Bonn to Rome", "hi", "to Lima now", "stop that")
    train = [Sentence(text.split(), ["O"] * len(text.split()), intent=text[0]) for text in words]
    spec = Spec(hidden=8, embedding=8, features=WORDS)
    once, twice = (sharded(train, spec, batch=5, consistency=c, dropout=0.5)[1][0].shards for c in (0.0, 1.0))
    for one, two in zip(once, twice, strict=True):
        assert (one.gold.copies, two.gold.copies) == (False, True)
        assert two.batch.lengths.tolist() == np.repeat(one.batch.lengths, 2).tolist()
        assert two.gold.intents.tolist() == np.repeat(one.gold.intents, 2).tolist()
        assert two.scale == one.scale / 2
        assert two.tokens.ids.shape == (2 * one.batch.rows, len(spec.features))
        others = [two.batch.offsets[t] + (b ^ 1) for t, b in zip(two.batch.step, two.batch.sequence, strict=True)]
        np.testing.assert_array_equal(two.gold.tags, two.gold.tags[others])
        seen = [column for column, name in enumerate(spec.features) if name != "word"]  # which is hidden at random
        np.testing.assert_array_equal(two.tokens.ids[:, seen], two.tokens.ids[others][:, seen])
        mask = two.noise.mask(two.batch, 40)
        assert (mask[::2] != mask[1::2]).any(axis=1).all()


@pytest.mark.parametrize("consistency", [0.0, 1.0])
def test_each_stream_of_a_shard_has_a_row_of_its_own_for_its_states(consistency):
    copies = 1 + (consistency > 0)
    _, batches = sharded(running_text(30, 22, 9), batch=5, bptt=4, consistency=consistency)
    begun = [set(), set()]
    for number, batch in enumerate(batches):
        for shard in batch.shards:
            streams = shard.streams.tolist()
            assert len(set(streams)) == len(streams) == shard.batch.sentences
            assert max(streams) < copies * 3  # five streams in two shards
            assert shard.reach.running
            if number == 0:
                assert shard.begins.all()
                begun[shard.number] = set(streams)
            assert set(streams) <= begun[shard.number]
    assert [len(streams) for streams in begun] == [3 * copies, 2 * copies]
