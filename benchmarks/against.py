"""How much faster than the others? Ratios, side by side in one run, once the contenders have been shown to agree.

    python benchmarks/against.py [FOLDER] [--json FILE]

FOLDER holds train.conll and dev.conll; without it, the English sample corpus. Contenders: PyTorch (the faster of packed
and padded sequences), ONNX Runtime, python-crfsuite. Two threads each; `pip install --group bench` brings them.

Like is compared with like: of what rnntag does by default, letters (the feature `char`), intents and the second pass of
each sentence (`--consistency`) are left out on both sides. `accuracy.py` tells what a training with them costs.
"""

from __future__ import annotations

import rnntag  # noqa: F401  first of all: it tells BLAS, which it finds unloaded, to use one thread

# isort: split
import itertools
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pycrfsuite
import torch
from contender import Contender, onnx_scores
from measure import RNNTAG, arguments, run, show

from rnntag.arrays import engine as engines
from rnntag.arrays.ragged import Batch, by_length
from rnntag.arrays.workspace import Workspace
from rnntag.data.sentence import Sentence
from rnntag.formats import read_corpus
from rnntag.model.file import save_model
from rnntag.model.inference import Inference
from rnntag.model.model import Model
from rnntag.network.inputs import Gold, Noise, Tokens
from rnntag.network.spec import Spec
from rnntag.tagging.tagger import Tagger
from rnntag.training.recipe import Recipe
from rnntag.training.reports import Epoch
from rnntag.training.trainer import Trainer

BATCH, BATCHES, THREADS = 32, 60, 2
SPEC = Spec(embedding=100, hidden=128, direction="both", features=("word", "shape", "prefix", "suffix"))
RECIPE = Recipe(batch=BATCH, consistency=0.0, intents="none")
WORDS = 1_000_000


class Chunk:
    """Some sentences as each contender wants them: longest first."""

    def __init__(self, model: Model, sentences: list[Sentence]) -> None:
        lengths = np.array([len(sentence) for sentence in sentences], np.int64)
        sentences = [sentences[place] for place in by_length(lengths)]
        self.tokens = [sentence.tokens for sentence in sentences]
        self.lengths = np.array([len(sentence) for sentence in sentences], np.int64)
        self.words, numbers = int(self.lengths.sum()), {tag: number for number, tag in enumerate(model.tags)}
        shape = len(sentences), int(self.lengths[0])
        ids, gold = np.zeros((*shape, len(model.network.tables)), np.int64), np.zeros(shape, np.int64)
        for b, sentence in enumerate(sentences):
            types = model.lexicon.numbers(sentence.tokens)
            ids[b, : len(sentence)] = model.lexicon.types[types]
            gold[b, : len(sentence)] = [numbers[tag] for tag in sentence.tags or []]
        self.padded, self.gold, self.sizes = (torch.from_numpy(array) for array in (ids, gold, self.lengths))
        self.batch = Batch(self.lengths)
        place = self.batch.sequence, self.batch.step
        self.shown = Tokens(ids[place].astype(np.int32))
        self.flat_gold = Gold(gold[place], np.full(len(sentences), -1))


def seconds(work: Callable[[], Any], times: int = 5) -> float:
    """The fastest of some runs, after one that does not count."""
    work()
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def check(what: str, ours: Any, theirs: Any, close: float) -> None:
    """Stop the benchmark where the contenders do not compute the same."""
    error = float(np.abs(np.asarray(ours) - np.asarray(theirs)).max())
    if not error <= close:
        raise SystemExit(f"{what}: the contenders differ by {error:.2g}")
    print(f"checked: {what}, largest difference {error:.1e}")


def trained(folder: Path) -> tuple[Model, list[Sentence]]:
    """A model after one epoch, so that its scores are those of a real one."""
    train, dev = (read_corpus(folder / f"{part}.conll") for part in ("train", "dev"))
    trainer = Trainer(train, dev[:100], SPEC, replace(RECIPE, epochs=1))
    list(trainer.run())
    return trainer.model, train


