"""Commands that faults are injected into: what each reads, writes and replaces; all of it small."""

from __future__ import annotations

import gzip
from typing import NamedTuple

from shell import utterances

OLD = b"what stood there before\n"


class Command(NamedTuple):
    """A command line in a folder of small files.

    words      behind ``rnntag``
    reads      files that are there, and must be the same afterwards
    writes     what is to be made or replaced, as it is before: bytes of a file, or None where nothing is there
    talk       of these files, those that tell of times too, and of which a part may be lost if that is told
    given      the file that is standard input
    product    of what is written, that which took long, and is not lost once the talk is complete
    stays      what may stand there if the command does not come to its end, and makes up for the product
    """

    words: str
    reads: tuple[str, ...]
    writes: dict[str, bytes | None] = {}  # noqa: RUF012  never changed
    talk: tuple[str, ...] = ()
    given: str | None = None
    product: str = ""
    stays: str = ""

    def comparable(self, name: str, data: bytes | None) -> object:
        """What of a file does not differ from one time to the other."""
        return data.count(b"\n") if name in self.talk and data else data


SMALL = "--epochs 2 --hidden 8 --embedding 4 --features word,suffix --batch 16 --seed 1"
COMMANDS = {
    "train": Command(
        f"train train.conll --dev dev.conll -o new.rnntag --log epochs.jsonl {SMALL}",
        ("train.conll", "dev.conll"),
        {"new.rnntag": OLD, "epochs.jsonl": None},
        ("epochs.jsonl",),
        product="new.rnntag",
        stays="new.rnntag.checkpoint",
    ),
    "tag": Command("tag -m small.rnntag", ("small.rnntag", "lines.txt"), given="lines.txt"),
    "tag -o": Command("tag -m small.rnntag lines.txt -o out.conll", ("small.rnntag", "lines.txt"), {"out.conll": OLD}),
    "tag --probabilities": Command(
        "tag -m small.rnntag lines.txt --probabilities -o out.jsonl.gz",
        ("small.rnntag", "lines.txt"),
        {"out.jsonl.gz": None},
    ),
    "convert": Command("convert train.conll --to inline", ("train.conll",)),
    "convert -o": Command("convert packed.conll.gz -o out.jsonl", ("packed.conll.gz",), {"out.jsonl": OLD}),
    "convert --to seq": Command(
        "convert train.conll --to seq -o folder",
        ("train.conll",),
        dict.fromkeys(("folder/seq.in", "folder/seq.out")),
    ),
    "check --fix": Command("check --fix wide.conll -o fixed.conll", ("wide.conll",), {"fixed.conll": OLD}),
    "check": Command("check train.conll dev.conll --json", ("train.conll", "dev.conll")),
    "eval --html": Command(
        "eval -m small.rnntag dev.conll --html page.html", ("small.rnntag", "dev.conll"), {"page.html": OLD}
    ),
    "eval --json": Command("eval -m small.rnntag dev.conll --json --errors", ("small.rnntag", "dev.conll")),
    "info": Command("info small.rnntag", ("small.rnntag",)),
}


def inputs() -> dict[str, bytes]:
    """What the commands read, but for the model."""
    train, dev = (utterances(part, count).encode() for part, count in (("train", 48), ("dev", 12)))
    return {
        "train.conll": train,
        "dev.conll": dev,
        "packed.conll.gz": gzip.compress(train, mtime=0),
        "wide.conll": dev.replace(b"\n", b"\r\n"),
        "lines.txt": b"wake me at seven tomorrow\nplay something by nina simone\n" * 20,
    }
