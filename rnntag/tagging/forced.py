"""Tags that must stand: constraints on decoding that come with the input."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnntag.arrays.ragged import Array
from rnntag.data.bio import SCHEMES, Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.model.model import Model
from rnntag.tagging.scorer import Scored

FREE = "?"  # stands for a tag that the model is to find
UNLIKELY = np.float32(-1e6)  # the score of a tag that could only stand by mistake
HINT = f"{FREE} lets the model choose"


class ForcedTags:
    """The tags that sentences come in with; all but ``?`` are to stand. A sentence without tags is free throughout.

    Raises CorpusError for sentences that do not have as many tags as tokens, and for tags that the model lacks.
    """

    def __init__(self, model: Model, sentences: Sequence[Sentence]) -> None:
        self._sentences, self._scheme = sentences, model.scheme
        known = {tag: number for number, tag in enumerate(model.tags)} | {FREE: -1}
        ids: list[int] = []
        ahead = [known[FREE]] * model.spec.look_ahead
        for sentence in sentences:
            tags = sentence.tags if sentence.tags is not None else [FREE] * len(sentence)
            if len(tags) != len(sentence):
                raise CorpusError(f"{len(sentence)} tokens, but {len(tags)} tags to stand", where=sentence.where())
            for place, tag in enumerate(tags):
                if tag not in known:
                    fact = f"tag '{tag}' is to stand here, but the model has no such tag"
                    raise CorpusError(fact, where=sentence.where(place), hint=HINT)
            ids += [*(known[tag] for tag in tags), *ahead]
        self._ids = np.array(ids, np.int32)  # of each token as `Scorer.score` counts them, -1 where it is free

    def press(self, scored: Scored, transitions: Array) -> None:
        """Leave hardly a chance, in a batch's scores, to tags beside forced ones and to those that cannot lead there.

        transitions  (Y, Y)  scores from tag to tag, of which those that are forbidden are -inf
        """
        batch, forced = scored.batch, self._ids[scored.rows]
        open_, rows = np.ones(scored.tags.shape, bool), np.flatnonzero(forced >= 0)
        open_[rows] = False
        open_[rows, forced[rows]] = True
        onward = np.isfinite(transitions).T.astype(np.float32)
        sizes, offsets = batch.sizes.tolist(), batch.offsets.tolist()
        for step in range(len(sizes) - 2, -1, -1):
            before, after = (slice(offsets[at], offsets[at] + sizes[step + 1]) for at in (step, step + 1))
            open_[before] &= open_[after].astype(np.float32) @ onward > 0
        scored.tags[~open_] = UNLIKELY

    def check(self, decoded: Sequence[list[str]]) -> None:
        """Raise CorpusError where a tag had to give way, since the scheme allows no path through all of them.

        decoded  the tags that each sentence was given
        """
        for sentence, tags in zip(self._sentences, decoded, strict=True):
            for place, (tag, given) in enumerate(zip(tags, sentence.tags or (), strict=False)):
                if given not in (FREE, tag):
                    fact = f"tag '{given}' cannot stand here: {self._scheme.name.upper()} has no way through it"
                    raise CorpusError(fact, where=sentence.where(place), hint=HINT)


def with_forced_spans(sentence: Sentence, scheme: Scheme) -> Sentence:
    """A sentence whose spans are to stand, all other tokens free; where its tags came as columns, it stays as it is.

    scheme  the notation to write them in; that of spans read from text is BIO
    """
    if sentence.text is None or sentence.rows is not None:
        return sentence
    tags = scheme.tags(SCHEMES["bio"].spans(sentence.tags or []), len(sentence))
    return sentence.with_tags([FREE if tag == "O" else tag for tag in tags])