def training(model: Model, chunks: list[Chunk]) -> dict[str, Any]:
    """A whole step, embedding to Adam, without dropout on either side; ours keeps averaged weights as well."""
    kernels, network = engines.kernels(), model.network
    contenders = {"packed": Contender(model, True), "padded": Contender(model, False)}
    chunk, P = chunks[0], model.parameters
    G, none = P.like(), Noise(None, 0.0)  # type: ignore[arg-type]
    loss = network.loss(kernels, P, G, chunk.batch, chunk.shown, chunk.flat_gold, 1.0, Workspace(), none)
    for name, net in contenders.items():
        theirs = net.loss(net.scores(chunk.padded, chunk.sizes), chunk.gold, chunk.sizes)
        theirs.backward()
        check(f"loss, {name}", loss / chunk.words, theirs.item() / chunk.words, 1e-4)
        size = float(np.abs(G["embedding.word"]).max())
        check(f"gradient at the words, {name}", G["embedding.word"] / size, net.embeddings[0].weight.grad / size, 1e-3)
        check(f"gradient at the moves, {name}", G["moves"][: net.tags, : net.tags] / size, net.moves.grad / size, 1e-3)
    words, speeds = sum(chunk.words for chunk in chunks), {}
    for name, net in contenders.items():
        adam = torch.optim.Adam(net.parameters(), lr=1e-4, fused=True)

        def epoch(net: Contender = net, adam: torch.optim.Adam = adam) -> None:
            for chunk in chunks:
                adam.zero_grad()
                (net.loss(net.scores(chunk.padded, chunk.sizes), chunk.gold, chunk.sizes) / BATCH).backward()
                torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
                adam.step()

        speeds[name] = words / seconds(epoch, 2)
    return speeds


def ours_training(sentences: list[Sentence], threads: int) -> float:
    """Words a second of our own training, without dropout as theirs, over the same batches' worth of sentences."""
    recipe = replace(RECIPE, epochs=4, dropout=0.0, word_dropout=0.0)
    trainer = Trainer(sentences, sentences[:10], SPEC, recipe, threads=threads)
    return max(report.tokens_per_second for report in trainer.run() if isinstance(report, Epoch))


def tagging(model: Model, chunks: list[Chunk], alone: list[Chunk]) -> tuple[dict[str, float], dict[str, float]]:
    """Words a second of Viterbi tags, theirs: 32 sentences at a time, and one at a time."""
    tagger = Tagger(model, THREADS, engine=engines.kernels())
    many, one = {}, {}
    for name, net in (("packed", Contender(model, True)), ("padded", Contender(model, False))):
        net.eval()

        def tagged(which: list[Chunk], net: Contender = net) -> list[list[list[int]]]:
            with torch.inference_mode():
                return [net.best(net.scores(chunk.padded, chunk.sizes), chunk.sizes) for chunk in which]

        numbers = {tag: number for number, tag in enumerate(model.tags)}
        ours = [number for chunk in chunks for tags in tagger.tags(chunk.tokens) for number in map(numbers.get, tags)]
        theirs = [number for paths in tagged(chunks) for path in paths for number in path]
        check(f"share of other tags, {name}", np.mean(np.array(ours) != np.array(theirs)), 0.0, 1e-4)
        many[name] = sum(chunk.words for chunk in chunks) / seconds(lambda: tagged(chunks), 3)
        one[name] = sum(chunk.words for chunk in alone) / seconds(lambda: tagged(alone), 3)
    return many, one


def ours_tagging(model: Model, chunks: list[Chunk], threads: int) -> float:
    """Words a second of ours, a chunk at a time."""
    tagger = Tagger(model, threads, engine=engines.kernels())
    return sum(chunk.words for chunk in chunks) / seconds(lambda: [tagger.tags(chunk.tokens) for chunk in chunks])


def forward(model: Model, chunks: list[Chunk]) -> tuple[float, float]:
    """Words a second from ids to tag scores, two threads each: a batch cut in two for ours, as the tagger does it."""
    kernels, space, inference = engines.kernels(), Workspace(), Inference(model.network, model.members, model.lexicon)
    [work] = inference._members  # scores alone: `best` goes on to the tags
    numbers = [model.lexicon.numbers(list(itertools.chain(*chunk.tokens))) for chunk in chunks]
    for i, chunk in enumerate(chunks):
        starts = np.cumsum(chunk.lengths) - chunk.lengths
        numbers[i] = numbers[i][chunk.batch.gather(starts)]
    inference.know(kernels)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    session = onnxruntime.InferenceSession(onnx_scores(model), options, providers=["CPUExecutionProvider"])

    def theirs(chunk: Chunk) -> np.ndarray:
        given = {"ids": chunk.padded.numpy().transpose(1, 0, 2), "lengths": chunk.lengths.astype(np.int32)}
        return session.run(None, given)[0]

    ours = work.scores(kernels, chunks[0].batch, numbers[0], space)[0][:, : model.network.tags]
    batch = chunks[0].batch
    check("tag scores, ONNX Runtime", ours, theirs(chunks[0])[batch.step, batch.sequence], 1e-3)
    words = sum(chunk.words for chunk in chunks)
    spaces = [Workspace() for _ in range(THREADS)]
    halves = []
    for chunk, given in zip(chunks, numbers, strict=True):
        cut = [Batch(chunk.lengths[part::THREADS]) for part in range(THREADS)]
        rows = [(chunk.batch.sequence % THREADS == part).nonzero()[0] for part in range(THREADS)]
        halves.append([(batch, given[chosen]) for batch, chosen in zip(cut, rows, strict=True)])
    with ThreadPoolExecutor(THREADS) as pool:

        def both(half: list[tuple[Batch, np.ndarray]]) -> None:
            work_on = lambda batch_numbers, space: work.scores(kernels, *batch_numbers, space)  # noqa: E731
            list(pool.map(work_on, half, spaces))

        mine = seconds(lambda: [both(half) for half in halves])
    return words / mine, words / seconds(lambda: [theirs(chunk) for chunk in chunks])


