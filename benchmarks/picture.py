"""The picture in the README: what `rnntag tag` paints, as an SVG.

python benchmarks/picture.py benchmarks/terminal.svg
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import RNNTAG
from rich.console import Console
from rich.text import Text

LINES = """\
wake me at seven tomorrow morning
book a train from hamburg to prague on friday for two people
uh could you turn the heating in the bedroom down to 18 degrees please
"""

if __name__ == "__main__":
    command = [*RNNTAG, "tag", "--color", "always"]
    with tempfile.TemporaryDirectory() as empty:  # where no other model is found
        painted = subprocess.run(command, input=LINES, capture_output=True, check=True, text=True, cwd=empty).stdout
    console = Console(record=True, width=84, file=io.StringIO())
    console.print("[bold]$ rnntag tag[/]")
    console.print(Text.from_ansi(painted))
    svg = console.export_svg(title="rnntag")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)  # the reader's own font will do
    Path(sys.argv[1]).write_text(svg.replace("Fira Code, monospace", "monospace"), encoding="utf-8")
