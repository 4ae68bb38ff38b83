"""A corpus of characters whose tags hang on bigrams, and a model that is trained on it."""

import numpy as np
from trainings import trainer

from rnntag.data.sentence import Sentence
from rnntag.network.spec import Spec

SPEC = Spec(hidden=8, embedding=8, features=("word", "before", "char", "after"))


def corpus(count=40):
    """Characters whose tag hangs on the one before them."""
    rng, made = np.random.default_rng(3), []
    for _ in range(count):
        tokens = rng.choice(list("xyz"), rng.integers(1, 9)).tolist()
        made.append(Sentence(tokens, ["YES" if a == "x" else "NO" for a in ["", *tokens[:-1]]]))
    return made


def trained(spec=SPEC, **recipe):
    one = trainer(corpus(), spec=spec, **recipe)
    list(one.run())
    return one.model
