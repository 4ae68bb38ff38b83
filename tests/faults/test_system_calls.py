"""The n-th call of the operating system fails: one sentence or a right result, and what was there still stands.

A sample of the cases; `benchmarks/faults.py` runs all of them.
"""

import errno

import pytest
from fault_commands import COMMANDS, OLD, Command
from fault_kinds import ERRORS, KINDS, Fault, compiled, unable
from fault_runs import Outcome, complaint, sampled, swept


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    if reason := unable():
        pytest.skip(reason)
    return compiled(tmp_path_factory.mktemp("library"))


def test_a_call_that_fails_ends_in_one_sentence_or_in_a_right_result(tmp_path, library):
    names = [name for name in COMMANDS if name != "eval --html"]  # which takes long
    found = list(swept(tmp_path, library, 1, KINDS, names))
    assert [told for line in found for told in line["complaints"]] == []
    cases = [(name, kind, error) for name in names for kind in KINDS for error in ERRORS[kind]]
    assert [(line["command"], line["kind"], line["error"]) for line in found] == cases
    # or nothing would have been injected
    assert {line["kind"] for line in found if line["told"]} >= {"open", "write", "fsync", "rename", "close"}


RIGHT = Outcome(0, b"", "", {"in": b"in", "out": b"new"})
COMMAND = Command("", ("in",), {"out": OLD})


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (RIGHT, None),
        (RIGHT._replace(files={"in": b"in", "out": OLD}), "a wrong result, and status 0"),
        (RIGHT._replace(status=1), "0 sentences that begin with Error"),
        (RIGHT._replace(status=1, err="Error: a\n"), None),
        (RIGHT._replace(status=1, err="Error: a\n", files={"in": b"in", "out": OLD}), None),
        (RIGHT._replace(status=1, err="Error: a\nError: b\n"), "2 sentences that begin with Error"),
        (RIGHT._replace(status=1, err="Error: a\nTraceback\n"), "a traceback"),
        (RIGHT._replace(status=-9), "ended by signal 9"),
        (RIGHT._replace(files={"in": b"in", "out": b"ne"}), "out is neither the old one nor the new one"),
        (RIGHT._replace(files={"in": b"in"}), "out is neither the old one nor the new one"),
        (RIGHT._replace(files={"in": b"", "out": b"new"}), "in, which is read, is no longer the same"),
        (RIGHT._replace(files={**RIGHT.files, ".out.tmp": b""}), "left behind: .out.tmp"),
        (RIGHT._replace(out=b"?"), "standard output is not the beginning of what it should be"),
    ],
)
def test_an_outcome_is_judged(found, told):
    assert complaint(COMMAND, RIGHT, found, {"in": b"in"}) == told


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"out": OLD}, "the work is done, and lost"),
        ({"out": b"new"}, None),
        ({"out": OLD, "out.checkpoint": b"state"}, None),
        ({"out": OLD, "log": b"1\n"}, None),
    ],
)
def test_what_took_long_is_not_to_be_lost(found, told):
    command = Command("", (), {"out": OLD, "log": None}, ("log",), product="out", stays="out.checkpoint")
    right = Outcome(0, b"", "", {"out": b"new", "log": b"1\n2\n"})
    outcome = Outcome(1, b"", "Error: a\n", {"log": b"3\n4\n", **found})
    assert complaint(command, right, outcome, {}) == told
    elsewhere = outcome._replace(err="Error: a: the model is in /tmp/b/out instead\n", elsewhere={"b/out": b"new"})
    assert complaint(command, right, elsewhere, {}) is None
    assert complaint(command, right, elsewhere._replace(err="Error: a\n"), {}) == "left behind: b/out"


def test_what_fails_is_each_call_or_some_of_them():
    assert sampled(3, None, 5) == sampled(3, 4, 5) == [1, 2, 3]
    assert sampled(0, 2, 1) == []
    assert len(sampled(100, 4, 1)) == 4
    assert sampled(100, 4, 1) != sampled(100, 4, 2)


def test_a_fault_knows_its_number():
    assert (Fault("write", "ENOSPC...", 1).code, Fault("write", "ENOSPC...", 1).lasting) == (errno.ENOSPC, True)
    assert str(Fault("write", "EIO", 2)) == "write 2: EIO"
