"""Models of running text with random weights, and texts for them."""

import numpy as np

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.features.vocabulary import Vocabulary
from rnntag.model.model import Model
from rnntag.model.record import Record
from rnntag.network.spec import Spec
from rnntag.tagging.tagger import Tagger

WORDS = list("abcdefghijkl")
TAGS = ["O", "X", "Y"]  # no marks
FORWARD = {"direction": "forward"}
AHEAD = {"direction": "forward", "look_ahead": 3}


def model(seed=1, features=None, record=None, members=1, **spec):
    """One of random weights, large enough that each word matters."""
    features = features or (("word", "own", "before", "after") if spec.get("look_ahead") else ("word", "before"))
    pairs = ["a\tb", "b\ta", "c\tc", "a\t", "\tb", "d\ta"]
    known = {"word": [*WORDS, "\n"], "own": [*WORDS, "\n"], "before": pairs, "after": pairs}
    vocabularies = {name: Vocabulary(known[name], frozen=True) for name in features}
    found = Model(
        Spec(features=tuple(vocabularies), hidden=8, embedding=6, **spec), SCHEMES["tokens"], TAGS, vocabularies
    )
    found.members = [found.members[0].copy() for _ in range(members)]
    for number, member in enumerate(found.members):
        rng = np.random.default_rng([seed, number])
        member.flat[:] = found.network.initial(rng).flat
        for name, view in member:
            if name not in ("output.bias", "bounds"):
                view *= 4
            if name in ("moves", "bounds"):
                view[:, :3] = 0.5 * rng.normal(size=(len(view), 3))
    found.record = record or Record({"bptt": 16, "context": 5})
    return found


def text(length, seed=0):
    """So many words, the same ones for a seed."""
    return [WORDS[number] for number in np.random.default_rng(seed).integers(0, len(WORDS), length)]


def sentences(lengths, **first):
    """Sentences of so many words each, the first with what else is said of it."""
    return [Sentence(text(length, place), **(first if place == 0 else {})) for place, length in enumerate(lengths)]


def alone(found, words):
    """The tags of a text as one sentence."""
    return Tagger(found, context=0).tags([words])[0]
