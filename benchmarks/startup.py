"""How long until something appears? Each command against a bare Python that imports what it cannot do without.

python benchmarks/startup.py [--json FILE]
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from measure import RNNTAG, arguments, ratios, run, show

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        line = Path(scratch) / "line.txt"
        line.write_text("wake me at seven tomorrow\n")
        python = [sys.executable, "-c"]
        questions = [
            ("rnntag --help", [*RNNTAG, "--help"], "import click"),
            ("rnntag tag, one line, no kernels cached", [*RNNTAG, "tag", str(line)], "import numpy, click"),
        ]
        os.environ["RNNTAG_CACHE"] = f"{scratch}/empty"
        rows = []
        for what, ours, imports in questions:
            a, b, ratio = ratios(ours, [*python, imports])
            rows.append({"command": what, "seconds": a, "against": imports, "their seconds": b, "ratio": ratio})
        load = [*python, "from rnntag import engine; engine.kernels()"]
        cold, cached = run(load).seconds, min(run(load).seconds for _ in range(5))
        rows += [
            {"command": what, "seconds": figure, "against": "", "their seconds": 0.0, "ratio": 0.0}
            for what, figure in (("all kernels, nothing cached", cold), ("all kernels, cached", cached))
        ]
    show("startup.py", rows, arguments(sys.argv[1:]).json)
