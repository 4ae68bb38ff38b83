"""Reads a stream until it ends or Ctrl-C comes, so that what has arrived by then is tagged and written."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rnntag.tagging.streaming.live import Live

READ_SIZE = 1 << 16


def follow(descriptor: int, live: Live) -> bool:
    """Feed what arrives until the stream ends or Ctrl-C comes, then close ``live``; give whether Ctrl-C came.

    A second Ctrl-C stops at once, as it would without us. Raises CorpusError as ``live`` does.

    descriptor  of the stream, open for reading
    """
    with _interrupt() as interrupt:
        while not interrupt or interrupt[0] not in select.select([descriptor, *interrupt], [], [])[0]:
            data = os.read(descriptor, READ_SIZE)
            if not data:
                break
            live.feed(data)
        live.close()
        return bool(interrupt) and bool(select.select(interrupt, [], [], 0)[0])


@contextmanager
def _interrupt() -> Iterator[list[int]]:
    """A descriptor that can be read from once Ctrl-C came; none where it cannot be waited for beside a stream."""
    if sys.platform == "win32" or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield []
        return
    reader, writer = os.pipe()

    def first(number: int, frame: object) -> None:
        os.write(writer, b"\n")
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, first)
    try:
        yield [reader]
    finally:
        signal.signal(signal.SIGINT, before)
        os.close(reader)
        os.close(writer)
