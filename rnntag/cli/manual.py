"""The manual page: what the help of all commands says, as man wants it (groff_man(7))."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click

from rnntag.version import __version__

TITLE = "sequence tagger for the shell"
SIGNS = {"-": r"\-", "\\": r"\e", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "\x7e": r"\(ti"}


def manual(context: click.Context) -> str:
    """The page of a group of commands; ``context`` is that of the group."""
    return "\n".join((*_page(context), ""))


def _page(context: click.Context) -> Iterator[str]:
    group = context.command
    assert isinstance(group, click.Group)
    name = context.info_name or ""
    yield f'.TH {name.upper()} 1 "" "{name} {__version__}" "User Commands"'
    yield from (".SH NAME", rf"{name} \- {TITLE}")
    yield from (".SH SYNOPSIS", rf".B {name}", r".I COMMAND", r"[\fIOPTIONS\fR] [\fIARGUMENTS\fR]")
    yield from (".SH DESCRIPTION", *_prose(group.help or ""))
    yield from (".SH OPTIONS", *_options(group, context))
    for each in group.list_commands(context):
        command = group.get_command(context, each)
        if command is None:
            continue
        own = click.Context(command, info_name=each, parent=context)
        usage = " ".join(command.collect_usage_pieces(own))
        yield f'.SH "{name.upper()} {each.upper()}"'
        yield from (rf"\fB{name} {each}\fR {_escaped(usage)}", ".PP", *_prose(command.help or ""))
        yield from _options(command, own)
        if command.epilog:
            yield from (".PP", *_prose(command.epilog))


def _prose(text: str) -> Iterator[str]:
    r"""Paragraphs; those behind a \b stay as they are, line by line."""
    for number, paragraph in enumerate(re.split(r"\n{2,}", inspect.cleandoc(text))):
        lines = paragraph.split("\n")
        if lines[0].strip() == "\b":
            yield from (".PP", ".nf", *map(_escaped, lines[1:]), ".fi")
        else:
            yield from ([".PP"] if number else [])
            yield from map(_escaped, lines)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    """The options of a command, each with its text below it."""
    for option in command.get_params(context):
        if not isinstance(option, click.Option) or option.hidden:
            continue
        names = ", ".join(rf"\fB{_escaped(name)}\fR" for name in option.opts)
        if option.secondary_opts:
            names += " / " + ", ".join(rf"\fB{_escaped(name)}\fR" for name in option.secondary_opts)
        if not option.is_flag:
            names += rf" \fI{_escaped(_value(option))}\fR"
        yield from (".TP", names, _escaped(f"{option.help or ''}{_default(option)}"))


def _value(option: click.Option) -> str:
    """What stands for the value of an option."""
    if option.metavar:
        return option.metavar
    if isinstance(option.type, click.Choice):
        return "|".join(map(str, option.type.choices))
    kind = option.type.name
    return {"integer": "N", "integer range": "N", "float": "X", "float range": "X"}.get(kind, kind.upper())


def _default(option: click.Option) -> str:
    """What an option is without being given, if that is told."""
    if isinstance(option.show_default, str):
        return f" Default: {option.show_default}."
    return f" Default: {option.default}." if option.show_default and not option.is_flag else ""


def _escaped(text: str) -> str:
    """A line whose signs mean nothing to man; a hyphen stays one that can be pasted."""
    line = re.sub(r"[-\\'`^\x7e]", lambda sign: SIGNS[sign[0]], text)
    return rf"\&{line}" if line.startswith(".") else line
