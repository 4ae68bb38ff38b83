"""Where written sentences go: standard output, a file or a folder of files.

Standard output is flushed at each call, so that a pipe is answered at once. Files take their names at the end, all of
them or none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from types import TracebackType
from typing import BinaryIO

from rnntag.errors import CorpusError
from rnntag.files import replacing
from rnntag.formats.compressed import packed
from rnntag.formats.row import Format
from rnntag.scheme import Scheme
from rnntag.sentence import Sentence


class Output:
    """Sentences in one format, on their way out.

    path    a file, or a folder where the format is one; None or ``-`` is standard output
    scheme  what the tags of the sentences mean

    Raises CorpusError for a folder that is to go to standard output.
    """

    def __init__(self, format: str, row: Format, scheme: Scheme, path: str | None = None) -> None:
        self._scheme, self._row, self._path = scheme, row, None if path == "-" else path
        self._stack = ExitStack()
        self._begun = False
        self._files: dict[str, BinaryIO] = {}
        self._pieces = row.pieces() if row.pieces else None
        if self._pieces and self._path is None:
            raise CorpusError(f"{format} is a folder of files", hint="name the folder with -o")

    def __enter__(self) -> Output:
        if self._pieces is None and self._path is not None:
            self._files[""] = self._open(self._path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()
        self._stack.__exit__(kind, fault, trace)

    def write(self, sentences: Iterable[Sentence]) -> None:
        """Write sentences; what standard output gets is flushed."""
        if self._pieces:
            self._write_pieces(sentences)
            return
        writer, (before, between, _) = self._row.writer, self._row.frame
        texts = [writer(sentence, self._scheme) for sentence in sentences]  # type: ignore[misc]
        if texts:
            self._put((between if self._begun else before) + between.join(texts))
            self._begun = True

    def _put(self, text: str) -> None:
        file = self._files.get("", sys.stdout.buffer)
        file.write(text.encode("utf-8", "surrogatepass"))
        if file is sys.stdout.buffer:
            file.flush()

    def _finish(self) -> None:
        before, _, after = self._row.frame
        if self._pieces is None:
            self._put(after if self._begun else before + after)
        elif self._path is not None:
            os.makedirs(self._path, exist_ok=True)

    def _write_pieces(self, sentences: Iterable[Sentence]) -> None:
        together: dict[str, list[str]] = {}
        for sentence in sentences:
            for name, text in self._pieces(sentence, self._scheme).items():  # type: ignore[misc]
                together.setdefault(name, []).append(text)
        for name, texts in together.items():
            if name not in self._files:
                os.makedirs(self._path or "", exist_ok=True)
                self._files[name] = self._open(os.path.join(self._path or "", name))
            self._files[name].write("".join(texts).encode())

    def _open(self, path: str) -> BinaryIO:
        file = self._stack.enter_context(replacing(path))
        return self._stack.enter_context(packed(path, file))  # type: ignore[arg-type]
