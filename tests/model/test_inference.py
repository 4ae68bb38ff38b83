"""Inference: scores from the table of types are those of the network itself."""

import numpy as np
import pytest
from bigrams import SPEC, trained

from rnntag.arrays import engine
from rnntag.arrays.ragged import Batch
from rnntag.arrays.workspace import Workspace
from rnntag.model import inference as inference_module
from rnntag.model.inference import Inference, TypedTokens
from rnntag.network.inputs import Inputs, Tokens
from rnntag.network.run import Run
from rnntag.network.spec import Spec


@pytest.mark.parametrize("cell", ["lstm", "window"])
@pytest.mark.parametrize("table", [32 << 20, 512])  # room for all types, or for one
def test_tagging_sees_what_training_saw(cell, table, monkeypatch):
    """Tag scores of types from the table and of those it has no room for, against the network on the ids themselves."""
    monkeypatch.setattr(inference_module, "TABLE", table)
    model = trained(Spec(cell=cell, hidden=8, embedding=8, features=SPEC.features))
    lexicon, network, plain = model.lexicon, model.network, engine.plain()
    tokens, lengths = list("xyzxyxzyx"), np.array([5, 3, 1])
    numbers = lexicon.numbers(tokens)
    batch = Batch(lengths)
    rows = batch.gather(np.array([0, 5, 8]))
    positional = lexicon.positional_ids(numbers, lengths)[rows]
    assert (positional > 0).any()
    inference = Inference(network, model.members, lexicon)
    inference.know(plain)
    found, _ = inference.scores(plain, batch, TypedTokens(numbers[rows], positional), Workspace())
    spelled = lexicon.spelled(numbers[rows])
    ids = lexicon.types[numbers[rows]]
    ids[:, network.columns["char"]] = spelled.place
    ids[:, network.columns["before"]], ids[:, network.columns["after"]] = positional.T
    run = Run.forward_only(plain, model.parameters, Workspace())
    expected, _ = network.forward(run, Inputs(batch, Tokens(ids, spelled)))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
