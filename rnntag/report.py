"""What rich draws of tags: scores as a table, tagged sentences in colour. Of a training: ``rnntag.progress``."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rnntag import formats
from rnntag.scheme import Scheme
from rnntag.sentence import Sentence

if TYPE_CHECKING:  # what tags should not wait for what trains and scores
    from rnntag.model import Model
    from rnntag.scoring import Result


def console(color: str = "auto", stderr: bool = False) -> Console:
    """A console that styles text always, never, or (auto) on a terminal where NO_COLOR is not set."""
    bare = color == "never" or (color == "auto" and bool(os.environ.get("NO_COLOR")))
    # Not rich's own guess: with FORCE_COLOR set it takes a file for a terminal.
    terminal = color == "always" or (sys.stderr if stderr else sys.stdout).isatty()
    system: Any = None if bare else "auto"
    out = Console(stderr=stderr, force_terminal=terminal, color_system=system, highlight=False, markup=False)
    out.no_color = False  # decided above
    return out


def score_table(result: Result, color: str = "auto") -> str:
    """Scores by type and over all, and the signature, as text for a terminal or a file."""
    scores = result.scores
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("span" if scores.rule == "conlleval" else "tag")
    for name in ("precision", "recall", "F1", "gold", "found", "correct"):
        table.add_column(name, justify="right")
    for label, counts in [*scores.types.items(), ("all", scores.overall)]:
        figures = [f"{value:.2f}" for value in (counts.precision, counts.recall, counts.f1)]
        numbers = [str(value) for value in (counts.gold, counts.predicted, counts.correct)]
        if label == "all" and counts is scores.overall:
            table.add_section()
        table.add_row(Text(label), *figures, *numbers, style="bold" if counts is scores.overall else None)
    out = console(color)
    out.width = max(out.width, 1_000)  # no figure is shortened, however narrow the terminal
    with out.capture() as captured:
        out.print(table)
        out.print()
        out.print(
            f"token accuracy {scores.accuracy:.2f} ({scores.correct_tokens} of {scores.tokens}), "
            f"sentence accuracy {scores.sentence_accuracy:.2f} ({scores.correct_sentences} of {scores.sentences})",
            soft_wrap=True,
        )
        if intents := scores.intents:
            out.print(
                f"intent accuracy {intents.accuracy:.2f} ({intents.correct} of {intents.utterances}), "
                f"utterance accuracy {intents.whole_accuracy:.2f} ({intents.whole} of {intents.utterances})",
                soft_wrap=True,
            )
        out.print(Text(result.signature, style="dim"), soft_wrap=True)
    return captured.get()


def as_json(result: Result) -> str:
    """The scores as one JSON object."""
    return json.dumps(result.scores.as_dict() | {"signature": result.signature}, ensure_ascii=False) + "\n"


class SentenceWriter:
    """Tagged sentences to standard output, flushed at each call: in a format, or painted for a person.

    format  a name of formats.WRITERS; None: paint on a terminal, else conll
    """

    def __init__(self, format: str | None, model: Model, color: str = "auto") -> None:
        self.scheme = model.scheme
        self.console = console(color)
        painted = format is None and self.console.is_terminal
        if painted and self.console.color_system:
            self.styles = palette(model.scheme, model.tags)
            self.write = self._paint
        else:
            self.format = format or ("inline" if painted else "conll")
            self.write = self._print

    def _print(self, sentences: list[Sentence]) -> None:
        out = sys.stdout.buffer
        out.write(formats.write(sentences, self.format, self.scheme).encode())
        out.flush()

    def _paint(self, sentences: list[Sentence]) -> None:
        legend: dict[str, None] = {}
        painted = [self._painted(sentence, legend) for sentence in sentences]
        self.console.print(Text("\n").join(painted), soft_wrap=True)
        if legend:
            line = Text("  ")
            for label in legend:
                line.append(f" {label} ", self.styles[label]).append(" ")
            self.console.print(line)
        sys.stdout.flush()

    def _painted(self, sentence: Sentence, legend: dict[str, None]) -> Text:
        text, place = Text(), 0
        for start, end, label in self.scheme.spans(sentence.tags or []):
            text.append("".join(f"{token} " for token in sentence.tokens[place:start]))
            text.append(" ".join(sentence.tokens[start:end]), self.styles[label]).append(" ")
            legend.setdefault(label)
            place = end
        text.append(" ".join(sentence.tokens[place:]))
        text.rstrip()
        if sentence.intent is not None:
            text.append(f"   {sentence.intent}", "italic dim")
        return text


def palette(scheme: Scheme, tags: list[str]) -> dict[str, str]:
    """A colour for each label of a model, the same in every run: light ones of the 256 a terminal has, far apart."""
    labels = sorted({span.label for tag in tags for span in scheme.spans([tag])})
    # A terminal's colours 16 to 231 are a cube of 6 levels of red, green and blue.
    cube = [(n, (n // 36, n // 6 % 6, n % 6)) for n in range(216)]
    light = [16 + n for n, levels in cube if sum(levels) >= 9 and max(levels) - min(levels) >= 2]
    stride = 25  # has no divisor in common with their number, 66, so all are used before one comes again
    return {label: f"black on color({light[place * stride % len(light)]})" for place, label in enumerate(labels)}
