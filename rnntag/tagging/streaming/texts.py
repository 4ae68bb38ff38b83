"""Sentences of running text, each given back once its tags are known."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from rnntag.data.sentence import Sentence
from rnntag.model.model import Model
from rnntag.tagging.streaming.viterbi import StreamTagger


class RunningText:
    """Tags sentences that follow one another as one text; each is given back once its tags are known.

    A text ends before a comment ``# doc = NAME``, with its file, and at a sentence without tokens.
    """

    def __init__(self, model: Model, stream: StreamTagger) -> None:
        self._model, self._stream = model, stream
        self._waiting: deque[Sentence] = deque()
        self._tags: list[str] = []  # known, of the sentences that wait
        self._source = ""

    def feed(self, sentences: Iterable[Sentence]) -> list[Sentence]:
        """The sentences that are ready now that these have come. Raises CorpusError where a column is missing."""
        keys: list[str] = []
        for sentence in sentences:
            if not sentence.tokens or sentence.begins_text or sentence.source != self._source:
                self._source = sentence.source
                self._tags += self._stream.feed(keys, ends=True)
                keys = []
            keys += self._model.keys(sentence)
            self._waiting.append(sentence)
        self._tags += self._stream.feed(keys)
        return self._ready()

    def close(self) -> list[Sentence]:
        """All sentences that still wait, at the end of the text."""
        self._tags += self._stream.feed([], ends=True)
        return self._ready()

    def _ready(self) -> list[Sentence]:
        ready, place = [], 0
        while self._waiting and place + len(self._waiting[0]) <= len(self._tags):
            sentence = self._waiting.popleft()
            ready.append(sentence.with_tags(self._tags[place : place + len(sentence)]))
            place += len(sentence)
        del self._tags[:place]
        return ready
