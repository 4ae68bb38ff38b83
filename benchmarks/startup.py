"""How long until something appears? Each command against a bare Python that imports what it cannot do without.

python benchmarks/startup.py [--json FILE] [--smoke]
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from inside import LOAD_KERNELS
from measure import RNNTAG, Tables, benchmark, ratios, run

TIMES = 7


@benchmark
def main(smoke: bool) -> Tables:
    times = 1 if smoke else TIMES
    python = [sys.executable, "-c"]
    with tempfile.TemporaryDirectory() as scratch:
        line = Path(scratch, "line.txt")
        line.write_text("wake me at seven tomorrow\n", encoding="utf-8")
        questions = [
            ("`rnntag --help`", [*RNNTAG, "--help"], "import click"),
            ("`rnntag tag`, one line, nothing compiled yet", [*RNNTAG, "tag", str(line)], "import numpy, click"),
        ]
        if not smoke:  # to compile all kernels takes ten seconds
            os.environ["RNNTAG_CACHE"] = f"{scratch}/empty"
        rows = []
        for command, ours, imports in questions:
            a, b, ratio = ratios(ours, [*python, imports], times)
            rows.append({"command": command, "s": a, "against": f"`python -c '{imports}'`", "its s": b, "ratio": ratio})
        cold = run([*python, LOAD_KERNELS]).seconds
        cached = min(run([*python, LOAD_KERNELS]).seconds for _ in range(times))
    kernels = [{"kernels": "compiled: once a machine", "s": cold}, {"kernels": "from the cache", "s": cached}]
    return {"commands": rows, "kernels": kernels}


if __name__ == "__main__":
    main()
