"""What the benchmarks use of the package's inside, all in one place: what moves there is followed here.

Everything else goes by what users have: `rnntag.train`, `rnntag.load`, the formats, the command line.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from rnntag.arrays import engine as engines
from rnntag.arrays.parameters import Parameters
from rnntag.arrays.ragged import Batch, by_length
from rnntag.arrays.workspace import Workspace, pack
from rnntag.corpora.cutting import cutting
from rnntag.data.detokeniser import as_written
from rnntag.data.sentence import Sentence
from rnntag.features.gazetteer import Finder, Gazetteer
from rnntag.features.lexicon import Lexicon
from rnntag.features.vocabulary import Vocabulary
from rnntag.kernels.products import add_product16, add_product32
from rnntag.model.file import TrainingState, load_model, save_model
from rnntag.model.inference import Inference, TypedTokens
from rnntag.model.model import Model
from rnntag.network.decoders import Legal
from rnntag.network.inputs import Gold, Inputs, Noise, Tokens
from rnntag.network.losses import Objective
from rnntag.network.network import Network
from rnntag.network.run import Run
from rnntag.network.spec import Spec
from rnntag.tagging.marginals import Marginals, Potentials
from rnntag.tagging.tagger import LAG, Tagger
from rnntag.training import checkpoint

__all__ = [
    "LAG",
    "Batch",
    "Finder",
    "Gazetteer",
    "Model",
    "Sentence",
    "Workspace",
    "add_product16",
    "add_product32",
    "as_written",
    "by_length",
    "engines",
    "pack",
]  # and what is defined below

LOAD_KERNELS = "from rnntag.arrays import engine; engine.kernels()"  # a program for `python -c`
TRANSITIONS = "moves"  # the name of their tensor in a model file


def tagger(model: Model, threads: int = 1) -> Tagger:
    """A tagger that has the compiled kernels from its first word on."""
    return Tagger(model, threads, engine=engines.kernels())


def encoded(model: Model, sentences: Sequence[Sentence]) -> tuple[np.ndarray, np.ndarray]:
    """Ids (tokens, features) and gold tags (tokens,) of sentences put end to end, as the network is shown them."""
    numbers = {tag: number for number, tag in enumerate(model.tags)}
    types = model.lexicon.numbers([token for sentence in sentences for token in sentence.tokens])
    gold = [numbers[tag] for sentence in sentences for tag in sentence.tags or []]
    return model.lexicon.types[types], np.array(gold, np.int64)


def forbidden(network: Network) -> tuple[np.ndarray, np.ndarray]:
    """What the scheme forbids: transitions (Y, Y) from tag to tag, and tags (2, Y) at the first and the last token."""
    tags = network.tags
    return ~network.legal.transitions[:tags, :tags], ~network.legal.bounds[:, :tags]


def taught_by_tokens(model: Path, copy: Path, train: list[Sentence], dev: list[Sentence]) -> None:
    """Save a model once more that has learned from the tokens of its corpus alone how to cut text."""
    known = load_model(model)
    bare = [[Sentence(sentence.tokens, sentence.tags) for sentence in part] for part in (train, dev)]
    known.tokeniser = cutting(*bare).tokeniser
    save_model(known, copy)


class Pass:
    """A batch on its way through a network and back, on the kernels and without dropout.

    P, G  the parameters, and where their gradient goes
    """

    def __init__(self, network: Network, P: Parameters, batch: Batch, ids: np.ndarray, gold: np.ndarray) -> None:
        self.network, self.P, self.G, self.batch = network, P, P.like(), batch
        self._run = Run(engines.kernels(), P, self.G, Workspace())
        self._none = Noise(None, 0.0)  # type: ignore[arg-type]  no rate, no dice
        self._inputs, self._gold = Inputs(batch, Tokens(ids.astype(np.int32))), Gold(gold, np.full(batch.sentences, -1))
        self._dE, self._dX = (np.empty((batch.rows, width), np.float32) for width in (network.Y, network.W))

    def forward(self) -> np.ndarray:
        """Tag scores (R, Y); what the backward pass wants is kept."""
        E, self._trace = self.network.forward(self._run, self._inputs, self._none)
        return E

    def there_and_back(self) -> None:
        """The forward pass, then the backward pass from a constant gradient at the tag scores."""
        self.forward()
        self._dE[:], self._dX[:] = 1e-3, 0.0
        self.network.backward(self._run, self._inputs, self._trace, self._dE, self._dX)

    def loss(self) -> float:
        """Negative log-likelihood, summed over the batch; its gradient is in G."""
        return self.network.loss(self._run, self._inputs, self._gold, Objective(), self._none).value

    def decoder_loss(self, E: np.ndarray) -> None:
        """The part of the decoder in that: of tag scores, which may be changed."""
        network, objective = self.network, Objective()
        network.decoder.loss(self._run, network.legal, self.batch, E, self._gold.tags, objective)


class Scoring:
    """Weights that stand still, on the kernels: types to tag scores to tags, each a piece of work to be timed."""

    def __init__(self, network: Network, P: Parameters, lexicon: Lexicon) -> None:
        self._kernels, self._inference = engines.kernels(), Inference(network, [P], lexicon)
        self._inference.know(self._kernels)
        self._potentials = Potentials(self._inference.transitions, 1.0)

    def scores(self, batch: Batch, types: np.ndarray, space: Workspace) -> np.ndarray:
        """Tag scores (R, Y) of tokens given by the numbers of their types (R,)."""
        return self._inference.scores(self._kernels, batch, TypedTokens(types), space)[0]

    def viterbi(self, batch: Batch, E: np.ndarray, space: Workspace) -> np.ndarray:
        """The best tags (R,)."""
        return self._inference.best(self._kernels, batch, E, space)

    def marginals(self, batch: Batch, E: np.ndarray, space: Workspace) -> None:
        """Exact marginals of every tag."""
        Marginals(self._kernels, self._potentials, batch, E, space)


def one_layer(hidden: int, tags: int, lengths: np.ndarray, words: int) -> tuple[Pass, Scoring, np.ndarray]:
    """A bidirectional layer over one feature, under first values: training, tagging, and the types of the tokens."""
    legal = Legal(np.ones((tags, tags), bool), np.ones((2, tags), bool))
    network = Network(Spec(hidden=hidden, embedding=100, features=("word",)), {"word": words}, tags, legal)
    P, batch = network.initial(np.random.default_rng(1)), Batch(lengths)
    vocabulary = Vocabulary(map(chr, range(0x4E00, 0x4E00 + words - 1)), frozen=True)
    lexicon = Lexicon({"word": vocabulary})
    lexicon.numbers(vocabulary.strings)  # a word's type is its id
    ids = np.random.default_rng(2).integers(0, words, (batch.rows, 1))
    there_and_back = Pass(network, P, batch, ids, np.zeros(batch.rows, np.int64))
    return there_and_back, Scoring(network, P, lexicon), ids[:, 0]


@contextmanager
def timed_checkpoints() -> Iterator[list[tuple[float, int]]]:
    """Gives a list of the checkpoints that trainings write from now on: the seconds that each took, and its bytes."""
    save, found = checkpoint.save_model, list[tuple[float, int]]()

    def timed(model: Model, path: str, state: TrainingState) -> None:
        began = time.perf_counter()
        save(model, path, state)
        found.append((time.perf_counter() - began, os.path.getsize(path)))

    checkpoint.save_model = timed  # type: ignore[assignment]
    try:
        yield found
    finally:
        checkpoint.save_model = save
