"""Warnings about training data: of nothing that must stop a training, each worth a line before it begins.

The thresholds were set on the sample corpora and on ATIS, SNIPS, CAIS, CoNLL-2000, English EWT and TED punctuation: as
they are, and in slices of 20 to 1000 sentences of train against the whole dev. What was found there stands beside each.
All is counted once, in time linear in the tokens; the rest is about distinct words, tags and pairs of tags.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rnntag.corpora import dev_shift, wrong_columns
from rnntag.corpora.mark_tags import unknown_marks, with_plain_none
from rnntag.corpora.schemes import LIMIT, beside, gathered, well_formed
from rnntag.corpora.tally import Tally, listed
from rnntag.data.bio import Scheme, detect
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import tokens_of
from rnntag.punctuation.marks import Marks

LINES = 6  # of suspicions, at most
SHOWN = 5  # unknown tags, at most
CHOOSING = 50  # spans of dev, with fewer of which one more or less is two points


def suspicions(train: list[Sentence], dev: list[Sentence], scheme: Scheme) -> list[str]:
    """Warnings about data that looks wrong, the gravest first: each a sentence with its place, none for sound data.

    train, dev  tagged sentences that keep to the scheme
    """
    if not train or not dev:
        return []
    ours, theirs = Tally("train", train, scheme), Tally("dev", dev, scheme)
    misread = list(filter(None, wrong_columns.misreadings(ours, theirs)))
    if misread:  # whatever else there is may come of it
        return misread
    found = list(filter(None, _all(ours, theirs)))
    more = len(found) - LINES
    return found if more <= 0 else [*found[: LINES - 1], f"and {more + 1} more suspicions, told when these are gone"]


def _all(train: Tally, dev: Tally) -> Iterator[str | None]:
    """All warnings about files that are not misread as a whole, the gravest first."""
    yield from wrong_columns.doubts(train, dev)
    yield from dev_shift.shifts(train, dev)
    yield _single_spans(train)


def _single_spans(train: Tally) -> str | None:
    """A warning if there are labels of a single span: 6 of 79 in atis, none in the other corpora."""
    counts: Counter[str] = Counter()
    for pair, label in train.opened.items():
        counts[label] += train.transitions[pair]
    once = [label for label, count in counts.items() if count == 1]
    if not once:
        return None
    tag = next(pair[1] for pair, label in train.opened.items() if label == once[0])
    verb = "occurs" if len(once) == 1 else "occur"
    fact = f"{len(once)} of {len(counts)} labels {verb} only once in train"
    return f"{train.first_tag(tag)}: {fact}: {listed(once)}"


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


class Checked(NamedTuple):
    """A training set and its dev set as they are learned from.

    train, dev  with well-formed tags of one scheme
    scheme      what the tags mean
    warnings    what looks wrong, a sentence each
    notes       what was made of them
    """

    train: list[Sentence]
    dev: list[Sentence]
    scheme: Scheme
    warnings: list[str]
    notes: list[str]


def checked(
    train: list[Sentence],
    dev: list[Sentence],
    scheme: Scheme | None = None,
    marks: Marks | None = None,
    strict: bool = False,
    known: Sequence[str] = (),
) -> Checked:
    """Bring the tags of train and dev into one well-formed scheme, and look for what seems wrong.

    scheme  what tags mean; None is to recognise it
    marks   what tags of single tokens stand for, where that was named
    strict  nothing ill-formed is mended
    known   tags that a model has already

    Raises CorpusError for ill-formed tags: in train, where they are more than slips, and in both where ``strict``.
    """
    held_back = {sentence.source for sentence in dev} <= {sentence.source for sentence in train} - {""}
    own, whole, notes = scheme, [*train, *dev] if held_back else train, list[str]()
    if scheme is None:
        scheme = detect(sentence.tags or () for sentence in whole)
        whole, notes = gathered(whole, scheme)
        train, dev = whole[: len(train)], whole[len(train) :] or dev
    train, slips = well_formed(train, scheme, strict, LIMIT)
    dev, others, conversions = beside(dev, scheme, scheme if held_back else own, strict)
    notes += conversions
    warnings = [*slips, *others]
    if not scheme.prefixes:
        train, plain = with_plain_none(train, marks, known)
        dev, _ = with_plain_none(dev, marks, known)
        notes += plain
        warnings += unknown_marks(train, marks)
    warnings += unknown_tags(dev, [*known, *tags_of(train, scheme)])
    warnings += [*within_words(train), *suspicions(train, dev, scheme)]
    return Checked(train, dev, scheme, warnings, [*notes, *_small(dev, scheme)])


def _small(dev: list[Sentence], scheme: Scheme) -> list[str]:
    """A note if dev has so few spans that chance decides which epoch is best."""
    spans = sum(len(scheme.spans(sentence.tags or ())) for sentence in dev)
    if not 0 < spans < CHOOSING:
        return []
    what = (
        f"{spans} {'span' if scheme.prefixes else 'tag'}{'s' * (spans > 1)}{'' if scheme.prefixes else ' other than O'}"
    )
    return [f"dev has {what}, each worth {100 / spans:.0f} points of recall: which epoch is best is left to chance"]


def several_intents(sentences: Sequence[Sentence]) -> list[str]:
    """A note if some sentences have several intents, joined by #."""
    several = [each for each in sentences if each.intent and len(list(filter(None, each.intent.split("#")))) > 1]
    if not several:
        return []
    known = sum(each.intent is not None for each in sentences)
    first = several[0]
    fact = f"{first.where()}: '{first.intent}' is several intents, as {len(several):,} of {known:,} are"
    return [f"{fact}; the first is learned (--intents joined: all of them as one)"]


def tags_of(train: list[Sentence], scheme: Scheme) -> list[str]:
    """Every tag of the training set, in order of appearance; a scheme of spans always knows O."""
    tags = dict.fromkeys(["O"] if scheme.prefixes else [])
    for sentence in train:
        tags.update(dict.fromkeys(sentence.tags or ()))
    return list(tags)
