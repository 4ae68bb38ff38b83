"""Documents as tests: what a page shows of the shell and of Python is run, what it links to is looked up.

Three kinds of fenced blocks are run, in the order of the page, in a folder of the page's own:

    console  ``$ command`` (``> `` carries it on), then what it prints on either stream. ``...`` stands for anything,
             alone on a line for any lines; numbers with a point need only be near, rates and seconds only be there.
             What is told of the bundled model may be left out. A command that fails is followed by ``$ echo $?``.
    sh       a script whose output is not shown; each of its commands ends well
    python   run in one namespace a page; a block ``text`` right behind it is what it prints. One that imports a library
             of `WELCOME` which is not installed is left out.

Run as a program (``make docs``), this module writes what commands print, and numbers of linked lines, into the pages,
and the manual page anew.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
import io
import os
import re
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from sybil import Document, Example
from sybil.example import SybilFailure
from sybil.parsers.markdown import CodeBlockParser
from zygote import served

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TIMEOUT = 120
MARK = "=== status of the command above:"
# On standard error wherever no model is named; a page shows it once.
NOTICE = "using the model that comes with rnntag (English home and travel requests); another: -m MODEL\n"
# Of whoever runs the tests, what would change what a command writes.
FOREIGN = {"NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS", "LINES", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "TERM"}
FOREIGN |= {"PYTHONUNBUFFERED", "PYTHONIOENCODING", "PYTHONUTF8"}

DECIMAL = r"(?<![\w.])-?\d+\.\d+(?![\w.]*\.\d)"
MOVING = re.compile(
    rf"(?P<lines>^ *\.\.\.\n)|(?P<some>\.\.\.)|(?P<pace>\d[\d,]*(?= words/s|(?: min)? s\b))|(?P<near>{DECIMAL})", re.M
)
WELCOME = ("pandas",)  # of use to readers, and not needed by rnntag or its tests
NEAR = 0.1  # how far a number may be off, as a share of it or of 1
PERCENT = 5.0  # and one of two decimals, which is a percentage
LINK = re.compile(
    r"\[`(?P<file>[\w/.]+):\d+`\]\((?:\.\./)?(?P=file)#L(?P<line>\d+)\)\s\(`(?P<name>[\w.]+)`(?::\s`(?P<text>[^`]+)`)?\)"
)


class Command(NamedTuple):
    """A command of a session, and the lines that are shown below it."""

    text: str
    shown: str


class Ran(NamedTuple):
    """What a command printed, and its exit status."""

    printed: str
    status: int


def commands(session: str) -> list[Command]:
    """The commands of a block ``console``."""
    found: list[tuple[list[str], list[str]]] = []
    for line in session.splitlines():
        if line.startswith("$ "):
            found.append(([line[2:]], []))
        elif line.startswith("> ") and not found[-1][1]:
            found[-1][0].append(line[2:])
        else:
            found[-1][1].append(line)
    return [Command("\n".join(text), "".join(f"{line}\n" for line in shown)) for text, shown in found]


def matches(shown: str, printed: str) -> bool:
    """Whether a command printed what is shown, but for what may differ from machine to machine."""
    if NOTICE not in shown:
        printed = printed.replace(NOTICE, "")
    shown, printed = (re.sub(" {2,}", " ", text) for text in (shown, printed))
    pattern, limits, end = "", [], 0
    for place in MOVING.finditer(shown):
        pattern += re.escape(shown[end : place.start()])
        if place["near"]:
            number, decimals = float(place["near"]), place["near"].partition(".")[2]
            limits.append((number, PERCENT if len(decimals) == 2 else NEAR * max(abs(number), 1.0)))
        pattern += {"lines": "(?:.*\n)*?", "some": ".*?", "pace": r"\d[\d,]*", "near": rf"({DECIMAL})"}[place.lastgroup]
        end = place.end()
    found = re.fullmatch(pattern + re.escape(shown[end:]), printed)
    return found is not None and all(
        abs(float(printed_number) - number) <= limit
        for printed_number, (number, limit) in zip(found.groups(), limits, strict=True)
    )


def run(session: list[Command], folder: Path) -> list[Ran]:
    """Run commands, one after the other, in one shell."""
    end = f"status=$?; printf '\\n%s %s\\n' '{MARK}' \"$status\"; (exit $status)"
    script = folder / ".session"
    script.write_text("exec 2>&1\n" + _remembering("".join(f"{command.text}\n{end}\n" for command in session)), "utf-8")
    printed = _shell(script, folder).stdout.decode()
    parts = re.split(rf"\n{MARK} (\d+)\n", printed)
    assert len(parts) == 2 * len(session) + 1, f"the shell left early: {printed}"
    return [Ran(part, int(status)) for part, status in zip(parts[::2], parts[1::2], strict=False)]


def _remembering(script: str) -> str:
    """A script that has the environment which the one before it in the folder left, as in one terminal."""
    return f"test ! -e .environment || . ./.environment\n{script}\nexport -p > .environment\n"


def _shell(script: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RNNTAG_") and name not in FOREIGN}
    if cache := os.environ.get("RNNTAG_CACHE"):
        kept["RNNTAG_CACHE"] = cache
    kept |= {"PATH": f"{folder / '.bin'}{os.pathsep}{kept['PATH']}", "LC_ALL": "C.UTF-8"}
    kept["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [kept.get("PYTHONPATH")])])
    # Whoever pastes a page into a script may have a pipe there: no command of a page may take it for its corpus.
    streams = {"input": b"", "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.run(
        ["bash", "-o", "pipefail", *options, str(script)], cwd=folder, env=kept, timeout=TIMEOUT, check=False, **streams
    )


def prepare(folder: Path, rnntag: str) -> None:
    """Put what a reader has at hand into a folder: the sample corpora, ``python`` and ``rnntag``, given as its text."""
    (folder / "sample_corpora").symlink_to(ROOT / "sample_corpora")
    (folder / ".bin").mkdir()
    for name, text in (("rnntag", rnntag), ("python", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')):
        program = folder / ".bin" / name
        program.write_text(text, "utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)


def _console(example: Example) -> str:
    """A session as it goes now, with what is shown where that matches. Raises AssertionError where a command fails."""
    session, told = commands(example.parsed), ""
    for number, (command, ran) in enumerate(zip(session, run(session, example.namespace["folder"]), strict=True)):
        following = session[number + 1].text if number + 1 < len(session) else ""
        if ran.status and following != "echo $?":
            raise AssertionError(f"$ {command.text}\nends with status {ran.status}:\n{ran.printed}")
        told += "$ " + command.text.replace("\n", "\n> ") + "\n"
        told += command.shown if matches(command.shown, ran.printed) else ran.printed
    return told


def _sh(example: Example) -> str:
    """A script, once it ran. Raises AssertionError if one of its commands fails."""
    script = example.namespace["folder"] / ".session"
    script.write_text(_remembering(example.parsed), "utf-8")
    ran = _shell(script, example.namespace["folder"], "-e")
    assert not ran.returncode, f"ends with status {ran.returncode}:\n{ran.stdout.decode()}"
    return str(example.parsed)


def _python(example: Example) -> str:
    """A program, once it ran."""
    if any(f"import {name}\n" in example.parsed and not find_spec(name) for name in WELCOME):
        return str(example.parsed)
    here = Path.cwd()
    os.chdir(example.namespace["folder"])
    try:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            source = "\n" * example.line + example.parsed
            exec(compile(source, example.path, "exec", dont_inherit=True), example.namespace.setdefault("names", {}))
    finally:
        os.chdir(here)
    example.namespace["printed"] = printed.getvalue(), example.end
    return str(example.parsed)


def _text(example: Example) -> str:
    """What the program right before printed; of other text, the text itself."""
    printed, end = example.namespace.pop("printed", ("", -1))
    if end < 0 or example.document.text[end : example.start].strip() or matches(example.parsed, printed):
        return str(example.parsed)
    return printed


TOLD = {"console": _console, "sh": _sh, "python": _python, "text": _text}


def _evaluator(told: Callable[[Example], str]) -> Callable[[Example], str]:
    """What is wrong with a block; nothing if it shows what it should."""

    def evaluate(example: Example) -> str:
        now = told(example)
        example.namespace.setdefault("now", {})[example.start] = now
        return "\n".join(difflib.ndiff(example.parsed.splitlines(), now.splitlines())) if now != example.parsed else ""

    return evaluate


def document(page: Path, folder: Path) -> Document:
    """A page and what is to be run of it, in a folder."""
    read = Document.parse(str(page), *(CodeBlockParser(language, _evaluator(told)) for language, told in TOLD.items()))
    read.namespace["folder"] = folder
    return read


def faults(page: Path, folder: Path) -> list[str]:
    """What is wrong with a page: each fault under its line."""
    found = ((example.line, _fault(example)) for example in document(page, folder).examples())
    return [f"{page.name}:{line}: {fault}" for line, fault in found if fault]


def _fault(example: Example) -> str:
    try:
        example.evaluate()
    except AssertionError as fault:  # SybilFailure is one
        return str(fault)
    return ""


class Link(NamedTuple):
    """A link to a line of the code, the definition or the text that stands there, and where in the page it is."""

    file: str
    line: int
    name: str
    text: str | None
    place: re.Match[str]

    def meant(self) -> int:
        """The number of the line that holds the text, or opens the definition. Raises ValueError if there is none."""
        source = (ROOT / self.file).read_text("utf-8")
        node: ast.AST = ast.parse(source)
        for part in self.name.split("."):
            kinds = ast.FunctionDef, ast.ClassDef
            inner = [each for each in ast.iter_child_nodes(node) if isinstance(each, kinds) and each.name == part]
            if not inner:
                raise ValueError(f"{self.file} defines no {self.name}")
            node = inner[-1]
        if not self.text:
            return node.lineno
        lines = source.splitlines()
        for number in range(node.lineno, node.end_lineno + 1):
            if self.text in lines[number - 1]:
                return number
        raise ValueError(f"{self.name} of {self.file} does not hold: {self.text}")


def links(text: str) -> Iterator[Link]:
    """The links to lines of the code in a page, each with a name beside it: ``[`file:3`](../file#L3) (`name`)``."""
    for place in LINK.finditer(text):
        yield Link(place["file"], int(place["line"]), place["name"], place["text"], place)


def relinked(text: str) -> str:
    """A page with the numbers of linked lines put right."""
    for link in reversed([*links(text)]):
        here = str(link.meant())
        new = link.place[0].replace(f":{link.line}`", f":{here}`").replace(f"#L{link.line})", f"#L{here})")
        text = text[: link.place.start()] + new + text[link.place.end() :]
    return text


def retold(page: Path, folder: Path) -> str:
    """A page that shows what is printed now, where that is not what it shows."""
    read = document(page, folder)
    for example in read.examples():
        with contextlib.suppress(SybilFailure):
            example.evaluate()
    text = read.text
    for example in reversed([*read.examples()]):
        block, now = text[example.start : example.end], read.namespace["now"][example.start]
        head, _, _ = block.partition("\n")
        text = f"{text[: example.start]}{head}\n{now}```{text[example.end :]}"
    return text


def manual_page() -> str:
    """The manual page, as help is now."""
    from rnntag.cli import cli
    from rnntag.cli.manual import manual

    return manual(cli.make_context("rnntag", [], resilient_parsing=True))


def main() -> None:
    """Put pages right: those that are named, else all, and the manual page."""
    (ROOT / "docs" / "rnntag.1").write_text(manual_page(), "utf-8", newline="\n")
    with served() as rnntag:
        for page in [Path(name).resolve() for name in sys.argv[1:]] or PAGES:
            with tempfile.TemporaryDirectory() as folder:
                prepare(Path(folder), rnntag)
                new = relinked(retold(page, Path(folder)))
            if new != page.read_text("utf-8"):
                page.write_text(new, "utf-8", newline="\n")
                print(page.relative_to(ROOT))


if __name__ == "__main__":
    main()
