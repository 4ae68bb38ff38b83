"""What looks wrong with training data: nothing that must stop a training, each worth a line before it begins.

The thresholds were set on the sample corpora and on ATIS, SNIPS, CAIS, CoNLL-2000, English EWT and TED punctuation: as
they are, and in slices of 20 to 1000 sentences of train against the whole dev. What was found there stands beside each.
All is counted once, in time linear in the tokens; the rest is about distinct words, tags and pairs of tags.
"""

from __future__ import annotations

from collections.abc import Iterator

from rnntag.corpora.dev_shift import _absent, _case, _new_intents, _new_words, _once, _repeated, _tagged
from rnntag.corpora.tally import Tally
from rnntag.corpora.wrong_columns import _cut_spans, _documents, _torn, _unread_spans, misreadings
from rnntag.data.bio import Scheme, detect
from rnntag.data.bio_check import check
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import tokens_of

LINES = 6  # at most


def suspicions(train: list[Sentence], dev: list[Sentence], scheme: Scheme) -> list[str]:
    """What looks wrong, the gravest first: each a sentence with its place, nothing for sound data.

    train, dev  tagged sentences that keep to the scheme
    """
    if not train or not dev:
        return []
    ours, theirs = Tally("train", train, scheme), Tally("dev", dev, scheme)
    misread = [told for told in misreadings(ours, theirs) if told]
    if misread:  # whatever else there is may come of it
        return misread
    found = [told for told in _doubtful(ours, theirs) if told]
    more = len(found) - LINES
    return found if more <= 0 else [*found[: LINES - 1], f"and {more + 1} more suspicions, told when these are gone"]


def _doubtful(train: Tally, dev: Tally) -> Iterator[str | None]:
    yield _documents(train) or _documents(dev)
    yield _unread_spans(train)
    yield _cut_spans(train)
    yield _torn(train)
    yield _case(train, dev)
    yield _new_words(train, dev)
    yield _tagged(train, dev)
    yield _absent(train, dev)
    yield _repeated(train, dev)
    yield _new_intents(train, dev)
    yield _once(train)


SHOWN = 5


def within_words(sentences: list[Sentence]) -> list[str]:
    """A warning if spans begin or end where raw text is not cut, so that they cannot be found there."""
    texts = [sentence for sentence in sentences if sentence.text is not None and sentence.rows is None]
    torn = [each for each in texts if all(each.tokens != tokens_of(each.text or "", way) for way in (True, False))]
    if not torn:
        return []
    others = f", and in {len(torn) - 1} other sentences" if len(torn) > 1 else ""
    fact = f"{torn[0].where()}: a span begins or ends within a word{others}; raw text is not cut there"
    return [f"{fact}, so that they cannot be found (--characters cuts at punctuation and in Chinese and the like)"]


def unknown_tags(sentences: list[Sentence], known: list[str]) -> list[str]:
    """A warning for each tag outside ``known``, with its first place and how often it stands there.

    Of many, the first few and the number of the rest.
    """
    first: dict[str, str] = {}
    counts: dict[str, int] = {}
    familiar = set(known)
    for sentence in sentences:
        for place, tag in enumerate(sentence.tags or ()):
            if tag not in familiar:
                first.setdefault(tag, sentence.where(place))
                counts[tag] = counts.get(tag, 0) + 1
    warnings = [
        f"{where}: tag '{tag}' never occurs in training, so it is never predicted ({counts[tag]} here)"
        for tag, where in first.items()
    ]
    more = len(warnings) - SHOWN
    return warnings if more <= 0 else [*warnings[:SHOWN], f"and {more} more tags that never occur in training"]


def checked(
    train: list[Sentence], dev: list[Sentence], scheme: Scheme | None = None
) -> tuple[Scheme, list[str], list[str]]:
    """The scheme of a training, its tags, and what looks wrong with train and dev.

    Raises CorpusError at the first tag that breaks the scheme.
    """
    scheme = scheme or detect(sentence.tags or () for sentence in train)
    for sentence in (*train, *dev):
        check(scheme, sentence)
    tags = tags_of(train, scheme)
    return scheme, tags, [*unknown_tags(dev, tags), *within_words(train), *suspicions(train, dev, scheme)]


def tags_of(train: list[Sentence], scheme: Scheme) -> list[str]:
    """Every tag of the training set, in order of appearance; a scheme of spans always knows O."""
    tags = dict.fromkeys(["O"] if scheme.prefixes else [])
    for sentence in train:
        tags.update(dict.fromkeys(sentence.tags or ()))
    return list(tags)
