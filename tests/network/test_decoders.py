"""Decoders: their best path never leaves the scheme, and what they make of transitions that are far below others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import TINY
from numerics import TAGS, legal, ragged, rows_of

from rnntag.arrays import engine
from rnntag.arrays.parameters import Parameters
from rnntag.arrays.ragged import Batch
from rnntag.arrays.workspace import Workspace
from rnntag.data.bio import SCHEMES
from rnntag.data.bio_check import check
from rnntag.data.sentence import Sentence
from rnntag.features.lexicon import Lexicon
from rnntag.features.vocabulary import Vocabulary
from rnntag.model.inference import Inference, TypedTokens
from rnntag.network.decoders import DECODERS as TABLE
from rnntag.network.decoders import masked
from rnntag.network.inputs import Gold, Inputs, Noise, Tokens
from rnntag.network.losses import Objective
from rnntag.network.network import Network
from rnntag.network.run import Run
from rnntag.network.spec import DECODERS, Spec

# The scheme

KINDS = ("a", "b", "c", "d")
every_tag = {
    name: [f"{prefix}-{kind}" for kind in KINDS for prefix in sorted(SCHEMES[name].prefixes)]
    for name in ("bio", "bioes", "iob1")
}


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(sorted(every_tag)), st.sampled_from(DECODERS), st.sampled_from([0.1, 3.0, 1e4]))
def test_the_best_path_never_leaves_the_scheme(data, scheme, decoder, scale):
    tags = ["O", *data.draw(st.lists(st.sampled_from(every_tag[scheme]), unique=True), label="tags")]
    lengths = data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=8), label="lengths")
    rng = np.random.default_rng(data.draw(st.integers(0, 2**16), label="seed"))
    spec = Spec(cell="rnn", hidden=3, embedding=4, decoder=decoder)
    network = Network(spec, {"word": 20}, len(tags), legal(tags, scheme))
    P, batch = Parameters(network.shapes()), ragged(lengths)
    P.flat[:] = rng.normal(size=P.flat.shape) * scale
    lexicon = Lexicon({"word": Vocabulary("abcdefghijklmnopqrs", frozen=True)})
    numbers = lexicon.numbers(rng.choice(list("abcdefghijklmnopqrst"), batch.rows).tolist())
    for hands in (engine.plain(), engine.kernels()):
        work = Inference(network, [P], lexicon)
        work.know(hands)
        space = Workspace()
        path = work.best(hands, batch, work.scores(hands, batch, TypedTokens(numbers), space)[0], space)
        for sentence in range(batch.sentences):
            words = [tags[number] for number in path[rows_of(batch, sentence)]]
            check(SCHEMES[scheme], Sentence(words, words))


def test_a_tag_whose_moves_are_all_far_below_the_others_keeps_them(either):
    """Scaled by one number for all tags, the transitions out of tag 0 would all count as none."""
    network = Network(TINY, {"word": 5}, 2, legal(["a", "b"], "tokens"))
    P = network.initial(np.random.default_rng(1))
    for name, view in P:
        if name.startswith("output"):
            view[:] = 0.0
    P["moves"][0, :2], P["moves"][1, :2] = -150.0, 0.0
    P["bounds"][0, 1] = -300.0  # a sentence opens with tag 0, or nearly so
    batch, tokens = Batch(np.array([2])), Tokens(np.array([[1], [2]], np.int32))
    gold = Gold(np.array([0, 1]), np.array([-1]))
    run = Run(either, P, P.like(), Workspace())
    loss = network.loss(run, Inputs(batch, tokens), gold, Objective(), Noise(None, 0.0)).value
    assert loss == pytest.approx(np.log(2), abs=1e-5)


def test_what_is_not_legal_is_masked_and_nothing_else():
    allowed, rng = legal(), np.random.default_rng(1)
    scores, bounds = rng.normal(size=(len(TAGS), len(TAGS))), rng.normal(size=(2, len(TAGS)))
    found = masked(allowed, scores, bounds)
    np.testing.assert_array_equal(found.scores, np.where(allowed.transitions, scores, -np.inf))
    np.testing.assert_array_equal(found.bounds, np.where(allowed.bounds, bounds, -np.inf))
    assert np.isneginf(found.scores[0, 2])  # no I-a after O


@pytest.mark.parametrize("decoder", DECODERS)
def test_every_decoder_forbids_what_the_scheme_does(decoder):
    row, allowed = TABLE[decoder], legal()
    P = Parameters(row.shapes(len(TAGS)))
    found = row.transitions(P, allowed)
    np.testing.assert_array_equal(np.isfinite(found.scores), allowed.transitions)
    np.testing.assert_array_equal(np.isfinite(found.bounds), allowed.bounds)
