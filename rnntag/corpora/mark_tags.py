"""Columns whose tags are marks of punctuation: what is recognised of them, what is not, and what stands for no mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from rnntag.corpora.tally import NAMES, listed
from rnntag.data.sentence import Sentence
from rnntag.errors import SpecError
from rnntag.punctuation.marks import NONE, Marks, is_punctuation, meaning, says_nothing


def with_plain_none(
    sentences: list[Sentence], marks: Marks | None = None, known: Iterable[str] = ()
) -> tuple[list[Sentence], list[str]]:
    """The sentences with ``O`` for whatever their tags call no mark, and a note; none others than punctuation change.

    known  tags that stay, as a model has them
    """
    tags = dict.fromkeys(chain.from_iterable(sentence.tags or () for sentence in sentences))
    others = [tag for tag in tags if says_nothing(tag, marks) and tag not in set(known)]
    if not others or not is_punctuation(tags, marks):
        return sentences, []
    names = dict.fromkeys(others, NONE)
    plain = [each.with_tags([names.get(tag, tag) for tag in each.tags or ()]) for each in sentences]
    return plain, [f"tags that stand for no mark are read as {NONE}: {listed(others)}"]


def recognised(tags: Sequence[str], marks: Marks | None = None) -> str | None:
    """A line that says which marks tags are taken for; None if they are no punctuation."""
    if not is_punctuation(tags, marks):
        return None
    found = [f"{tag}={meant.mark}" for tag in tags if (meant := meaning(tag, marks)) and meant.mark]
    more = f" and {len(found) - 2 * NAMES} more" if len(found) > 2 * NAMES else ""
    return f"tags are punctuation: {' '.join(found[: 2 * NAMES])}{more}" if found else "tags are ends of sentences"


def unknown_marks(sentences: Sequence[Sentence], marks: Marks | None = None) -> list[str]:
    """A warning if most tags are marks, but some are none that is known, so that all are taken for something else."""
    counts = Counter(chain.from_iterable(sentence.tags or () for sentence in sentences))
    unknown = [tag for tag in counts if meaning(tag, marks) is None]
    known = [tag for tag in counts if (meant := meaning(tag, marks)) and (meant.mark or meant.ends)]
    if (
        not unknown
        or len(unknown) > len(known)
        or sum(counts[tag] for tag in unknown) > sum(counts[tag] for tag in known)
    ):
        return []
    first = unknown[0]
    place = next(each.where((each.tags or []).index(first)) for each in sentences if first in (each.tags or ()))
    are, so_are = (" are" if len(tags) > 1 else " is" for tags in (unknown, known))
    fact = f"{listed(unknown)}{are} no mark that is known, as {listed(known)}{so_are}"
    return [f"{place}: {fact}: so these tags are not learned as punctuation; name them: --marks '{first}=~'"]


def check_named(tags: Sequence[str], marks: Marks) -> None:
    """Raise SpecError for marks that were named, but do not make punctuation of the tags of a corpus."""
    missing = [name for name, _ in marks.names if name not in tags]
    strange = [tag for tag in tags if meaning(tag, marks) is None]
    if strange:
        fact = f"--marks makes punctuation of tags, but '{strange[0]}' is no mark"
        raise SpecError(fact, hint=f"name it as well: --marks '{marks} {strange[0]}=~'")
    if len(missing) == len(marks.names):
        raise SpecError(f"no tag is called {listed(missing)}", hint=f"there are: {listed(list(tags))}")
