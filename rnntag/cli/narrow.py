"""Help in a narrow terminal: an option above its text, examples that go on in the next line and can still be pasted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import wrap

import click

INDENT = 4
EXAMPLE = "Example:"
HANGING = re.compile(r" *\S+(?: \S+)*? {2,}(?=\S)|( *)")


class NarrowFormatter(click.HelpFormatter):
    """Writes help of this many columns, however few."""

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write each term on lines of its own, and what it means below it."""
        margin = " " * self.current_indent
        for term, meaning in rows:
            pieces = re.sub(r"\|(?=.)", "| ", term)  # where a list of choices may go on in the next line
            for number, line in enumerate(_wrapped(pieces, self.width - self.current_indent - INDENT)):
                self.write(f"{margin}{' ' * INDENT * (number > 0)}{re.sub(r'[|] ', '|', line)}\n")
            for line in _wrapped(meaning, self.width - self.current_indent - INDENT):
                self.write(f"{margin}{' ' * INDENT}{line}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs; what is not to be filled goes on in the next line where it must."""
        width = self.width - self.current_indent
        paragraphs = re.split(r"\n{2,}", text)
        super().write_text("\n\n".join("\n".join(_fitted(each, width)) for each in paragraphs))


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Text in lines that are broken at spaces alone."""
    return wrap(text, width, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)


def _fitted(paragraph: str, width: int) -> Iterator[str]:
    """The lines of a paragraph, none longer than this where it is not to be filled."""
    lines = paragraph.split("\n")
    if lines[0].strip() != "\b":
        yield from lines
        return
    commands = len(lines) > 1 and lines[1].strip() == EXAMPLE
    for line in lines:
        if len(line) <= width:
            yield line
        elif commands:
            yield from _continued(line, width)
        else:
            found = HANGING.match(line)
            hanging = found.end() if found else 0
            indent = " " * (hanging if hanging <= width // 2 else INDENT)
            blank = len(line) - len(line.lstrip())
            yield from _wrapped(line if blank <= width // 2 else f"{indent}{line.lstrip()}", width, indent)


def _continued(command: str, width: int) -> Iterator[str]:
    r"""A command in several lines, each but the last with a \ at its end; what is quoted stays together."""
    margin = " " * (len(command) - len(command.lstrip()))
    line = margin
    for word in re.findall(r"(?:'[^']*'|\"[^\"]*\"|\S)+", command):
        if line.strip() and len(line) + len(word) + 3 > width:
            yield f"{line} \\"
            line = f"{margin}{' ' * INDENT}"
        line += word if not line.strip() else f" {word}"
    yield line