def features(tokens: list[str], i: int) -> list[str]:
    """The usual templates: word, neighbours, affixes, shape."""
    word = tokens[i]
    found = [f"w={word.lower()}", f"s={''.join('X' if c.isupper() else '0' if c.isdigit() else 'x' for c in word)}"]
    found += [f"p{n}={word[:n]}" for n in (1, 2, 3)] + [f"e{n}={word[-n:]}" for n in (1, 2, 3)]
    found += [f"{d}={tokens[i + d].lower()}" for d in (-2, -1, 1, 2) if 0 <= i + d < len(tokens)]
    return found


def crfsuite(model: Model, train: list[Sentence], scratch: str) -> tuple[float, float, float]:
    """Words a second of a million words from a file to a file: ours on 1 and 2 threads, theirs."""
    ours, theirs, text = (f"{scratch}/{name}" for name in ("model.rnntag", "model.crf", "lines.txt"))
    save_model(model, ours)
    words = 0
    with open(text, "w", encoding="utf-8") as file:
        for sentence in itertools.cycle(train):
            print(*sentence.tokens, file=file)
            words += len(sentence)
            if words >= WORDS:
                break
    trainer = pycrfsuite.Trainer(verbose=False, params={"max_iterations": 30, "c1": 0.1, "c2": 0.01})
    for sentence in train:
        trainer.append([features(sentence.tokens, i) for i in range(len(sentence))], list(sentence.tags or []))
    trainer.train(theirs)
    tagger = pycrfsuite.Tagger()
    tagger.open(theirs)
    began = time.perf_counter()
    with open(text, encoding="utf-8") as source, open(f"{scratch}/out", "w", encoding="utf-8") as sink:
        for line in source:
            tokens = line.split()
            tags = tagger.tag([features(tokens, i) for i in range(len(tokens))])
            sink.write("".join(f"{token}\t{tag}\n" for token, tag in zip(tokens, tags, strict=True)) + "\n")
    other = words / (time.perf_counter() - began)
    runs = [run([*RNNTAG, "tag", "-m", ours, "--threads", threads, text]) for threads in ("1", "2")]
    return words / runs[0].seconds, words / runs[1].seconds, other


def measured(folder: Path) -> list[dict[str, Any]]:
    """The rows of the table."""
    model, train = trained(folder)
    some = train[: BATCH * BATCHES]
    chunks = [Chunk(model, some[at : at + BATCH]) for at in range(0, len(some), BATCH)]
    alone = [Chunk(model, [sentence]) for sentence in some[:300]]
    rows: list[dict[str, Any]] = []

    def row(what: str, ours: float, other: str, theirs: float, asked: float) -> None:
        figures = {"ours, words/s": round(ours), "theirs, words/s": round(theirs), "ratio": ours / theirs}
        rows.append({"what": what, "against": other} | figures | {"asked": asked})

    # Ours comes first: the others' threads go on spinning for a while after their work is done.
    one, two = ours_training(some, 1), ours_training(some, 2)
    tag_many, tag_one = ours_tagging(model, chunks, THREADS), ours_tagging(model, alone, THREADS)
    with tempfile.TemporaryDirectory() as scratch:
        first, both, theirs = crfsuite(model, train, scratch)
    forward_ours, forward_theirs = forward(model, chunks)
    torch.set_num_threads(THREADS)
    steps, (many, single) = training(model, chunks), tagging(model, chunks, alone)
    for what, mine, others, asked in (
        ("training, whole step", two, steps, 6),
        ("tagging, 32 sentences at a time", tag_many, many, 8),
        ("tagging, one sentence at a time", tag_one, single, 10),
    ):
        best = max(others, key=lambda name: others[name])
        row(what, mine, f"PyTorch {torch.__version__}, {best}", others[best], asked)
    row("forward alone, 32 sentences", forward_ours, f"ONNX Runtime {onnxruntime.__version__}", forward_theirs, 3)
    row(f"`rnntag tag`, {WORDS:,} words, start to end", both, "python-crfsuite in a loop", theirs, 4)
    row("training, 2 threads against 1", two, "ourselves", one, 1.7)
    row("`rnntag tag`, 2 threads against 1, start to end", both, "ourselves", first, 1.7)
    return rows


if __name__ == "__main__":
    options = arguments(sys.argv[1:])
    folder = Path(options.rest[0] if options.rest else "sample_corpora/assistant_en")
    show(f"against.py {folder.name}", measured(folder), options.json)
