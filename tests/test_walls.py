"""Who may know whom: a room imports only from rooms below its own, and what is heavy loads late."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from shell import environment

import rnntag

PACKAGE = Path(rnntag.__file__).parent
LINES = """
    cli
    show __init__
    training
    evaluation
    checks tagging
    corpora model
    formats network
    punctuation features
    files data arrays
    errors version kernels plain
"""
LINE = {room: number for number, line in enumerate(reversed(LINES.strip().splitlines())) for room in line.split()}
TEXT = {"formats", "corpora", "punctuation", "files"}
NUMBERS = {"network", "features", "arrays"}
HOMES = {
    "numba": "kernels/",
    "llvmlite": "kernels/",
    "click": "cli/",
    "rich": "show/",
    "safetensors": "model/",
    "jinja2": "show/page/",
}
TABLES = {"formats", "checks", "show/page", "kernels", "plain", "cli"}  # rooms whose __init__ holds a table
MODULES = {file.relative_to(PACKAGE).as_posix(): ast.parse(file.read_text("utf-8")) for file in PACKAGE.rglob("*.py")}
HEAVY = {"numpy", "numba", "llvmlite", "rich", "safetensors"}


def imports(tree):
    """Every module or name that is imported, wherever that stands, as a dotted name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(name):
    """The room of the package that a dotted name lies in; None outside, '__init__' for the package itself."""
    top, _, rest = name.partition(".")
    first = rest.partition(".")[0]
    return None if top != "rnntag" else first if first in LINE else "__init__"


def owner(file):
    """The room of a file; None for what stands above all others."""
    return None if file == "__main__.py" else file.partition("/")[0].removesuffix(".py")


@pytest.mark.parametrize("file", sorted(MODULES))
def test_a_module_imports_only_from_rooms_below_its_own(file):
    own = owner(file)
    assert own is None or own in LINE, f"{file} stands in no room"
    for imported in imports(MODULES[file]):
        other = room(imported)
        if own and other and other != own:
            assert LINE[other] < LINE[own], f"{file} stands below {imported}"


@pytest.mark.parametrize("file", sorted(MODULES))
def test_a_module_keeps_to_its_side_of_the_inner_walls(file):
    own = owner(file)
    for imported in imports(MODULES[file]):
        other = room(imported)
        if own in ("kernels", "plain"):
            assert other in (None, own), f"{file} knows {imported}"
        if other in ("kernels", "plain") and other != own:
            assert file == "arrays/engine.py", f"{file} reaches past the engine, to {imported}"
        if own in NUMBERS:
            assert other not in TEXT, f"{file} knows of text: {imported}"


@pytest.mark.parametrize("file", sorted(MODULES))
def test_a_library_is_imported_in_its_home_alone(file):
    for imported in imports(MODULES[file]):
        home = HOMES.get(imported.partition(".")[0], "")
        assert file.startswith(home), f"{file} imports {imported}"


def test_no_line_is_without_its_room():
    assert {owner(file) for file in MODULES} - {None} == set(LINE)


@pytest.mark.parametrize("file", sorted(file for file in MODULES if file.endswith("/__init__.py")))
def test_the_face_of_a_room_is_its_docstring(file):
    tree = MODULES[file]
    assert ast.get_docstring(tree), f"{file} does not say what the room is for"
    if file.removesuffix("/__init__.py") not in TABLES:
        assert len(tree.body) == 1, f"{file} holds more than its docstring"


def test_the_package_itself_loads_its_rooms_late():
    tree = MODULES["__init__.py"]
    top = ast.Module([node for node in tree.body if not isinstance(node, (ast.FunctionDef, ast.If))], [])
    assert {room(name) for name in imports(top)} - {None} == {"errors", "data", "version"}


def loaded(script):
    """Which of the heavy libraries a script has loaded at its end."""
    script += f"\nprint(*sorted({HEAVY} & set(sys.modules)), file=sys.stderr)"
    streams = {"input": b"wake me at seven\n", "capture_output": True, "env": environment(), "timeout": 60}
    found = subprocess.run([sys.executable, "-c", f"import sys\n{script}"], check=True, **streams)
    return set(found.stderr.decode().splitlines()[-1].split())


def command(*arguments):
    """A script that runs a command line."""
    words = ["rnntag", *map(str, arguments)]
    run = "try: main()\nexcept SystemExit as end: assert not end.code, end.code"
    return f"sys.argv = {words}\nfrom rnntag.cli import main\n{run}"


def test_importing_rnntag_loads_nothing_heavy():
    assert loaded("import rnntag\nrnntag.Sentence(['a'])") == set()


def test_help_loads_nothing_heavy():
    helps = [command(*words, "--help") for words in ((), ("train",), ("tag",), ("eval",))]
    assert loaded("\n".join([*helps, command("--version")])) == set()


def test_tagging_a_sentence_never_loads_numba(trained):
    assert loaded(command("tag", "-m", trained.path)) == {"numpy", "safetensors"}
