"""What a shell completes: files, models, columns, features. What has choices, Click completes by itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import click

from rnntag.errors import CONTROLS, RnntagError
from rnntag.formats import guess

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

F = TypeVar("F", bound=Callable[..., Any])
MODEL = ".rnntag"
LOOKED_AT = 200  # lines of a file whose columns are to be named
FEATURES = ("auto", "word", "shape", "prefix", "suffix", "char", "before", "after", "column:")
QUOTED = frozenset(" '\"\\$`*?[](){}<>|&;!~#")  # a shell would not take a name with one of these as it is
ACTING = frozenset(map(chr, CONTROLS))  # nor can a name with one of these be typed, and a terminal would act on it


def files(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Any file, as the shell finds them."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(begun, type="file")]


def models(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The models of a folder before other files; bash shows these only where there are no models."""
    from click.shell_completion import CompletionItem

    folder, name = os.path.split(begun)
    try:
        there = sorted(os.listdir(folder or "."))
    except OSError:
        there = []
    found = [os.path.join(folder, each) for each in there if each.startswith(name) and each.endswith(MODEL)]
    plain = [each for each in found if (QUOTED | ACTING).isdisjoint(each)]
    return [*files(context, parameter, begun), *map(CompletionItem, plain)]  # bash forgets what comes before files


def columns(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """The names of columns in the files that the command line has by now."""
    named = [each for value in context.params.values() for each in (value if isinstance(value, tuple) else (value,))]
    paths = [path for path in (*named, *context.args) if isinstance(path, str) and os.path.isfile(path)]
    found = dict.fromkeys(name for path in paths for name in columns_of(path))
    return [name for name in found if name.startswith(begun) and ACTING.isdisjoint(name)]


def columns_of(path: str) -> list[str]:
    """The names of the columns of a file, and of CoNLL-U the keys in MISC; none if it does not tell."""
    from rnntag.files.sources import lines_of
    from rnntag.formats.columns import names_of

    try:
        lines = list(islice(lines_of(path, lenient=True), LOOKED_AT))
    except (RnntagError, OSError):
        return []
    if named := names_of(line for line in lines if line.startswith("#")):
        return named
    if guess(path, "conll") == "conllu":
        return ["UPOS", "XPOS", "DEPREL", *dict.fromkeys(_keys(lines))]
    rows = [line.split("\t") for line in lines if "\t" in line]
    header = rows[0] if rows else []
    # A header's last word is no tag that comes again below it.
    return header if header and all(row[-1] != header[-1] for row in rows[1:]) and header[-1] != "O" else []


def _keys(lines: list[str]) -> Iterator[str]:
    for line in lines:
        for pair in line.split("\t")[9:10]:
            yield from (each.partition("=")[0] for each in pair.split("|") if "=" in each)


def features(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """The last of several features, parted by commas."""
    before, comma, last = begun.rpartition(",")
    return [f"{before}{comma}{name}" for name in FEATURES if name.startswith(last)]


def paths(name: str = "files", metavar: str = "[FILE]...") -> Callable[[F], F]:
    """The argument of a command that takes any number of files."""
    return click.argument(name, metavar=metavar, nargs=-1, shell_complete=files)


def output(help: str) -> Callable[[F], F]:
    """The option -o."""
    return click.option("-o", "--output", metavar="FILE", shell_complete=files, help=help)
