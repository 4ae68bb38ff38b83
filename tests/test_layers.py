"""Who may know whom: each module imports only from lines below its own, and what is heavy loads late."""

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
    progress painting description
    report runs page
    training scoring
    calibration
    tagging significance mistakes live
    weighing running
    model corpora evaluation checks
    inference
    network
    characters intents
    layer
    posterior streams
    cells decoders optimiser suspicions vectors
    parameters formats workspace
    vocabulary scheme spec restoring
    features batches engine nbest punctuation
    sentence bundled marks
    files tokenisation
    errors kernels plain
    visible
"""
LINE = {room: number for number, line in enumerate(reversed(LINES.strip().splitlines())) for room in line.split()}
HOMES = {
    "numba": "kernels",
    "llvmlite": "kernels",
    "click": "cli",
    "rich": "report painting progress",
    "safetensors": "model",
    "jinja2": "page",
}
MODULES = {file.relative_to(PACKAGE).as_posix(): ast.parse(file.read_text("utf-8")) for file in PACKAGE.rglob("*.py")}


def imports(tree, package):
    """Every module that is imported, wherever it stands, as a dotted name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = (
                ".".join([*package[: len(package) + 1 - node.level], node.module or ""]) if node.level else node.module
            )
            yield from (f"{base}.{alias.name}" for alias in node.names)


def room(name):
    """The part of the package a dotted name lies in; None outside, '' for the package itself."""
    top, _, rest = name.partition(".")
    first = rest.partition(".")[0]
    return None if top != "rnntag" else first if first in LINE else ""


def owner(name):
    """The room of a file; the package's own two modules stand above all others."""
    first = name.partition("/")[0].removesuffix(".py")
    return None if first in ("__init__", "__main__") else first


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_imports_only_from_lines_below_its_own(name):
    own = owner(name)
    assert own is None or own in LINE, f"{name} has no line yet"
    for imported in imports(MODULES[name], ["rnntag", *Path(name).parent.parts]):
        homes = HOMES.get(imported.partition(".")[0])
        assert own is None or homes is None or own in homes.split(), f"{imported} has its home elsewhere"
        known = room(imported)
        if own and known and known != own:
            assert LINE[known] < LINE[own], f"{name} stands below {imported}"
            assert own not in ("kernels", "plain"), f"{name} knows {imported}"
        if own and known == "":  # of the package itself only what needs no other room
            assert imported == "rnntag.__version__", f"{name} imports {imported}"


def test_no_line_is_without_its_module():
    assert {owner(name) for name in MODULES} - {None} == set(LINE)


def test_the_package_itself_loads_its_rooms_late():
    tree = MODULES["__init__.py"]
    top = ast.Module([node for node in tree.body if not isinstance(node, (ast.FunctionDef, ast.If))], [])
    assert {room(name) for name in imports(top, ["rnntag"])} - {None} == {"errors", "sentence"}


HEAVY = {"numpy", "numba", "llvmlite", "rich", "safetensors"}


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
