"""Warnings about files whose lines, columns or tags are not what they are taken for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from rnntag.corpora.tally import DOCUMENT, FEW, TORN, Tally, and_more
from rnntag.corpora.unparted import way_out
from rnntag.punctuation.marks import is_punctuation

FAR = 10  # times the median: the corpora reach 11, at 159 tokens
PHRASE = 6  # words in a token; compounds written with spaces (Vietnamese, numbers) have fewer
TAGS = 100  # with half as many tags as words that is another column: the corpora have up to 120, for 867 words
SPANLIKE = 0.1  # of the tags other than O
RUNS = 0.1  # of spans of one token that follow one of their own type, where no span is longer

_AFFIX = re.compile(r"(?P<prefix>[BIESLUM])[-_:./|](?P<kind>.+)|(?P<type>.+)[-_:./|](?P<suffix>[BIESLUM])", re.I)


def misreadings(train: Tally, dev: Tally) -> Iterator[str | None]:
    """A warning for each way in which a file is read wrongly, lines and columns and all, and None for each other."""
    yield _numbered(train)
    yield _many_tags(train)
    yield _one_tag(train)
    yield _single(train) or _single(dev)
    yield _phrases(train) or _phrases(dev)


def doubts(train: Tally, dev: Tally) -> Iterator[str | None]:
    """A warning for each way in which sentences, spans or tags may be read wrongly, and None for each other."""
    yield _documents(train) or _documents(dev)
    yield _unread_spans(train)
    yield _cut_spans(train)
    yield _torn(train)


# The file as a whole: columns and blank lines.


def _numbered(part: Tally) -> str | None:
    """A warning if the tokens are numbers: CoNLL-U and its like begin each line with that of the token."""
    count = sum(sentence.tokens[:2] == ["1", "2"] for sentence in part.sentences)
    if count < 2 or count < len(part.sentences) / 2:
        return None
    return f"{part.first_token('1')}: the tokens are numbers, 1, 2 and so on; the word must be the first column"


def _many_tags(part: Tally) -> str | None:
    """A warning if there are so many tags that they are rather words."""
    tags, words = len(part.tags), len(part.vocabulary)
    if tags <= TAGS or tags <= words / 2:
        return None
    return f"{part.where()}: {tags} different tags for {words} different words; the tag must be the last column"


def _one_tag(part: Tally) -> str | None:
    """A warning if there is but one tag, and no intent that could be learned all the same."""
    if len(part.tags) > 1 or len({sentence.intent for sentence in part.sentences} - {None}) > 1:
        return None
    tag = next(iter(part.tags))
    return f"{part.where()}: every tag is '{tag}', so there is nothing to learn; the tag must be the last column"


def _single(part: Tally) -> str | None:
    """A warning if there is one sentence in all, or one token in each; one sentence held back for dev is no fault."""
    hint = "a blank line ends a sentence"
    if len(part.sentences) == 1 and (part.name == "train" or part.tokens > DOCUMENT):
        if is_punctuation(part.tags):
            return None  # running text may be in one piece
        hint = way_out(part.sentences[0]) if part.tokens > DOCUMENT else hint
        return f"{part.where()}: all of {part.name} is one sentence ({part.tokens} tokens); {hint}"
    count, whole = part.lengths.count(1), len(part.sentences)
    if count < FEW or count < whole * 0.95:
        return None
    return f"{part.where(part.lengths.index(1))}: {count} of {whole} sentences are one token long; {hint}"


def _documents(part: Tally) -> str | None:
    """A warning if a sentence is so long that it is rather a document."""
    middle = sorted(part.lengths)[(len(part.lengths) - 1) // 2]
    long = [number for number, length in enumerate(part.lengths) if length > max(DOCUMENT, FAR * middle)]
    if not long:
        return None
    fact = f"a sentence of {part.lengths[long[0]]} tokens{and_more(len(long) - 1)}, where the median is {middle}"
    return f"{part.where(long[0])}: {fact}; a blank line ends a sentence"


def _phrases(part: Tally) -> str | None:
    """A warning if a token holds so many words that it is rather a phrase."""
    phrases = [token for token in part.vocabulary if token.count(" ") >= PHRASE - 1]
    if not phrases:
        return None
    count = sum(part.vocabulary[token] for token in phrases)
    fact = f"a token holds {len(phrases[0].split())} words{and_more(count - 1)}"
    return f"{part.first_token(phrases[0])}: {fact}; each word has a line and a tag of its own"


# Tags that are not what they seem.


def _unread_spans(part: Tally) -> str | None:
    """A warning if tags of single tokens look like those of spans: B_x, x-B, b-x, BILOU, or a bare B and I."""
    if part.scheme.prefixes:
        return None
    pairs = _span_like(part.tags)
    count = sum(part.tags[tag] for tags in pairs.values() for tag in tags.values())
    if not pairs or count < (part.tokens - part.tags["O"]) * SPANLIKE:
        return None
    kind, tags = next(iter(pairs.items()))
    first, second = tags["B"], next(tag for letter, tag in tags.items() if letter != "B")
    letters = {letter for tags in pairs.values() for letter in tags}
    if not letters <= set("BIES"):
        hint = "in BIOES L is E, M is I, and U is S"
    elif all(tag == f"{letter}-{kind}" for kind, tags in pairs.items() for letter, tag in tags.items()):
        hint = f"if they are, add --scheme {'bioes' if letters & set('ES') else 'bio'}"
    else:
        hint = f"spans are written 'B-{kind}', 'I-{kind}'"
    fact = f"tags like '{first}' and '{second}' look like spans, but are taken as one tag a token"
    return f"{part.first_tag(first)}: {fact}; {hint}"


def _span_like(tags: Iterable[str]) -> dict[str, dict[str, str]]:
    """Types that have a B and a tag that goes on with it, and the tags of each by their letter."""
    kinds: dict[str, dict[str, str]] = {}
    bare = {tag: tag for tag in tags if tag != "O"}
    if bare.keys() <= set("BIESLUM"):
        kinds["TYPE"] = bare
    for tag in tags:
        if match := _AFFIX.fullmatch(tag):
            kind, letter = match["kind"] or match["type"], match["prefix"] or match["suffix"]
            kinds.setdefault(kind, {})[letter.upper()] = tag
    return {kind: found for kind, found in kinds.items() if "B" in found and found.keys() & set("IELM")}


def _cut_spans(part: Tally) -> str | None:
    """A warning if no span has two tokens, but many touch one of their own type: they were one span once."""
    if not part.scheme.prefixes or any(
        tag != "O" and (before, tag) not in part.opened for before, tag in part.transitions
    ):
        return None
    total = sum(part.transitions[pair] for pair in part.opened)
    runs = [pair for pair, label in part.opened.items() if pair[0] != "O" and part.label(pair[0]) == label]
    count = sum(part.transitions[pair] for pair in runs)
    if count < FEW or count < total * RUNS:
        return None
    place = next(
        part.where(number, index)
        for number, sentence in enumerate(part.sentences)
        for index, pair in enumerate(pairwise(sentence.tags or ()), 1)
        if pair in runs
    )
    label = part.opened[runs[0]]
    second = f"{'E' if part.scheme.name == 'bioes' else 'I'}-{label}"
    fact = f"no span is longer than one token, but {count} of {total} follow one of their own type"
    return f"{place}: {fact}; a span of two tokens is 'B-{label}', '{second}'"


def _torn(part: Tally) -> str | None:
    """A warning if many sentences stand there again under other tags."""
    repeated = [numbers for numbers in part.duplicates.values() if len(numbers) > 1]
    torn = []
    for first, *others in repeated:
        tags = part.sentences[first].tags
        torn += [(first, other) for other in others if part.sentences[other].tags != tags][:1]
    if len(torn) < FEW or len(torn) < len(repeated) * TORN:
        return None
    fact = f"{len(torn)} of {len(repeated)} sentences that train has more than once are tagged in several ways"
    first, other = torn[0]
    return f"{part.where(other)}: {fact}; compare {part.where(first)}"
