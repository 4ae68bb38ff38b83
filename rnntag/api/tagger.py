"""The tagger that Python is given: what `rnntag.load` and `rnntag.train` return."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rnntag.data.sentence import Sentence, Span
from rnntag.errors import CorpusError, warn

if TYPE_CHECKING:
    from rnntag.api.text import TaggedText
    from rnntag.model.model import Model


class Tagger:
    """Tags sentences and text with a model. Several threads may share one.

    threads  batches tagged at the same time; the tags do not depend on it
    context  tokens of neighbouring sentences seen on each side; 0: each sentence on its own. None: as the model was
             trained. Only tags of single tokens can be found beyond a sentence: else SpecError
    """

    def __init__(self, model: Model, threads: int = 1, context: int | None = None) -> None:
        from rnntag.tagging.tagger import Tagger as Inner

        self.model, self.threads, self.context = model, threads, context
        self._inner = Inner(model, threads, context=context)

    @property
    def labels(self) -> list[str]:
        """What spans, or tokens, can be called."""
        return self.model.labels

    @property
    def intents(self) -> list[str]:
        """The intents of utterances; empty if the model tells none."""
        return list(self.model.intents)

    def tag(
        self,
        sentences: Iterable[Sequence[str] | Sentence],
        certain: bool = False,
        best: int = 1,
        forced: bool = False,
    ) -> Iterator[Sentence]:
        """Tag lists of words, or Sentences; each comes out as a Sentence with tags, in the order they went in.

        Sentences are taken from the iterable some thousands at a time.

        certain  tell as well how probable tagging, tags, spans and intent are (`Sentence.certainty`)
        best     that many taggings of each sentence, best first; each comes out as a Sentence of its own
        forced   tags that a Sentence comes in with, other than ``?``, stand

        Raises CorpusError for what is no list of words, and for forced tags that the model lacks or the scheme forbids;
        SpecError for a ``best`` below 1.
        """
        from rnntag.tagging.request import ALONE, Request

        if self._inner.runs_on and not Request(certain, best, forced).tags_only:
            warn(ALONE)
        return self._inner.tag(sentences, certain, best, forced)

    def tag_text(self, text: str, certain: bool = False, characters: bool | None = None) -> TaggedText:
        """Tag raw text, a sentence a line, and tell where tokens and spans stand in it.

        certain     tell as well how probable each tag and each span is
        characters  cut the text into words, marks and characters of scripts without spaces, or (False) at white space;
                    None: as the text was cut that the model was trained on

        Raises CorpusError for what is no text.
        """
        from rnntag.api.text import located
        from rnntag.formats.charspans import as_raw_text
        from rnntag.formats.looks import LINES, look_at_lines
        from rnntag.tagging.unfamiliar import left_alone, unfamiliar

        if not isinstance(text, str):
            raise CorpusError(f"a text is a string: {text!r} is not", hint="tagger.tag takes lists of words")
        cut = self.model.cut(characters)
        lines = [Sentence([], source="<text>", line=n, text=line) for n, line in enumerate(text.split("\n"), 1)]
        given = [as_raw_text(sentence, cut) for sentence in lines]
        if look := look_at_lines(text.split("\n")[:LINES], "<text>"):
            warn(f"the text looks like {look.what}: it is tagged as it stands")
        for told in (unfamiliar(self.model, given), left_alone(cut, given)):
            if told:
                warn(f"<text>: {told}")
        return located(text, list(self.tag(given, certain)), self.model.scheme)

    def tags(self, sentences: Sequence[list[str]]) -> list[list[str]]:
        """The tags of each list of words."""
        return self._inner.tags(sentences)

    def spans(self, sentence: Sentence) -> list[Span]:
        """The spans that a sentence's tags write down."""
        return self.model.scheme.spans(sentence.tags or [])

    def save(self, path: str | os.PathLike[str]) -> None:
        """Save the model, to a file that `rnntag.load` and the command line read. Raises RnntagError if it cannot."""
        from rnntag.model.file import save_model

        save_model(self.model, path)

    def __repr__(self) -> str:
        facts = [f"{len(self.labels)} labels"]
        if self.intents:
            facts.append(f"{len(self.intents)} intents")
        if "f1" in self.model.record.figures:
            facts.append(f"F1 {self.model.record.figures['f1']:.2f} on dev")
        return f"Tagger({', '.join(facts)})"
