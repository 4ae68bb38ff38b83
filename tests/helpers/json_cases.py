"""JSON that is read and written again."""

from pathlib import Path

from readers import read, written

JSON = ("jsonl", "doccano", "label-studio")

GOLDEN = Path(__file__).parents[1] / "formats" / "golden" / "formats"


def golden(name):
    """The input of a golden file."""
    return (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").split("\n", 1)[1].split("=== output ===\n")[0]


def again(text, start, to, **reading):
    """What is read as one format, in another."""
    return written(read(text, start, **reading), to)


DEEP = "[" * 100_000
LINE = "hint: a line is one object"
TASKS = "hint: an export is an array of tasks: choose JSON or JSON-MIN"
END = "hint: a span's end is the place of the character after it"
WHOLE = "hint: jq -c . FILE puts U+FFFD in its place"
