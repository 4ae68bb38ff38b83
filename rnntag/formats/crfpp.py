"""Writes what CRF++ writes: https://taku910.github.io/crfpp/

    # 0.478113                      how probable the tags of the sentence are
    to<TAB>O/0.991234               the columns that came in, the tag and how probable it is
    Oslo<TAB>B-city/0.482190

This is what ``crf_test -v1`` writes; of the best taggings (``-n``) the comment begins with the rank. Without
probabilities there is no comment, and the tags stand alone. Comments and intents are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.formats.columns import check_tags, check_tokens


def write_crfpp(sentence: Sentence, scheme: Scheme) -> str:
    """A sentence as lines and a blank one. Raises CorpusError for what columns that spaces part cannot hold."""
    rows = sentence.tokens if sentence.rows is None else sentence.rows
    tags, certainty = sentence.tags, sentence.certainty
    check_tokens(sentence)
    check_tags(sentence)
    if " " in "\n".join(rows):
        broken = next(row for row in rows if " " in row)
        fact, hint = f"'{broken}' holds a space", "CRF++ parts columns at spaces as well as at TABs"
        raise CorpusError(fact, where=sentence.where(rows.index(broken)), hint=hint)
    if tags is None:
        return "\n".join((*rows, "", ""))
    if certainty is None:
        return "\n".join((*map("\t".join, zip(rows, tags, strict=True)), "", ""))
    rank = "" if certainty.rank is None else f"{certainty.rank} "
    # A tag that took the place of another has no probability.
    probabilities: Sequence[float | None] = certainty.tags or [None] * len(tags)
    ends = [tag if p is None else f"{tag}/{p:.6f}" for tag, p in zip(tags, probabilities, strict=True)]
    lines = map("\t".join, zip(rows, ends, strict=True))
    return "\n".join((f"# {rank}{certainty.tagging:.6f}", *lines, "", ""))
