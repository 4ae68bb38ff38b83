"""How long until something appears? Each command against a bare Python that imports what it cannot do without.

python benchmarks/startup.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measure import RNNTAG, ratios, show

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        line = Path(scratch) / "line.txt"
        line.write_text("wake me at seven tomorrow\n")
        python = [sys.executable, "-c"]
        questions = [
            ("rnntag --help", [*RNNTAG, "--help"], "import click"),
            ("rnntag tag, one line", [*RNNTAG, "tag", str(line)], "import numpy, click"),
        ]
        rows = []
        for what, ours, imports in questions:
            a, b, ratio = ratios(ours, [*python, imports])
            rows.append({"command": what, "seconds": a, "against": imports, "their seconds": b, "ratio": ratio})
    show("startup.py", rows)
