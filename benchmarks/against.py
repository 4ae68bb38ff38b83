"""How much faster than the others? Ratios, side by side in one run, once the contenders have been shown to agree.

    python benchmarks/against.py [FOLDER] [--json FILE] [--smoke]

FOLDER holds train.conll and dev.conll; without it, the English sample corpus. Contenders: PyTorch (the faster of packed
and padded sequences), ONNX Runtime, python-crfsuite. Two threads each; `pip install --group bench` brings them, and one
that is not there is left out.

Like is compared with like: of what rnntag does by default, letters (the feature `char`), intents and the second pass of
each sentence (`--consistency`) are left out on both sides. `accuracy.py` tells what a training with them costs.
"""

from __future__ import annotations

import rnntag  # first of all: it tells BLAS, which it finds unloaded, to use one thread

# isort: split
import itertools
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from inside import TRANSITIONS, Batch, Model, Pass, Scoring, Sentence, Workspace, by_length, encoded, tagger
from measure import RNNTAG, Clock, Rows, Tables, benchmark, corpus, folder_argument, installed, run

from rnntag.formats import read_corpus
from rnntag.training.reports import Epoch

BATCH, THREADS = 32, 2
SETTINGS: dict[str, Any] = {
    "embedding": 100,
    "hidden": 128,
    "direction": "both",
    "features": ("word", "shape", "prefix", "suffix"),
    "batch": BATCH,
    "consistency": 0.0,
    "intents": "none",
}


class Effort(NamedTuple):
    """How much is done for a figure."""

    clock: Clock = Clock(0.0, 5)
    batches: int = 60
    words: int = 1_000_000  # through `rnntag tag`
    iterations: int = 30  # of CRFsuite's training


SMOKE = Effort(Clock(0.0, 1), 1, 200, 2)


class Chunk:
    """Some sentences, longest first: padded for the others, ragged for us."""

    def __init__(self, model: Model, sentences: Sequence[Sentence]) -> None:
        order = by_length(np.array([len(sentence) for sentence in sentences], np.int64))
        self.sentences = [sentences[place] for place in order]
        self.tokens = [sentence.tokens for sentence in self.sentences]
        self.lengths = np.array([len(tokens) for tokens in self.tokens], np.int64)
        self.words, self.batch = int(self.lengths.sum()), Batch(self.lengths)
        self.rows = self.batch.gather(np.cumsum(self.lengths) - self.lengths)  # where each row's token stands
        ids, gold = encoded(model, self.sentences)
        self.flat_ids, self.flat_gold = ids[self.rows], gold[self.rows]
        place, shape = (self.batch.sequence, self.batch.step), (len(self.tokens), int(self.lengths[0]))
        self.ids, self.gold = np.zeros((*shape, ids.shape[1]), np.int64), np.zeros(shape, np.int64)
        self.ids[place], self.gold[place] = self.flat_ids, self.flat_gold


def check(what: str, ours: Any, theirs: Any, close: float) -> None:
    """Stop the benchmark where the contenders do not compute the same."""
    error = float(np.abs(np.asarray(ours) - np.asarray(theirs)).max())
    if not error <= close:
        raise SystemExit(f"{what}: the contenders differ by {error:.2g}")
    print(f"checked: {what}, largest difference {error:.1e}")


def row(what: str, ours: float, other: str, theirs: float) -> dict[str, Any]:
    """A line of the table."""
    figures = {"ours, words/s": round(ours), "theirs, words/s": round(theirs), "ratio": ours / theirs}
    return {"what": what, "against": other} | figures


def ours_training(sentences: list[Sentence], threads: int, epochs: int = 4) -> float:
    """Words a second of our own training, without dropout as theirs, over the same batches' worth of sentences."""
    speeds: list[float] = []

    def told(report: object) -> None:
        if isinstance(report, Epoch):
            speeds.append(report.tokens_per_second)

    settings = SETTINGS | {"epochs": epochs, "dropout": 0.0, "word_dropout": 0.0}
    rnntag.train(sentences, sentences[:10], threads=threads, report=told, **settings)
    return max(speeds)


def ours_tagging(model: Model, chunks: list[Chunk], clock: Clock) -> float:
    """Words a second of ours, a chunk at a time."""
    tags = tagger(model, THREADS).tags
    return sum(chunk.words for chunk in chunks) / clock.seconds(lambda: [tags(chunk.tokens) for chunk in chunks])


