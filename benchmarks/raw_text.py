"""What does it cost that text is raw? Tags of gold tokens against those of the same text, cut in several ways.

    python benchmarks/raw_text.py [FOLDER] [--json FILE] [--smoke]

FOLDER holds train.conllu.gz and dev.conllu.gz, which know their text. A model is trained on them by default, and learns
from the text how to cut; and once more from the tokens alone. F1 is of tokens and of tagged tokens, each found where
its first and last character stand; paragraphs are lines of four sentences. Without FOLDER, it is the English sample
corpus in the text that it may have had.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from inside import as_written, taught_by_tokens
from measure import RNNTAG, Rows, Tables, benchmark, corpus, folder_argument, run

from rnntag.formats import read_corpus

PARAGRAPH = 4  # sentences
WAYS = {"as training was cut": (), "`--characters`": ("--characters",), "`--spaces`": ("--spaces",)}


class Text(NamedTuple):
    """A line of text, its tokens and their tags."""

    line: str
    tokens: list[str]
    tags: list[str]


def texts(path: Path) -> list[Text]:
    """The sentences of a corpus with their text, which is guessed where it has none."""
    return [
        Text(sentence.text or as_written(sentence.tokens)[0], sentence.tokens, sentence.tags or [])
        for sentence in read_corpus(path)
    ]


def paragraphs(lines: Sequence[Text]) -> list[Text]:
    """Several sentences a line."""
    groups = [lines[start : start + PARAGRAPH] for start in range(0, len(lines), PARAGRAPH)]
    return [
        Text(
            " ".join(each.line for each in group),
            [token for each in group for token in each.tokens],
            [tag for each in group for tag in each.tags],
        )
        for group in groups
    ]


def pieces(tokens: Sequence[str], tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Where tokens stand among the characters that are no white space, and their tags."""
    place = 0
    for token, tag in zip(tokens, tags, strict=True):
        end = place + len("".join(token.split()))
        yield place, end, tag
        place = end


def f1(gold: Sequence[Text], found: Sequence[Text]) -> tuple[float, float]:
    """F1 of tokens and of tagged tokens, in percent."""
    right, tagged, count = 0, 0, 0
    for ours, theirs in zip(gold, found, strict=True):
        one, other = set(pieces(ours.tokens, ours.tags)), set(pieces(theirs.tokens, theirs.tags))
        tagged += len(one & other)
        right += len({piece[:2] for piece in one} & {piece[:2] for piece in other})
        count += len(one) + len(other)
    return 200 * right / count, 200 * tagged / count


def tagged(model: Path, lines: Sequence[str], scratch: Path, *more: str) -> list[Text]:
    """Lines as ``rnntag tag`` cuts and tags them."""
    source, target = scratch / "lines.txt", scratch / "tagged.conll"
    source.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    run([*RNNTAG, "tag", "-m", str(model), "--to", "conll", "-o", str(target), *more, str(source)])
    blocks = target.read_text(encoding="utf-8").split("\n\n")[: len(lines)]
    rows = [[row.split("\t") for row in block.split("\n") if "\t" in row] for block in blocks]
    return [Text("", [row[0] for row in each], [row[-1] for row in each]) for each in rows]


def measured(model: Path, dev: Sequence[Text], scratch: Path, taught: str) -> Rows:
    """The rows of one model."""
    rows = []
    joined = tagged(model, [" ".join(text.tokens) for text in dev], scratch, "--spaces")
    asked = [("gold tokens", dev, joined)]
    for way, more in WAYS.items():
        asked.append((f"raw text, {way}", dev, tagged(model, [text.line for text in dev], scratch, *more)))
    several = paragraphs(dev)
    asked.append(("paragraphs, as training was cut", several, tagged(model, [text.line for text in several], scratch)))
    for what, gold, found in asked:
        tokens, tags = f1(gold, found)
        rows.append({"learned from": taught, "given": what, "token F1": round(tokens, 2), "tag F1": round(tags, 2)})
    return rows


def part(folder: Path, name: str) -> Path:
    """A file of a corpus, with its text if there is one."""
    return next(iter(sorted(folder.glob(f"{name}.conllu*"))), folder / f"{name}.conll")


@benchmark
@folder_argument
def main(folder: Path, smoke: bool) -> Tables:
    fast = ["--epochs", "1", "--hidden", "8"] if smoke else []
    with corpus(folder, smoke) as here, tempfile.TemporaryDirectory() as name:
        scratch, train, dev = Path(name), part(here, "train"), part(here, "dev")
        models = {"text": scratch / "text.rnntag", "tokens": scratch / "tokens.rnntag"}
        run([*RNNTAG, "train", str(train), "--dev", str(dev), "-o", str(models["text"]), "--quiet", *fast])
        taught_by_tokens(models["text"], models["tokens"], read_corpus(train), read_corpus(dev))
        rows = [row for taught, model in models.items() for row in measured(model, texts(dev), scratch, taught)]
    return {"raw text": rows}


if __name__ == "__main__":
    main()
