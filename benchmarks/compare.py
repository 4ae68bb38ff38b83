"""This run of `make bench` against an earlier one: figure by figure, new over old.

    python benchmarks/compare.py OLD NEW

Each is a folder of JSON files as `make bench` writes them, or one such file. Rows are matched by what they are about.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measure import show


def figures(path: Path) -> Iterator[tuple[tuple[str, str, str], float]]:
    """(table, row, column) and the figure there, of all tables."""
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        for title, rows in json.loads(file.read_text(encoding="utf-8"))["tables"].items():
            for row in rows:
                name = ", ".join(str(row[key]) for key in _naming(rows))
                for column, value in row.items():
                    figure = _figure(value)
                    if column not in (*_naming(rows), "asked", "seeds") and figure is not None:
                        yield (f"{file.stem}: {title.split(' against ')[0]}", name, column), figure


def _figure(value: Any) -> float | None:
    """A number, or the mean that stands before a ``±``; None for other text."""
    mean, sign, _ = str(value).partition(" ± ")
    return float(mean) if sign or isinstance(value, (int, float)) else None


def _naming(rows: list[dict[str, Any]]) -> list[str]:
    """The columns that say what a row is about: its first, and whichever of a few settings it has."""
    first, *others = rows[0]
    return [first, *(key for key in others if key in ("sequences", "threads", "scored"))]


if __name__ == "__main__":
    old, new = (dict(figures(Path(path))) for path in sys.argv[1:3])
    show(
        f"compare.py: {sys.argv[2]} against {sys.argv[1]}",
        [
            {"table": place[0], "row": place[1], "figure": place[2], "old": old[place], "new": new[place]}
            | {"new / old": new[place] / old[place] if old[place] else float("nan")}
            for place in new
            if place in old
        ]
        or [{"table": "nothing in common"}],
    )
