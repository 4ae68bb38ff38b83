"""How fast do corpora convert, and in how much memory?

    python benchmarks/conversion.py [FOLDER] [--megabytes 1000] [--json FILE] [--smoke]

FOLDER holds train.conll, whose sentences are repeated to a file of JSON lines of that size, in each of its two shapes:
tokens and tags, and text with spans. Each conversion is timed as a whole process.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import click
from measure import RNNTAG, Rows, Tables, benchmark, corpus, folder_argument, run

from rnntag.data.bio import SCHEMES, detect
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import joined
from rnntag.formats import read_corpus, write

BIO = SCHEMES["bio"]
BURST = 10_000  # sentences


def with_text(sentence: Sentence) -> Sentence:
    """The same sentence as if it had been annotated in running text."""
    text, offsets = joined(sentence.tokens)
    spans = detect([sentence.tags or []]).spans(sentence.tags or [])
    tags = BIO.tags(spans, len(sentence))
    return Sentence(sentence.tokens, tags, intent=sentence.intent, text=text, offsets=offsets)


def pieces(sentences: list[Sentence], megabytes: float) -> Iterator[bytes]:
    """The sentences as JSON lines, again and again, until they are that many."""
    source = cycle([write(sentences[at : at + BURST], "jsonl", BIO).encode() for at in range(0, len(sentences), BURST)])
    written = 0
    while written < megabytes * 1e6:
        piece = next(source)
        written += len(piece)
        yield piece


def measured(folder: Path, megabytes: float) -> Rows:
    """A row for each conversion."""
    rows = []
    read = read_corpus(folder / "train.conll")
    bare = [Sentence(sentence.tokens, sentence.tags, intent=sentence.intent) for sentence in read]
    shapes = {"tokens and tags": bare, "text and spans": [with_text(sentence) for sentence in read]}
    with tempfile.TemporaryDirectory() as scratch:
        for shape, sentences in shapes.items():
            path, back = Path(scratch, "in.jsonl"), Path(scratch, "out.conll")
            with path.open("wb") as file:
                file.writelines(pieces(sentences, megabytes))
            for source, target in ((path, back), (back, Path(scratch, "again.jsonl"))):
                size = source.stat().st_size / 1e6
                found = run([*RNNTAG, "convert", str(source), "-o", str(target)])
                what = f"{source.suffix[1:]} to {target.suffix[1:]}"
                figures = {"MB": round(size), "MB/s": round(size / found.seconds, 1), "peak MB": round(found.megabytes)}
                rows.append({"`rnntag convert`": what, "its JSON": shape, **figures})
                if target != back:
                    target.unlink()
    return rows


@benchmark
@folder_argument
@click.option("--megabytes", default=1000.0, show_default=True, help="Size of the JSON lines.")
def main(folder: Path, megabytes: float, smoke: bool) -> Tables:
    with corpus(folder, smoke) as folder:
        return {"conversions": measured(folder, 0.05 if smoke else megabytes)}


if __name__ == "__main__":
    main()
