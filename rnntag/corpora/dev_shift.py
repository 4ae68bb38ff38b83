"""Warnings about a dev set that is not like its training set."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from rnntag.corpora.tally import ENOUGH, FEW, Tally, listed, percent
from rnntag.data.sentence import Sentence
from rnntag.features.table import word

CASED = 0.03  # of words have a capital: 0 or 4 to 21 % in the corpora
SAME = 0.2  # of dev also in train: 0 to 10 % in the corpora
CHANCE = 20.0  # nats: a label's absence is less likely than e^-20; 5 in slices of train, 11 in 50 sentences of dev
SHIFT = 2.0  # times the share of tagged tokens in the outermost block of train: at most 1.1 in the corpora


def shifts(train: Tally, dev: Tally) -> Iterator[str | None]:
    """A warning for each way in which dev is not like train, and None for each in which it is; the gravest first."""
    yield _case(train, dev)
    yield _new_words(train, dev)
    yield _tagged(train, dev)
    yield _absent(train, dev)
    yield _repeated(train, dev)
    yield _new_intents(train, dev)


def _case(train: Tally, dev: Tally) -> str | None:
    """A warning if one has capitals, and the other next to none."""
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
    fact = f"{percent(shares[high])} of the words of {high.name} have a capital, in {low.name} {percent(shares[low])}"
    return f"{high.first_token(token)}: {fact}; write both in the same case"


def _new_words(train: Tally, dev: Tally) -> str | None:
    """A warning if dev has far more new words, case folded, than a tenth of train has against the rest of it.

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
    fact = f"{percent(share)} of the tokens of dev are words that train never has, in a tenth of train {percent(own)}"
    place = dev.first_token(next(iter(new)))
    return f"{place}: {fact}; are both of one language and kind, and cut into tokens alike?"


def _homes(part: Tally) -> tuple[dict[str, int], Counter[str]]:
    """The block that each word, as the network sees it, stands in (-1: several), and how often it stands in all."""
    homes: dict[str, int] = {}
    totals: Counter[str] = Counter()
    folds = {token: word(token) for token in part.vocabulary}
    for number, block in enumerate(part.block_words):
        for token, count in block.items():
            folded = folds[token]
            totals[folded] += count
            if homes.setdefault(folded, number) != number:
                homes[folded] = -1
    return homes, totals


def _tagged(train: Tally, dev: Tally) -> str | None:
    """A warning if the share of tokens with a tag other than O lies outside of what the tenths of train have."""
    shares, whole, share = [_share(block) for block in train.blocks], _share(train.sentences), _share(dev.sentences)
    if share == 0 < max(shares):
        return f"{dev.where()}: every tag of dev is 'O', so whatever is found there is wrong"
    if min(shares) / SHIFT <= share <= max(shares) * SHIFT:
        return None
    if min(abs(share - bound) for bound in (min(shares), max(shares))) * dev.tokens < ENOUGH:
        return None
    fact = f"{percent(share)} of the tokens of dev have a tag other than 'O', in train {percent(whole)}"
    return f"{dev.where()}: {fact}; were both tagged in the same way?"


def _share(sentences: list[Sentence]) -> float:
    """The share of tokens that have a tag other than O."""
    blank = sum((sentence.tags or []).count("O") for sentence in sentences)
    return 1 - blank / sum(map(len, sentences))


def _absent(train: Tally, dev: Tally) -> str | None:
    """A warning if dev lacks labels that it would have, had its sentences been drawn together with those of train.

    Of a label's A sentences all are among the N of train, and none among the M of dev, with probability
    (N / (N + M))^A.
    """
    sentences, others = len(train.sentences), len(dev.sentences)
    one = math.log((sentences + others) / sentences)
    absent = [
        label for label, count in train.label_counts.items() if label not in dev.label_counts and count * one > CHANCE
    ]
    if not absent or not dev.label_counts:
        return None
    label = max(absent, key=train.label_counts.__getitem__)
    more = f", and {len(absent) - 1} more likewise" if len(absent) > 1 else ""
    fact = (
        f"label '{label}' is in {train.label_counts[label]} of {sentences} sentences of train but in none of dev{more}"
    )
    return f"{dev.where()}: {fact}; was dev drawn as train was?"


def _repeated(train: Tally, dev: Tally) -> str | None:
    """A warning if many sentences of dev are in train as well."""
    both = [number for number, sentence in enumerate(dev.sentences) if tuple(sentence.tokens) in train.duplicates]
    if len(both) < FEW or len(both) <= len(dev.sentences) * SAME:
        return None
    copy = train.duplicates[tuple(dev.sentences[both[0]].tokens)][0]
    fact = f"{len(both)} of {len(dev.sentences)} sentences of dev also stand in train, so its scores will flatter"
    return f"{dev.where(both[0])}: {fact}; compare {train.where(copy)}"


def _new_intents(train: Tally, dev: Tally) -> str | None:
    """A warning if dev has intents that train has not, where training takes the first of several joined by ``#``."""
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
    return f"{place}: {len(first)} {verb} in train ({count} here): {listed(list(first))}"


def _intents(sentence: Sentence) -> list[str]:
    """The intents that are joined in one."""
    return (sentence.intent or "").split("#")
