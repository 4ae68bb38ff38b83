"""Finds what parts sentences in a file that no blank line parts."""

from __future__ import annotations

import shlex

from rnntag.data.sentence import Sentence
from rnntag.files.compressed import without_suffix

FEW = 2  # values that a column which numbers sentences has at least
STOPS = (".", "。", "।")


def way_out(sentence: Sentence) -> str:
    """What whoever has a file of one sentence can do about it, from what its columns look like."""
    usual = "a blank line ends a sentence; where a column numbers sentences, name it with --sentence-column"
    if without_suffix(sentence.source.lower()).endswith(".csv"):
        return usual  # its cells are no columns of awk
    columns = list(zip(*(row.split("\t") for row in sentence.rows or ()), strict=False))
    name = "FILE" if not sentence.source or sentence.source.startswith("<") else shlex.quote(sentence.source)
    for number, values in enumerate(columns, 1):
        if _numbers_sentences(values):
            return f"column {number} numbers sentences: add --sentence-column {number}"
        if _numbers_tokens(values):
            command = f"awk '${number} == 1 {{print \"\"}} {{print}}' {name} > parted.conll"
            return f"column {number} counts tokens, so part them before each 1: {command}"
    stop = next((stop for stop in STOPS if sentence.tokens.count(stop) > 1), None)
    if stop and sentence.rows is not None:
        command = f'awk \'{{print}} $1 == "{stop}" {{print ""}}\' {name} > parted.conll'
        return f"put a blank line behind each full stop: {command}"
    return usual


def _numbers_sentences(values: tuple[str, ...]) -> bool:
    """Whether a column holds a value for each of several stretches of rows, none of which comes back."""
    runs = [value for at, value in enumerate(values) if value and (at == 0 or value != values[at - 1])]
    return FEW <= len(runs) == len(set(runs)) <= len(values) / 2 and values[0] != ""


def _numbers_tokens(values: tuple[str, ...]) -> bool:
    """Whether a column counts from 1 again and again."""
    numbers = [int(value) if value.isdecimal() else -1 for value in values]
    return numbers.count(1) > 1 and all(b in (1, a + 1) for a, b in zip([0, *numbers], numbers, strict=False))
