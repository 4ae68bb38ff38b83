"""Sentences of running text, each given back once its tags are known."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from rnntag.data.sentence import Sentence
from rnntag.model.model import Model
from rnntag.tagging.streaming.viterbi import Path


class Running:
    """Sentences that follow one another, each given back under its tags once they are known.

    A text ends before a comment ``# doc = NAME``, with its file, and at a sentence without tokens.
    """

    def __init__(self, model: Model, path: Path) -> None:
        self._model, self._path = model, path
        self._waiting: deque[Sentence] = deque()
        self._tags: list[str] = []  # known, of the sentences that wait
        self._source = ""

    def feed(self, sentences: Iterable[Sentence]) -> list[Sentence]:
        """What can be given back, now that these have come."""
        keys: list[str] = []
        for sentence in sentences:
            if not sentence.tokens or sentence.begins_text or sentence.source != self._source:
                self._source = sentence.source
                self._tags += self._path.feed(keys, ends=True)
                keys = []
            keys += self._model.keys(sentence)
            self._waiting.append(sentence)
        self._tags += self._path.feed(keys)
        return self._ready()

    def close(self) -> list[Sentence]:
        """The rest, at the end of the text."""
        self._tags += self._path.feed([], ends=True)
        return self._ready()

    def _ready(self) -> list[Sentence]:
        found, place = [], 0
        while self._waiting and place + len(self._waiting[0]) <= len(self._tags):
            sentence = self._waiting.popleft()
            found.append(sentence.with_tags(self._tags[place : place + len(sentence)]))
            place += len(sentence)
        del self._tags[:place]
        return found
