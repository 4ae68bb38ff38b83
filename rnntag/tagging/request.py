"""What can be asked of a tagger besides the best tags: checked before the work, and fulfilled after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from rnntag.data.bio import SCHEMES, Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import SpecError
from rnntag.model.model import Model
from rnntag.tagging.confidence import confident, least_sure


@dataclass(frozen=True)
class Request:
    """What is asked of a tagger besides the best tags.

    probabilities    how probable tagging, tags, spans and intent are
    best             that many taggings of each sentence, best first; each comes out as a Sentence of its own, with its
                     rank
    forced           tags that a sentence comes in with, other than ``?``, stand
    min_probability  spans that are less probable are left out
    to_scheme        the name of the notation that spans are written in; None: the model's own
    least_sure       only so many sentences, the least sure first; None: all, in order
    """

    probabilities: bool = False
    best: int = 1
    forced: bool = False
    min_probability: float = 0.0
    to_scheme: str | None = None
    least_sure: int | None = None

    @property
    def certain(self) -> bool:
        """Whether certainties are to be computed, for the result or on the way to it."""
        return self.probabilities or self.best > 1 or self.min_probability > 0 or self.least_sure is not None

    @property
    def tags_only(self) -> bool:
        """Whether nothing is asked of the decoder but the best tags; all else is found for each sentence alone."""
        return not (self.certain or self.forced)

    def check(self, model: Model) -> None:
        """Raise SpecError for what a model cannot give."""
        if self.best < 1:
            raise SpecError(f"best is {self.best}, but must be at least 1")
        if not self.min_probability <= 1:
            raise SpecError("--min-probability is no number")
        if self.min_probability and "O" not in model.tags:
            raise SpecError("--min-probability puts O in place of a tag, but this model's tags are without O")
        if not model.scheme.prefixes and self.to_scheme:
            raise SpecError("--to-scheme is for spans, but this model gives each token a tag of its own")

    def scheme(self, own: Scheme) -> Scheme:
        """The scheme of the tags in the result, of a model whose scheme is ``own``."""
        return SCHEMES[self.to_scheme] if self.to_scheme else own

    def finish(self, sentence: Sentence, own: Scheme) -> Sentence:
        """A tagged sentence as it was asked for: improbable spans out, in the right scheme, with the right certainty.

        own  the scheme it was tagged under
        """
        if self.min_probability:
            sentence = confident(sentence, own, self.min_probability)
        scheme, certainty = self.scheme(own), sentence.certainty
        if certainty and (scheme is not own or not self.probabilities):  # of tags, they are those of others
            certainty = certainty._replace(tags=[])
        kept = certainty if self.probabilities or self.best > 1 else None
        return sentence.with_tags(own.rewritten(sentence.tags or [], scheme), None, kept)

    def results(self, bursts: Iterable[list[Sentence]], own: Scheme) -> Iterator[list[Sentence]]:
        """Tagged sentences as they were asked for, burst by burst; the least sure in one burst, at the end."""
        if self.least_sure is not None:
            bursts = [least_sure(chain.from_iterable(bursts), self.least_sure)]
        finished = not self.certain and self.scheme(own) is own
        for burst in bursts:
            yield burst if finished else [self.finish(sentence, own) for sentence in burst]


TAGS = Request()
ALONE = "of running text only tags can be asked for: now each line is looked at on its own"
