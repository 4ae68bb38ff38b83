"""Consoles that colour text on a terminal, always or never, and let nothing else of it act on the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Literal

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from rnntag.errors import CONTROLS, visible


class _Console(Console):
    """A console on which the controls in a text are seen; those of rich itself, which move the cursor, are kept."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


def text_line(text: str, style: str = "") -> Text:
    """A text of a user in one line, of which nothing is missing: rich would leave some controls out."""
    return Text(text.translate(CONTROLS), style)


def console(color: str = "auto", stderr: bool = False) -> Console:
    """Make a console that styles text ``always``, ``never``, or (``auto``) on a terminal where NO_COLOR is not set."""
    bare = color == "never" or (color == "auto" and bool(os.environ.get("NO_COLOR")))
    # Not rich's own guess: with FORCE_COLOR set it takes a file for a terminal.
    terminal = color == "always" or (sys.stderr if stderr else sys.stdout).isatty()
    system: Literal["auto"] | None = None if bare else "auto"
    out = _Console(
        stderr=stderr, force_terminal=terminal, color_system=system, highlight=False, markup=False, emoji=False
    )
    out.no_color = False  # decided above
    return out
