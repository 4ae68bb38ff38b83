"""Reads files that are to be checked again and again: columns, mended on the way if wanted, and other formats."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import BinaryIO

from rnntag import formats
from rnntag.checks import mending
from rnntag.checks.columns import Block, Layout, RawLines, blocks
from rnntag.checks.findings import Change
from rnntag.data.bio import Scheme, Transition
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.formats import Reading


@contextmanager
def rewindable(path: str) -> Iterator[BinaryIO]:
    """The bytes of a file; a pipe is copied to a temporary one."""
    with formats.open_source(path) as stream:
        if stream.seekable():
            yield stream
        else:
            with tempfile.TemporaryFile() as file:
                shutil.copyfileobj(stream, file)
                file.seek(0)
                yield file


class ColumnFile:
    """A file of columns. With ``mend``, blocks and sentences are those of the mended copy, but for its tags.

    lines   its lines as they are
    layout  which columns it has

    Raises CorpusError where a column is asked for that is not there.
    """

    def __init__(self, stream: BinaryIO, source: str, reading: Reading, mend: bool = False) -> None:
        self.source, self.mend = source, mend
        self.lines = RawLines(stream, source, reading.seen)
        self.layout = Layout(self._repaired(), reading, source)

    def _repaired(self, before: dict[int, str] | None = None) -> Iterator[Block]:
        bursts = self.lines.bursts()
        return blocks(mending.repaired(bursts, before) if self.mend else bursts)

    def blocks(self) -> Iterator[Block]:
        """The lines of each sentence."""
        for block in map(self.layout.without_header, self._repaired()):
            yield mending.aligned(block, self.layout) if self.mend else block

    def sentences(self) -> Iterator[Sentence]:
        """The sentences that have tokens."""
        return (self.layout.sentence(block) for block in self.blocks() if block.rows)

    def mended(self, scheme: Scheme, broken: set[Transition], copy: BinaryIO) -> Iterator[tuple[Block, list[Change]]]:
        """Each block as it is written to the copy, and what was changed in it."""
        before: dict[int, str] = {}  # lines that were repaired, whose change is still to come
        first = True
        for old in map(self.layout.without_header, self._repaired(before)):
            new = mending.retagged(mending.aligned(old, self.layout), self.layout, scheme, broken)
            changes = []
            for number, (was, line) in enumerate(zip(old.lines(), new.lines(), strict=True), old.line):
                was = before.pop(number, was)
                if was != line:
                    changes.append(Change(f"{self.source}:{number}", was, line))
            yield new, changes
            text = "\n".join(new.lines())
            copy.write((text if first else f"\n{text}").encode("utf-8", "surrogateescape"))
            first = False
        if self.lines.ended and not first:
            copy.write(b"\n")

    def mended_ends(self) -> Iterator[Change]:
        """What was changed between the lines; known when all were read."""
        if self.lines.marked:
            yield Change(f"{self.source}:1", "a byte order mark", "none")
        if self.lines.returns:
            yield Change(f"{self.source}:{self.lines.first}", f"CRLF ({self.lines.returns} in all)", "LF")


class ParsedFile:
    """A file of another format: the sentences that can be read, and the faults of the others."""

    def __init__(self, path: str, format: str, reading: Reading) -> None:
        self.source = formats.source_name(path)
        self.faults: list[CorpusError] = []
        self._sentences: list[Sentence] = []
        try:
            for burst in formats.read_path(path, format, replace(reading, skip=self.faults.append)):
                self._sentences += [found for found in burst if found.tokens]
        except CorpusError as fault:
            self.faults.append(fault)
        if not self._sentences and not self.faults:
            self.faults.append(CorpusError("no sentences", where=self.source))

    def sentences(self) -> Iterable[Sentence]:
        """The sentences that have tokens."""
        return self._sentences
