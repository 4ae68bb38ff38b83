"""The numeric tests on every kind of kernel that this processor can run: `make chips`, or some of them by name.

    python tests/chips.py [NAME ...]

OpenBLAS and Numba choose their kernels by processor. Each setting here makes them choose those of another one, so that
what one machine computes can be seen on the next. One line a setting, and the names of the tests that failed.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

TESTS = Path(__file__).parent
NUMERIC = (
    *("kernels", "plain", "arrays", "features", "network", "model", "training", "tagging"),
    *("cli/test_train.py", "cli/test_tag.py"),
)
SETTINGS = (
    *({"OPENBLAS_CORETYPE": core} for core in ("Haswell", "Zen", "SkylakeX", "Sandybridge", "Nehalem", "Prescott")),
    {"NUMBA_CPU_NAME": "generic", "NUMBA_ENABLE_AVX": "0"},
)
# A product, so that a processor that has not these instructions says so; then whose kernels it was. Ours are compiled
# now, so that no command says so among the tests.
PROBE = """
import numpy as np, threadpoolctl
np.ones((64, 64), np.float32) @ np.ones((64, 64), np.float32)
print(*(each["architecture"] for each in threadpoolctl.threadpool_info() if each["internal_api"] == "openblas"))
from rnntag.arrays import engine
engine.kernels()
"""


def chosen(environment: dict[str, str]) -> str | None:
    """Whose kernels OpenBLAS runs, as it names them; None where this processor cannot run them."""
    probe = subprocess.run([sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True)
    if probe.returncode == -signal.SIGILL:
        return None
    probe.check_returncode()
    return probe.stdout.strip()


def told(output: str) -> str:
    """The failures and the last line of what pytest wrote, without its colours."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", output).splitlines()
    failures = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    return "\n    ".join([lines[-1].strip("= ") if lines else "nothing", *failures])


def main() -> int:
    """Run them; 1 if any failed."""
    red, seen = False, {}
    asked = sys.argv[1:] or [""]
    for setting in (each for each in SETTINGS if any(part in str(each) for part in asked)):
        name, environment = " ".join("=".join(pair) for pair in setting.items()), os.environ | setting
        core, began = chosen(environment), time.monotonic()
        if core is None:
            print(f"{name}: not run, for this processor has not the instructions of these kernels", flush=True)
        elif core and "OPENBLAS_CORETYPE" in setting and core in seen:
            print(f"{name}: NumPy's OpenBLAS runs {core} kernels, as for {seen[core]}", flush=True)
        else:
            seen.setdefault(core, name)
            command = [sys.executable, "-m", "pytest", "-v", "--tb=no", "-n2", "--dist=loadfile"]
            files = [str(TESTS / part) for part in NUMERIC]
            done = subprocess.run([*command, *files], env=environment, capture_output=True, text=True)
            red |= done.returncode != 0
            verdict = told(done.stdout or done.stderr)
            print(f"{name} ({core} kernels): {verdict} ({time.monotonic() - began:.0f} s)", flush=True)
    return int(red)


if __name__ == "__main__":
    sys.exit(main())
