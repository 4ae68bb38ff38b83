"""CONTRIBUTING's list of the house names every module, and nothing else."""

import re
from pathlib import Path

from documents import ROOT

PACKAGE = ROOT / "rnntag"
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def named():
    """The modules and rooms of the list, by their indentation."""
    block = re.search(r"^```text\nrnntag/\n(.*?)^```$", TEXT, re.M | re.S)[1]
    rooms, found = [], []
    for line in block.splitlines():
        indent, name, told = re.fullmatch(r"( *)(\S+) +(\S.*)", line).groups()
        assert told, f"{name} says nothing"
        del rooms[len(indent) // 2 - 1 :]
        found.append("".join([*rooms, name]))
        if name.endswith("/"):
            rooms.append(name)
    return found


def test_every_module_is_named_and_nothing_else():
    files = {file.relative_to(PACKAGE).as_posix() for file in PACKAGE.rglob("*.py")}
    rooms = {f"{Path(file).parent}/" for file in files if file.endswith("/__init__.py")}
    modules = {file for file in files if not file.endswith("/__init__.py")}
    found = named()
    assert len(found) == len(set(found))
    assert set(found) - {f"{room}__init__.py" for room in rooms} == rooms | modules


def test_the_walls_are_those_of_the_test():
    walls = (ROOT / "tests" / "test_walls.py").read_text("utf-8")
    lines = re.search(r'LINES = """\n(.*?)"""', walls, re.S)[1]
    block = re.search(r"^```text\ncli\n(.*?)^```$", TEXT, re.M | re.S)[0]
    assert block.split()[1:-1] == lines.split()


def test_what_is_to_be_touched_is_there():
    section = TEXT.partition("## Where things are added")[2].partition("\n## ")[0]
    for path in re.findall(r"`([\w/]+/(?:\w+\.py)?)`", section):
        if "NAME" not in path:
            assert (PACKAGE / path).exists() or (ROOT / path).exists(), path
