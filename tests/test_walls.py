"""Walls: a room imports only from rooms below its own, what is heavy loads late, nothing is long, all has its test."""

import ast
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from shell import environment

import rnntag

PACKAGE, TESTS = Path(rnntag.__file__).parent, Path(__file__).parent
LINES = """
    cli
    show __init__
    api
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
    "pyarrow": "formats/parquet.py",
}
TABLES = {"formats", "checks", "show/page", "kernels", "plain", "cli"}  # rooms whose __init__ holds a table
MODULES = {file.relative_to(PACKAGE).as_posix(): ast.parse(file.read_text("utf-8")) for file in PACKAGE.rglob("*.py")}
HEAVY = {"numpy", "numba", "llvmlite", "rich", "safetensors"}
FILE, TEST_FILE, BODY, COMMAND, PARAMETERS = 350, 450, 45, 25, 7  # at most: lines, but for parameters
# What goes beyond a limit, and why. This list may only shrink.
EXCEPTIONS = {
    "parameters of data/sentence.py: Sentence.__init__": "each is a field of the plain data that all rooms share",
    "parameters of __init__.py: train": "they are the options of the command line, by name",
}
# Test files that are not called as their modules are.
IMAGES = {"__init__.py": "test_init.py", "__main__.py": "test_main.py"}


def imports(tree, nodes=ast.walk):
    """Every module or name that is imported, wherever that stands, as a dotted name."""
    for node in nodes(tree):
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
    # Ctrl-C can be met only once it is loaded, as the console script loads it first.
    tree = MODULES["__init__.py"]
    top = ast.Module([node for node in tree.body if not isinstance(node, (ast.FunctionDef, ast.If))], [])
    assert {room(name) for name in imports(top)} - {None} == set()


@pytest.mark.parametrize("file", sorted(MODULES))
def test_no_module_is_long_and_no_function(file):
    assert set(excesses(file)) - set(EXCEPTIONS) == set()


@pytest.mark.parametrize("file", sorted(file.relative_to(TESTS).as_posix() for file in TESTS.rglob("*.py")))
def test_no_test_file_is_long(file):
    assert len(lines_of(TESTS / file)) <= TEST_FILE


def test_every_exception_is_still_needed():
    assert set(EXCEPTIONS) - {excess for file in MODULES for excess in excesses(file)} == set()


def excesses(file):
    """What of a module goes beyond a limit, as `EXCEPTIONS` calls it."""
    lines = lines_of(PACKAGE / file)
    if len(lines) > FILE:
        yield f"lines of {file}"
    for name, function in functions(MODULES[file]):
        if body_length(function, lines) > (COMMAND if owner(file) == "cli" else BODY):
            yield f"body of {file}: {name}"
        free = owner(file) in ("kernels", "plain") or is_command(function)
        if not free and number_of_parameters(function) > PARAMETERS:
            yield f"parameters of {file}: {name}"


def lines_of(path):
    return path.read_text("utf-8").splitlines()


def functions(tree, outer=""):
    """Every function with its name, behind those of the classes and functions that it stands in."""
    for node in ast.iter_child_nodes(tree):
        named = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        name = f"{outer}{node.name}" if named else outer.removesuffix(".")
        if named and not isinstance(node, ast.ClassDef):
            yield name, node
        yield from functions(node, f"{name}." if name else "")


def body_length(function, lines):
    """The lines of a body without its docstring; blank lines and comments do count."""
    header = [function.returns, *ast.walk(function.args)]
    start = max([function.lineno, *(node.end_lineno for node in header if hasattr(node, "end_lineno"))])
    if ast.get_docstring(function) is not None:
        start = function.body[0].end_lineno
    return len("\n".join(lines[start : function.end_lineno]).strip("\n").splitlines())


def is_command(function):
    """Whether Click calls a function with an option a parameter."""
    return any(ast.unparse(each).startswith(("click.command(", "click.group(")) for each in function.decorator_list)


def number_of_parameters(function):
    """Without self or cls."""
    given = function.args
    all_ = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
    return len(all_) - (bool(all_) and all_[0].arg in ("self", "cls"))


@pytest.mark.parametrize("file", sorted(file for file, tree in MODULES.items() if len(tree.body) > 1))
def test_every_module_has_its_test_file(file):
    """In the image of the package: a/b.py in a/test_b.py; what the room a/b holds in its __init__, in a/b/test_b.py."""
    folder, _, name = file.rpartition("/")
    own = f"{folder.rpartition('/')[2]}.py" if name == "__init__.py" else name
    expected = TESTS / folder / IMAGES.get(file, f"test_{own}")
    assert expected.is_file(), f"{file} has no {expected.relative_to(TESTS)}"


ROOMS = sorted(file.removesuffix("/__init__.py") for file in MODULES if re.fullmatch(r"\w+/__init__\.py", file))


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_names_its_face(name):
    """Whatever other rooms import from it stands in its docstring behind "Its face:", and nothing else does."""
    face = ast.get_docstring(MODULES[f"{name}/__init__.py"]).partition("Its face: ")[2]
    named = re.findall(r"`(\w+)`", face)
    assert sorted(named) == sorted({each for file in MODULES if owner(file) != name for each in taken(file, name)})


def taken(file, name):
    """What a module imports from a room; of a room that is imported as a whole, what is used of it."""
    for node in ast.walk(MODULES[file]):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.module == "rnntag":
            own = {alias.asname or alias.name for alias in node.names if alias.name == name}
            found = [each for each in ast.walk(MODULES[file]) if isinstance(each, ast.Attribute)]
            yield from (each.attr for each in found if isinstance(each.value, ast.Name) and each.value.id in own)
        elif room(node.module) == name:
            yield from (alias.name for alias in node.names)


def test_no_modules_import_each_other_in_a_circle():
    """Not even where imports stand in functions. What `import_module` looks up by name is not seen here."""
    graph = {file: imported_modules(file) for file in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" <- ".join(error.args[1])) from None


def imported_modules(file):
    """The modules of the package that a module imports when it is run, as files."""
    known = {other.removesuffix(".py").removesuffix("/__init__").replace("/", "."): other for other in MODULES}
    found = set()
    for name in imports(MODULES[file], at_run_time):
        parts = name.split(".")
        if parts[0] == "rnntag":
            longest = next(end for end in range(len(parts), 0, -1) if ".".join(parts[1:end]) in known or end == 1)
            found.add(known[".".join(parts[1:longest])] if longest > 1 else "__init__.py")
    return found


def at_run_time(tree):
    """All nodes, but for what is only imported for types."""
    yield tree
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield from at_run_time(node)


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
