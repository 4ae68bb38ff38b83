"""Commands run in the process of the tests: at once, without a start of Python each."""

from __future__ import annotations

import inspect

from click.testing import CliRunner
from shell import Outcome

from rnntag.cli import FAILURE, USAGE, cli, jobs
from rnntag.errors import RnntagError, SpecError

# Before 8.2 Click puts both streams into one unless it is told not to.
APART = {"mix_stderr": False} if "mix_stderr" in inspect.signature(CliRunner).parameters else {}
TINY = ("--hidden", "8", "--embedding", "4", "--epochs", "1", "--features", "word", "--seed", "1")


def run_here(*words: object, monkeypatch) -> Outcome:
    """What a command line leaves behind; faults as `rnntag.cli.main` tells them."""
    monkeypatch.setattr(jobs, "leave_with_reader", lambda: None)  # that is of a whole process
    found = CliRunner(**APART).invoke(cli, [str(word) for word in words], standalone_mode=False)
    error = found.exception
    if isinstance(error, RnntagError):
        status = USAGE if isinstance(error, SpecError) else FAILURE
        return Outcome(status, found.stdout, f"{found.stderr}Error: {error}\n")
    if error is not None:
        raise error
    return Outcome(found.return_value or 0, found.stdout, found.stderr)
