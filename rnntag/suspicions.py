"""What looks wrong with training data: nothing that must stop a training, each worth a line before it begins.

The thresholds were set on the sample corpora and on ATIS, SNIPS, CAIS, CoNLL-2000, English EWT and TED punctuation: as
they are, and in slices of 20 to 1000 sentences of train against the whole dev. What was found there stands beside each.
All is counted once, in time linear in the tokens; the rest is about distinct words, tags and pairs of tags.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, pairwise

from rnntag.features import word
from rnntag.scheme import Scheme, split
from rnntag.sentence import Sentence

LINES = 6  # at most
NAMES = 5  # of many labels or intents
BLOCKS = 10  # train is cut into, to see how much a tenth differs from the rest
DOCUMENT = 1000  # tokens; the longest sentence of the corpora has 159
FAR = 10  # times the median: the corpora reach 11, at 159 tokens
PHRASE = 6  # words in a token; compounds written with spaces (Vietnamese, numbers) have fewer
TAGS = 100  # with half as many tags as words that is another column: the corpora have up to 120, for 867 words
SPANLIKE = 0.1  # of the tags other than O
RUNS = 0.1  # of spans of one token that follow one of their own type, where no span is longer
TORN = 0.1  # of repeated sentences that are tagged in several ways: 0 to 1 % in the corpora
CASED = 0.03  # of words have a capital: 0 or 4 to 21 % in the corpora
SAME = 0.2  # of dev also in train: 0 to 10 % in the corpora
FEW = 5  # sentences or spans: with fewer a share says nothing
ENOUGH = 30  # tokens: with fewer a share says nothing
CHANCE = 20.0  # nats: a label's absence is less likely than e^-20; 5 in slices of train, 11 in 50 sentences of dev
SHIFT = 2.0  # times the share of tagged tokens in the outermost block of train: at most 1.1 in the corpora

_AFFIX = re.compile(r"(?P<prefix>[BIESLUM])[-_:./|](?P<kind>.+)|(?P<type>.+)[-_:./|](?P<suffix>[BIESLUM])", re.I)


def suspicions(train: list[Sentence], dev: list[Sentence], scheme: Scheme) -> list[str]:
    """What looks wrong, the gravest first: each a sentence with its place, nothing for sound data.

    train, dev  tagged sentences that keep to the scheme
    """
    if not train or not dev:
        return []
    ours, theirs = _Part("train", train, scheme), _Part("dev", dev, scheme)
    misread = [told for told in _misread(ours, theirs) if told]
    if misread:  # whatever else there is may come of it
        return misread
    found = [told for told in _doubtful(ours, theirs) if told]
    more = len(found) - LINES
    return found if more <= 0 else [*found[: LINES - 1], f"and {more + 1} more suspicions, told when these are gone"]


def _misread(train: _Part, dev: _Part) -> Iterator[str | None]:
    """Files whose lines and columns are not what they are taken for."""
    yield _numbered(train)
    yield _many_tags(train)
    yield _one_tag(train)
    yield _single(train) or _single(dev)
    yield _phrases(train) or _phrases(dev)


def _doubtful(train: _Part, dev: _Part) -> Iterator[str | None]:
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


def openings(pairs: Iterable[tuple[str, str]], scheme: Scheme) -> dict[tuple[str, str], str]:
    """The label of each pair of neighbours whose second tag opens a span; the head of a sentence counts as O."""
    spans = {pair: scheme.spans(pair) for pair in pairs}
    return {pair: span.label for pair, found in spans.items() for span in found if span.start == 1}


class _Part:
    """Train or dev, and what is counted in it."""

    def __init__(self, name: str, sentences: list[Sentence], scheme: Scheme) -> None:
        self.name, self.sentences, self.scheme = name, sentences, scheme
        self.lengths = [len(sentence) for sentence in sentences]
        self.tokens = sum(self.lengths)

    def where(self, number: int = 0, index: int = 0) -> str:
        """The place of a token; Sentences made in Python have no file."""
        sentence = self.sentences[number]
        return sentence.where(index) if sentence.source else f"{self.name}, sentence {number + 1}"

    def first(self, field: str, wanted: str) -> str:
        """The place where a token (``tokens``) or tag (``tags``) stands first."""
        rows = (getattr(sentence, field) or () for sentence in self.sentences)
        number, row = next((number, row) for number, row in enumerate(rows) if wanted in row)
        return self.where(number, row.index(wanted))

    @cached_property
    def blocks(self) -> list[list[Sentence]]:
        """The sentences in ten stretches, so that documents and sources stay together."""
        count = len(self.sentences)
        cuts = [count * number // BLOCKS for number in range(BLOCKS + 1)]
        return [self.sentences[start:end] for start, end in pairwise(cuts) if start < end]

    @cached_property
    def words(self) -> list[Counter[str]]:
        """How often each token stands in each block."""
        return [Counter(chain.from_iterable(sentence.tokens for sentence in block)) for block in self.blocks]

    @cached_property
    def vocabulary(self) -> Counter[str]:
        """How often each token stands in the whole."""
        counts: Counter[str] = Counter()
        for block in self.words:
            counts.update(block)
        return counts

    @cached_property
    def tags(self) -> Counter[str]:
        """How often each tag stands in the whole."""
        return Counter(chain.from_iterable(sentence.tags or () for sentence in self.sentences))

    @cached_property
    def pairs(self) -> Counter[tuple[str, str]]:
        """How often each tag stands behind each other one; the head of a sentence counts as O."""
        rows = chain.from_iterable(("", *(sentence.tags or ())) for sentence in self.sentences)
        counts: Counter[tuple[str, str]] = Counter()
        for (before, tag), count in Counter(pairwise(rows)).items():
            if tag:
                counts[before or "O", tag] += count
        return counts

    @cached_property
    def opened(self) -> dict[tuple[str, str], str]:
        """The label of each pair whose second tag opens a span."""
        return openings(self.pairs, self.scheme)

    @cached_property
    def holders(self) -> dict[str, int]:
        """How many sentences have a span of each label, which are in order of appearance."""
        labels = {tag: self.label(tag) for tag in self.tags if tag != "O"}
        rows = ({labels[tag] for tag in set(sentence.tags or ()) - {"O"}} for sentence in self.sentences)
        counts = Counter(chain.from_iterable(rows))
        return {label: counts[label] for label in labels.values()}

    @cached_property
    def copies(self) -> dict[tuple[str, ...], list[int]]:
        """The numbers of all sentences that have these tokens."""
        places: dict[tuple[str, ...], list[int]] = {}
        for number, sentence in enumerate(self.sentences):
            places.setdefault(tuple(sentence.tokens), []).append(number)
        return places

    def label(self, tag: str) -> str:
        """What the spans of this tag are called."""
        return split(tag)[1] if self.scheme.prefixes else tag


# The file as a whole: columns and blank lines.


def _numbered(part: _Part) -> str | None:
    """CoNLL-U and its like begin each line with the number of the token."""
    count = sum(sentence.tokens[:2] == ["1", "2"] for sentence in part.sentences)
    if count < 2 or count < len(part.sentences) / 2:
        return None
    return f"{part.first('tokens', '1')}: the tokens are numbers, 1, 2 and so on; the word must be the first column"


def _many_tags(part: _Part) -> str | None:
    tags, words = len(part.tags), len(part.vocabulary)
    if tags <= TAGS or tags <= words / 2:
        return None
    return f"{part.where()}: {tags} different tags for {words} different words; the tag must be the last column"


def _one_tag(part: _Part) -> str | None:
    """Quiet where intents can be learned all the same."""
    if len(part.tags) > 1 or len({sentence.intent for sentence in part.sentences} - {None}) > 1:
        return None
    tag = next(iter(part.tags))
    return f"{part.where()}: every tag is '{tag}', so there is nothing to learn; the tag must be the last column"


def _single(part: _Part) -> str | None:
    """One sentence in all, or one token in each; one sentence held back for dev is no fault."""
    hint = "a blank line ends a sentence"
    if len(part.sentences) == 1 and (part.name == "train" or part.tokens > DOCUMENT):
        return f"{part.where()}: all of {part.name} is one sentence ({part.tokens} tokens); {hint}"
    count, whole = part.lengths.count(1), len(part.sentences)
    if count < FEW or count < whole * 0.95:
        return None
    return f"{part.where(part.lengths.index(1))}: {count} of {whole} sentences are one token long; {hint}"


def _documents(part: _Part) -> str | None:
    middle = sorted(part.lengths)[(len(part.lengths) - 1) // 2]
    long = [number for number, length in enumerate(part.lengths) if length > max(DOCUMENT, FAR * middle)]
    if not long:
        return None
    fact = f"a sentence of {part.lengths[long[0]]} tokens{_others(len(long) - 1)}, where the median is {middle}"
    return f"{part.where(long[0])}: {fact}; a blank line ends a sentence"


def _phrases(part: _Part) -> str | None:
    phrases = [token for token in part.vocabulary if token.count(" ") >= PHRASE - 1]
    if not phrases:
        return None
    count = sum(part.vocabulary[token] for token in phrases)
    fact = f"a token holds {len(phrases[0].split())} words{_others(count - 1)}"
    return f"{part.first('tokens', phrases[0])}: {fact}; each word has a line and a tag of its own"


# Tags that are not what they seem.


def _unread_spans(part: _Part) -> str | None:
    """Tags of single tokens that look like those of spans: B_x, x-B, b-x, BILOU, or a bare B and I."""
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
    return f"{part.first('tags', first)}: {fact}; {hint}"


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


def _cut_spans(part: _Part) -> str | None:
    """Where no span has two tokens, many that touch one of their own type were one span once."""
    if not part.scheme.prefixes or any(tag != "O" and (before, tag) not in part.opened for before, tag in part.pairs):
        return None
    total = sum(part.pairs[pair] for pair in part.opened)
    runs = [pair for pair, label in part.opened.items() if pair[0] != "O" and part.label(pair[0]) == label]
    count = sum(part.pairs[pair] for pair in runs)
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


def _torn(part: _Part) -> str | None:
    """The same tokens under other tags."""
    repeated = [numbers for numbers in part.copies.values() if len(numbers) > 1]
    torn = []
    for first, *others in repeated:
        tags = part.sentences[first].tags
        torn += [(first, other) for other in others if part.sentences[other].tags != tags][:1]
    if len(torn) < FEW or len(torn) < len(repeated) * TORN:
        return None
    fact = f"{len(torn)} of {len(repeated)} sentences that train has more than once are tagged in several ways"
    first, other = torn[0]
    return f"{part.where(other)}: {fact}; compare {part.where(first)}"


# Dev that is not like train.


def _case(train: _Part, dev: _Part) -> str | None:
    """One with capitals, the other as good as without."""
    counts = {}
    for part in (train, dev):
        cased = [(token, count) for token, count in part.vocabulary.items() if token.lower() != token.upper()]
        capital = sum(count for token, count in cased if token != token.lower())
        counts[part] = capital, sum(count for _, count in cased)
    shares = {part: capital / max(whole, 1) for part, (capital, whole) in counts.items()}
    low, high = sorted((train, dev), key=lambda part: shares[part])
    if shares[high] < CASED or shares[low] > shares[high] / 20:
        return None
    if min(shares[high] * counts[low][1], counts[high][0]) < ENOUGH:
        return None
    token = next(token for token in high.vocabulary if token != token.lower())
    fact = f"{_percent(shares[high])} of the words of {high.name} have a capital, in {low.name} {_percent(shares[low])}"
    return f"{high.first('tokens', token)}: {fact}; write both in the same case"


def _new_words(train: _Part, dev: _Part) -> str | None:
    """Words of dev that train does not have, case folded, and those of each tenth of train that the rest does not have.

    In the corpora 0.4 to 6.4 % are new in dev, as many as in a tenth of train; in the samples, whose dev has words of
    its own by design, 8.3 against 1.1 %. Dev of another corpus in English has 5 to 61 %, EWT with its punctuation
    glued to the words 17.8 against 6.6 %, CAIS by words instead of characters 22.8 against 0.9 %.
    """
    seen, totals = _homes(train)
    new = {token: count for token, count in dev.vocabulary.items() if word(token) not in seen}
    share = sum(new.values()) / dev.tokens
    own = sum(totals[folded] for folded, home in seen.items() if home >= 0) / train.tokens
    if min(train.tokens / 10, dev.tokens) < 200 or share < max(2 * own + 0.04, own + 0.1):
        return None
    fact = f"{_percent(share)} of the tokens of dev are words that train never has, in a tenth of train {_percent(own)}"
    place = dev.first("tokens", next(iter(new)))
    return f"{place}: {fact}; are both of one language and kind, and cut into tokens alike?"


def _homes(part: _Part) -> tuple[dict[str, int], Counter[str]]:
    """The block that each word, as the network sees it, stands in (-1: in several), and how often it stands in all."""
    homes: dict[str, int] = {}
    totals: Counter[str] = Counter()
    folds = {token: word(token) for token in part.vocabulary}
    for number, block in enumerate(part.words):
        for token, count in block.items():
            folded = folds[token]
            totals[folded] += count
            if homes.setdefault(folded, number) != number:
                homes[folded] = -1
    return homes, totals


def _tagged(train: _Part, dev: _Part) -> str | None:
    """How many tokens have a tag other than O, and how far the tenths of train differ in that."""
    shares, whole, share = [_share(block) for block in train.blocks], _share(train.sentences), _share(dev.sentences)
    if share == 0 < max(shares):
        return f"{dev.where()}: every tag of dev is 'O', so whatever is found there is wrong"
    if min(shares) / SHIFT <= share <= max(shares) * SHIFT:
        return None
    if min(abs(share - bound) for bound in (min(shares), max(shares))) * dev.tokens < ENOUGH:
        return None
    fact = f"{_percent(share)} of the tokens of dev have a tag other than 'O', in train {_percent(whole)}"
    return f"{dev.where()}: {fact}; were both tagged in the same way?"


def _share(sentences: list[Sentence]) -> float:
    """How many tokens have a tag other than O."""
    blank = sum((sentence.tags or []).count("O") for sentence in sentences)
    return 1 - blank / sum(map(len, sentences))


def _absent(train: _Part, dev: _Part) -> str | None:
    """Labels that dev would have, had its sentences been drawn together with those of train.

    Of a label's A sentences all are among the N of train, and none among the M of dev, with probability
    (N / (N + M))^A.
    """
    sentences, others = len(train.sentences), len(dev.sentences)
    one = math.log((sentences + others) / sentences)
    absent = [label for label, count in train.holders.items() if label not in dev.holders and count * one > CHANCE]
    if not absent or not dev.holders:
        return None
    label = max(absent, key=train.holders.__getitem__)
    more = f", and {len(absent) - 1} more likewise" if len(absent) > 1 else ""
    fact = f"label '{label}' is in {train.holders[label]} of {sentences} sentences of train but in none of dev{more}"
    return f"{dev.where()}: {fact}; was dev drawn as train was?"


def _repeated(train: _Part, dev: _Part) -> str | None:
    """Sentences of dev that are in train as well."""
    both = [number for number, sentence in enumerate(dev.sentences) if tuple(sentence.tokens) in train.copies]
    if len(both) < FEW or len(both) <= len(dev.sentences) * SAME:
        return None
    twin = train.copies[tuple(dev.sentences[both[0]].tokens)][0]
    fact = f"{len(both)} of {len(dev.sentences)} sentences of dev also stand in train, so its scores will flatter"
    return f"{dev.where(both[0])}: {fact}; compare {train.where(twin)}"


def _new_intents(train: _Part, dev: _Part) -> str | None:
    """Of several intents joined by ``#`` training takes the first, and scoring any."""
    known = {_intents(sentence)[0] for sentence in train.sentences if sentence.intent}
    first: dict[str, int] = {}
    count = 0
    for number, sentence in enumerate(dev.sentences):
        if sentence.intent and not known.intersection(_intents(sentence)):
            first.setdefault(sentence.intent, number)
            count += 1
    if not first:
        return None
    place = dev.where(next(iter(first.values())))
    if not known:
        return f"{place}: {count} sentences of dev have an intent, but none of train, so none is learned"
    verb = "intent of dev never occurs" if len(first) == 1 else "intents of dev never occur"
    return f"{place}: {len(first)} {verb} in train ({count} here): {_names(list(first))}"


def _intents(sentence: Sentence) -> list[str]:
    return (sentence.intent or "").split("#")


def _once(train: _Part) -> str | None:
    """Labels of a single span: 6 of 79 in atis, none in the other corpora."""
    counts: Counter[str] = Counter()
    for pair, label in train.opened.items():
        counts[label] += train.pairs[pair]
    once = [label for label, count in counts.items() if count == 1]
    if not once:
        return None
    tag = next(pair[1] for pair, label in train.opened.items() if label == once[0])
    verb = "occurs" if len(once) == 1 else "occur"
    fact = f"{len(once)} of {len(counts)} labels {verb} only once in train"
    return f"{train.first('tags', tag)}: {fact}: {_names(once)}"


def _names(names: list[str]) -> str:
    """The first few."""
    more = len(names) - NAMES
    return ", ".join(names[:NAMES]) + (f" and {more} more" if more > 0 else "")


def _others(count: int) -> str:
    return f", and {count} more like it" if count else ""


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
