"""Consoles that colour text on a terminal, always or never."""

from __future__ import annotations

import os
import sys
from typing import Literal

from rich.console import Console


def console(color: str = "auto", stderr: bool = False) -> Console:
    """Make a console that styles text ``always``, ``never``, or (``auto``) on a terminal where NO_COLOR is not set."""
    bare = color == "never" or (color == "auto" and bool(os.environ.get("NO_COLOR")))
    # Not rich's own guess: with FORCE_COLOR set it takes a file for a terminal.
    terminal = color == "always" or (sys.stderr if stderr else sys.stdout).isatty()
    system: Literal["auto"] | None = None if bare else "auto"
    out = Console(stderr=stderr, force_terminal=terminal, color_system=system, highlight=False, markup=False)
    out.no_color = False  # decided above
    return out
