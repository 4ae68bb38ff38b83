"""Memory lacks at the n-th call that the package makes: one sentence, and what was there still stands."""

import os

import pytest
from fault_commands import COMMANDS, LONG
from fault_runs import swept


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process for each case is forked")
def test_a_lack_of_memory_ends_in_one_sentence(tmp_path):
    names = [name for name in COMMANDS if name not in LONG]
    found = list(swept(tmp_path, None, 5, ["call"], names))
    assert [told for line in found for told in line["complaints"]] == []
    assert [line["command"] for line in found] == names
    assert all(line["told"] for line in found)
