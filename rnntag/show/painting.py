"""Tagged sentences in colour, for a person at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import CONTROLS
from rnntag.formats.charspans import char_spans


class Painter:
    """Paints sentences on standard output: spans in the colours of their labels, the labels below, each once a call."""

    def __init__(self, console: Console, scheme: Scheme, tags: Sequence[str]) -> None:
        self._console, self._scheme, self._styles = console, scheme, palette(scheme, tags)

    def __enter__(self) -> Painter:
        return self

    def __exit__(self, *fault: object) -> None:
        pass

    def write(self, sentences: list[Sentence]) -> None:
        """Paint sentences, a line each."""
        legend: dict[str, None] = {}
        painted = [self._painted(sentence, legend) for sentence in sentences]
        self._console.print(Text("\n").join(painted), soft_wrap=True)
        if legend:
            line = Text("  ")
            for label in legend:
                line.append(f" {label.translate(CONTROLS)} ", self._styles[label]).append(" ")
            self._console.print(line)
        sys.stdout.flush()

    def _painted(self, sentence: Sentence, legend: dict[str, None]) -> Text:
        """One sentence in colours; its labels are added to the legend."""
        whole, spans = char_spans(sentence, self._scheme)
        whole = whole.translate(CONTROLS)
        text, place = Text(), 0
        for start, end, label in spans:
            text.append(whole[place:start]).append(whole[start:end], self._styles[label])
            legend.setdefault(label)
            place = end
        text.append(whole[place:])
        if sentence.intent is not None:
            text.append(f"   {sentence.intent.translate(CONTROLS)}", "italic dim")
        return text


def palette(scheme: Scheme, tags: Sequence[str]) -> dict[str, str]:
    """A colour for each label of a model, the same in every run: light ones of the 256 a terminal has, far apart."""
    labels = sorted({span.label for tag in tags for span in scheme.spans([tag])})
    # A terminal's colours 16 to 231 are a cube of 6 levels of red, green and blue.
    cube = [(n, (n // 36, n // 6 % 6, n % 6)) for n in range(216)]
    light = [16 + n for n, levels in cube if sum(levels) >= 9 and max(levels) - min(levels) >= 2]
    stride = 25  # has no divisor in common with their number, 66, so all are used before one comes again
    return {label: f"black on color({light[place * stride % len(light)]})" for place, label in enumerate(labels)}