def torch_agrees(model: Model, chunks: list[Chunk]) -> None:
    """Loss and gradients over some sentences, and the tags of all, are ours in both of PyTorch's forms."""
    from contender import Contender

    chunk = chunks[0]
    ours = Pass(model.network, model.parameters, chunk.batch, chunk.flat_ids, chunk.flat_gold)
    loss, size = ours.loss(), float(np.abs(ours.G["embedding.word"]).max())
    numbers = {tag: number for number, tag in enumerate(model.tags)}
    tags_of = tagger(model, THREADS).tags
    tags = [numbers[tag] for each in chunks for found in tags_of(each.tokens) for tag in found]
    for form in ("packed", "padded"):
        net = Contender(model, form == "packed")
        theirs = net.loss_of(chunk.ids, chunk.gold, chunk.lengths)
        theirs.backward()
        check(f"loss, {form}", loss / chunk.words, theirs.item() / chunk.words, 1e-4)
        word, between = net.gradients()
        check(f"gradient at the words, {form}", ours.G["embedding.word"] / size, word / size, 1e-3)
        found = ours.G[TRANSITIONS][: net.tags, : net.tags]
        check(f"gradient at the transitions, {form}", found / size, between / size, 1e-3)
        best = [tag for each in chunks for path in net.tagged(each.ids, each.lengths) for tag in path]
        check(f"share of other tags, {form}", np.mean(np.array(tags) != np.array(best)), 0.0, 1e-4)


def fastest(work: Callable[[str], Callable[[], object]], words: int, clock: Clock) -> tuple[str, float]:
    """The faster of PyTorch's two forms, and its words a second."""
    speeds = {form: words / clock.seconds(work(form)) for form in ("packed", "padded")}
    best = max(speeds, key=lambda form: speeds[form])
    return f"PyTorch {version('torch')}, {best}", speeds[best]


def against_torch(model: Model, chunks: list[Chunk], alone: list[Chunk], ours: Sequence[float], clock: Clock) -> Rows:
    """Training a whole step, embedding to Adam, and Viterbi tags, 32 sentences and one at a time.

    Neither side drops anything out; ours keeps averaged weights as well.
    """
    import torch
    from contender import Contender

    torch.set_num_threads(THREADS)
    torch_agrees(model, chunks)

    def training(form: str) -> Callable[[], None]:
        net = Contender(model, form == "packed")
        adam = torch.optim.Adam(net.parameters(), lr=1e-4, fused=True)

        def epoch() -> None:
            for chunk in chunks:
                adam.zero_grad()
                (net.loss_of(chunk.ids, chunk.gold, chunk.lengths) / BATCH).backward()
                torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
                adam.step()

        return epoch

    def tagging(which: list[Chunk]) -> Callable[[str], Callable[[], object]]:
        def prepared(form: str) -> Callable[[], object]:
            net = Contender(model, form == "packed")
            return lambda: [net.tagged(chunk.ids, chunk.lengths) for chunk in which]

        return prepared

    jobs = (
        ("training, whole step", training, chunks),
        ("tagging, 32 sentences at a time", tagging(chunks), chunks),
        ("tagging, one sentence at a time", tagging(alone), alone),
    )
    few = clock._replace(times=min(clock.times, 3))
    return [
        row(what, mine, *fastest(work, sum(chunk.words for chunk in which), few))
        for (what, work, which), mine in zip(jobs, ours, strict=True)
    ]


def types_of(model: Model, chunk: Chunk) -> np.ndarray:
    """The type of the token in each row."""
    return model.lexicon.numbers(list(itertools.chain(*chunk.tokens)))[chunk.rows]


