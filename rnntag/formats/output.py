"""Writes sentences to standard output, a file or a folder of files.

Standard output is flushed at each call, so that a pipe is answered at once. Files take their names at the end, all of
them or none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from rnntag.data.bio import SCHEMES, Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.files.compressed import packed
from rnntag.files.lines import beginning
from rnntag.files.whole import filling, replacing, writing
from rnntag.formats import look_up, writer_of
from rnntag.formats.table_row import Pieces, TextStyle, Writer

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Output:
    """An output of sentences in one format; a context manager.

    format  what it is called
    path    a file, or a folder where the format is one; None or ``-`` is standard output
    scheme  what the tags of the sentences mean
    style   of running text

    Raises CorpusError for a format that is not written, and for a folder that is to go to standard output.
    """

    def __init__(self, format: str, scheme: Scheme, path: str | None = None, **style: Unpack[TextStyle]) -> None:
        row = look_up(format)
        self.format = format
        scheme = SCHEMES["tokens"] if scheme.joint else scheme  # a token is written once, under all its parts
        self._scheme, self._frame, self._path = scheme, row.frame, None if path == "-" else path
        self._running = row.running(**style) if row.running else row.counted() if row.counted else None
        self._is_folder = row.pieces is not None
        if row.pieces:
            self._write = partial(self._write_pieces, row.pieces())
        else:
            self._write = partial(self._write_text, self._running or writer_of(format))
        if self._is_folder and self._path is None:
            raise CorpusError(f"{format} is a folder of files", hint="name the folder with -o")
        if not self._is_folder and path and path.endswith(("/", os.sep)):
            hint = "name a file in it, or a format that is a folder: --to brat, --to seq"
            raise CorpusError(f"is the name of a folder, but {format} is one file", where=path, hint=hint)
        self._stack = ExitStack()
        self._file: BinaryIO | None = None  # standard output
        self._folder = ""
        self._begun = self._written = False  # sentences; anything at all

    def __enter__(self) -> Output:
        with ExitStack() as stack:
            if self._path is not None and self._is_folder:
                self._folder = stack.enter_context(filling(self._path))
            elif self._path is not None:
                file = stack.enter_context(replacing(self._path))
                self._file = stack.enter_context(packed(self._path, file))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._stack.__exit__(kind, fault, trace)
            return
        with self._stack:
            if not self._is_folder:
                before, _, after = self._frame
                after = self._running.close() + after if self._running else after
                self._put(after if self._begun else before + after)

    def write(self, sentences: Iterable[Sentence]) -> None:
        """Write sentences; what standard output gets is flushed. Raises CorpusError for what the format cannot hold."""
        self._write(sentences)

    def _write_text(self, writer: Writer, sentences: Iterable[Sentence]) -> None:
        before, between, _ = self._frame
        texts = [writer(sentence, self._scheme) for sentence in sentences]
        if texts:
            self._put((between if self._begun else before) + between.join(texts))
            self._begun = True

    def _put(self, text: str) -> None:
        file = self._file or sys.stdout.buffer
        if text and not self._written:
            text, self._written = beginning(text), True
        file.write(text.encode("utf-8", "surrogatepass"))
        if self._file is None:
            file.flush()

    def _write_pieces(self, pieces: Pieces, sentences: Iterable[Sentence]) -> None:
        together: dict[str, list[str]] = {}
        for sentence in sentences:
            for name, text in pieces(sentence, self._scheme).items():
                together.setdefault(name, []).append(text)
        for name, texts in together.items():
            with writing(self._path or ""), open(os.path.join(self._folder, name), "ab") as file:
                text = "".join(texts)
                file.write((text if file.tell() else beginning(text)).encode("utf-8", "surrogatepass"))
