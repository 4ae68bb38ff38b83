"""The n-th call of a function of Python's fails: of those that call the system, or, for want of memory, of any.

Coarser than calls of the system, but it needs no compiler, and no Linux.
"""

import os

import pytest
from fault_kinds import KINDS_OF_PYTHON
from fault_runs import swept


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process for each case is forked")
def test_a_call_that_fails_ends_in_one_sentence_or_in_a_right_result(tmp_path):
    names = ["tag -o", "convert --to seq", "check --fix"]
    found = list(swept(tmp_path, None, 1, KINDS_OF_PYTHON, names))
    assert [told for line in found for told in line["complaints"]] == []
    cases = {(name, kind) for name in names for kind in KINDS_OF_PYTHON}
    assert {(line["command"], line["kind"]) for line in found} == cases
    assert {line["kind"] for line in found if line["told"]} >= {"open", "write", "fsync", "rename", "close", "call"}