def ours_forward(model: Model, chunks: list[Chunk], clock: Clock) -> float:
    """Words a second from ids to tag scores, on two threads: a batch cut in two, as the tagger does it."""
    numbers = [types_of(model, chunk) for chunk in chunks]
    scoring, spaces, halves = Scoring(model.network, model.parameters, model.lexicon), [], []
    for chunk, types in zip(chunks, numbers, strict=True):
        cut = [Batch(chunk.lengths[part::THREADS]) for part in range(THREADS)]
        rows = [(chunk.batch.sequence % THREADS == part).nonzero()[0] for part in range(THREADS)]
        halves.append([(batch, types[chosen]) for batch, chosen in zip(cut, rows, strict=True)])
    spaces = [Workspace() for _ in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:

        def both(half: list[tuple[Batch, np.ndarray]]) -> None:
            list(pool.map(lambda part, space: scoring.scores(*part, space), half, spaces))

        return sum(chunk.words for chunk in chunks) / clock.seconds(lambda: [both(half) for half in halves])


def against_onnx(model: Model, chunks: list[Chunk], ours: float, clock: Clock) -> Rows:
    """From ids to tag scores, once they are shown to be the same."""
    from contender import onnx_session

    session = onnx_session(model, THREADS)

    def scores(chunk: Chunk) -> np.ndarray:
        return session.run(None, {"ids": chunk.ids.transpose(1, 0, 2), "lengths": chunk.lengths.astype(np.int32)})[0]

    chunk = chunks[0]
    types = types_of(model, chunk)
    mine = Scoring(model.network, model.parameters, model.lexicon).scores(chunk.batch, types, Workspace())
    theirs = scores(chunk)[chunk.batch.step, chunk.batch.sequence]
    check("tag scores, ONNX Runtime", mine[:, : model.network.tags], theirs, 1e-3)
    speed = sum(chunk.words for chunk in chunks) / clock.seconds(lambda: [scores(chunk) for chunk in chunks])
    return [row("forward alone, 32 sentences", ours, f"ONNX Runtime {version('onnxruntime')}", speed)]


def written(sentences: list[Sentence], path: Path, words: int) -> int:
    """Write so many words, a sentence a line, and say how many it were."""
    done = 0
    with path.open("w", encoding="utf-8") as file:
        for sentence in itertools.cycle(sentences):
            print(*sentence.tokens, file=file)
            done += len(sentence)
            if done >= words:
                return done
    return done


def features(tokens: list[str], i: int) -> list[str]:
    """The usual templates: word, neighbours, affixes, shape."""
    word = tokens[i]
    found = [f"w={word.lower()}", f"s={''.join('X' if c.isupper() else '0' if c.isdigit() else 'x' for c in word)}"]
    found += [f"p{n}={word[:n]}" for n in (1, 2, 3)] + [f"e{n}={word[-n:]}" for n in (1, 2, 3)]
    found += [f"{d}={tokens[i + d].lower()}" for d in (-2, -1, 1, 2) if 0 <= i + d < len(tokens)]
    return found


def crfsuite_tagging(train: list[Sentence], text: Path, iterations: int) -> float:
    """Seconds of python-crfsuite in a loop that reads, extracts features, tags and writes."""
    import pycrfsuite

    model = str(text.with_name("model.crf"))
    trainer = pycrfsuite.Trainer(verbose=False, params={"max_iterations": iterations, "c1": 0.1, "c2": 0.01})
    for sentence in train:
        trainer.append([features(sentence.tokens, i) for i in range(len(sentence))], list(sentence.tags or []))
    trainer.train(model)
    crf = pycrfsuite.Tagger()
    crf.open(model)
    began = time.perf_counter()
    with text.open(encoding="utf-8") as source, text.with_name("out").open("w", encoding="utf-8") as sink:
        for line in source:
            tokens = line.split()
            tags = crf.tag([features(tokens, i) for i in range(len(tokens))])
            sink.write("".join(f"{token}\t{tag}\n" for token, tag in zip(tokens, tags, strict=True)) + "\n")
    return time.perf_counter() - began


def measured(folder: Path, scratch: Path, effort: Effort) -> Rows:
    """The rows of the table. Ours come first: the others' threads go on spinning after their work is done."""
    train, dev = (read_corpus(folder / f"{part}.conll") for part in ("train", "dev"))
    file, text = scratch / "model.rnntag", scratch / "lines.txt"
    # After one epoch scores are those of a real model.
    model = rnntag.train(train, dev[:100], file, threads=THREADS, epochs=1, **SETTINGS).model
    some = train[: BATCH * effort.batches]
    chunks = [Chunk(model, some[at : at + BATCH]) for at in range(0, len(some), BATCH)]
    alone = [Chunk(model, [sentence]) for sentence in some[: 5 * effort.batches]]
    one, two = ours_training(some, 1), ours_training(some, 2)
    many, single = ours_tagging(model, chunks, effort.clock), ours_tagging(model, alone, effort.clock)
    forward = ours_forward(model, chunks, effort.clock)
    words, what = written(train, text, effort.words), f"`rnntag tag`, {effort.words:,} words, start to end"
    first, both = (
        words / run([*RNNTAG, "tag", "-m", str(file), "--threads", threads, str(text)]).seconds for threads in "12"
    )
    rows: Rows = []
    if installed("onnxruntime") and installed("onnx"):
        rows += against_onnx(model, chunks, forward, effort.clock)
    if installed("pycrfsuite"):
        theirs = words / crfsuite_tagging(train, text, effort.iterations)
        rows.append(row(what, both, "python-crfsuite in a loop", theirs))
    if installed("torch"):
        rows = [*against_torch(model, chunks, alone, (two, many, single), effort.clock), *rows]
    rows.append(row("training, 2 threads", two, "1 thread", one))
    return [*rows, row(what.replace("words,", "words, 2 threads,"), both, "1 thread", first)]


@benchmark
@folder_argument
def main(folder: Path, smoke: bool) -> Tables:
    with corpus(folder, smoke) as folder, tempfile.TemporaryDirectory() as scratch:
        return {"ratios": measured(folder, Path(scratch), SMOKE if smoke else Effort())}


if __name__ == "__main__":
    main()
