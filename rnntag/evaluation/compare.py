"""Predicted tags compared with gold ones: the counts of conlleval, right tokens and right sentences.

A span counts as correct if start, end and type are those of a span in the gold tags. Percentages, and the
value 0 for what is undefined, are conlleval's. Ill-formed tags are read as conlleval reads them or, by the mode
``strict``, as seqeval's strict mode does. How a score came about, `rnntag.evaluation.signature` says in one line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from rnntag.data.bio import OPEN, Scheme, split
from rnntag.data.sentence import Sentence, Span
from rnntag.errors import CorpusError
from rnntag.evaluation.counts import Counts, IntentCounts, Scores, by_label, counted_intents


def strict_spans(tags: Sequence[str], scheme: Scheme) -> list[Span]:
    """The spans that are well-formed by the scheme; an ill-formed one does not count.

    As the strict mode of seqeval (Nakayama 2018): a span opens with a tag that may open one, goes on with I and E of
    its type, and counts if it may end there. In IOB1 a span that is a single B does not end before a B of another type.
    """
    if not scheme.prefixes:
        return scheme.spans(tags)
    found = []
    start = None  # None while no span is open
    before, before_kind = "O", ""
    for index, tag in enumerate((*tags, "O")):
        after, kind = split(tag) if scheme.knows(tag) else ("O", "")
        same = before in OPEN and kind == before_kind
        if start is not None and not (same and after in ("I", "E")):
            lone = before == after == "B" and after in scheme.carrying and not same
            if before not in scheme.unfinished and not lone:
                found.append(Span(start, index, before_kind))
            start = None
        if start is None and (after not in (*scheme.carrying, "O") or (same and after == "B")):
            start = index
        before, before_kind = after, kind
    return found


def spans(tags: Sequence[str], scheme: Scheme, mode: str = "conlleval") -> list[Span]:
    """The spans that tags write down.

    mode  how ill-formed tags are read: ``conlleval``, as the script of that name does, or ``strict``, not at all
    """
    return strict_spans(tags, scheme) if mode == "strict" else scheme.spans(tags)


def counting_rule(scheme: Scheme, mode: str = "conlleval") -> str:
    """What `Scores.rule` says: the mode where tags write spans, ``tokens`` where they mark tokens."""
    return mode if scheme.prefixes else "tokens"


class Compared(NamedTuple):
    """A sentence's gold and predicted tags side by side.

    gold, predicted              the sentence with its gold and with its predicted tags
    gold_spans, predicted_spans  the spans that these tags write down
    correct_tokens               how many tokens have the right tag
    intents                      the gold and the predicted intent that it counts under; None where intents are not
                                 compared
    """

    gold: Sentence
    predicted: Sentence
    gold_spans: list[Span]
    predicted_spans: list[Span]
    correct_tokens: int
    intents: tuple[str, str | None] | None

    @property
    def right_intent(self) -> bool | None:
        """Whether the intent is right; None where intents are not compared."""
        return None if self.intents is None else self.intents[0] == self.intents[1]

    @property
    def found(self) -> tuple[list[Span], int, str | None]:
        """What was predicted, as far as it is scored: two taggings that are alike here score alike."""
        return self.predicted_spans, self.correct_tokens, self.predicted.intent

    @property
    def correct(self) -> bool:
        """Whether all tags are right."""
        return self.correct_tokens == len(self.gold)

    @property
    def correct_spans(self) -> set[Span]:
        """The predicted spans that are in the gold tags as well."""
        return set(self.gold_spans).intersection(self.predicted_spans)


def compare(
    gold: Iterable[Sentence],
    predicted: Iterable[Sentence],
    scheme: Scheme,
    intent_rule: str | None = "any",
    mode: str = "conlleval",
) -> Iterator[Compared]:
    """Compare the predicted tags of each sentence with its gold tags, and intents wherever the gold one is known.

    gold, predicted  the same sentences in the same order
    intent_rule      which intents are right (`rnntag.evaluation.counts.right_intent`); None: they are not compared
    mode             how ill-formed tags are read (see `spans`)

    Raises CorpusError where the numbers of sentences or of tags differ.
    """
    for right, given in _pairs(gold, predicted):
        right_tags, given_tags = right.tags or [], given.tags or []
        meant = None
        if intent_rule and right.intent is not None:
            meant = counted_intents(right.intent, given.intent, intent_rule)
        same = sum(map(str.__eq__, right_tags, given_tags))
        yield Compared(right, given, spans(right_tags, scheme, mode), spans(given_tags, scheme, mode), same, meant)


def total(compared: Iterable[Compared], rule: str = "conlleval", intent_rule: str = "any") -> Scores:
    """Add up compared sentences to scores; the rules are those they were compared by, and are only noted."""
    in_gold: Counter[str] = Counter()
    in_predicted: Counter[str] = Counter()
    in_both: Counter[str] = Counter()
    intents: Counter[tuple[str, str | None]] = Counter()
    tokens = correct_tokens = sentences = correct_sentences = whole = 0
    for each in compared:
        in_gold.update(span.label for span in each.gold_spans)
        in_predicted.update(span.label for span in each.predicted_spans)
        in_both.update(span.label for span in each.correct_spans)
        tokens += len(each.gold)
        correct_tokens += each.correct_tokens
        sentences += 1
        correct_sentences += each.correct
        if each.intents is not None:
            intents[each.intents] += 1
            whole += each.correct and each.intents[0] == each.intents[1]
    return Scores(
        overall=Counts(in_gold.total(), in_predicted.total(), in_both.total()),
        types=by_label(in_gold, in_predicted, in_both),
        tokens=tokens,
        correct_tokens=correct_tokens,
        sentences=sentences,
        correct_sentences=correct_sentences,
        rule=rule,
        intents=IntentCounts(dict(intents), whole, intent_rule) if intents else None,
    )


def score(
    gold: Iterable[Sentence],
    predicted: Iterable[Sentence],
    scheme: Scheme,
    intent_rule: str | None = "any",
    mode: str = "conlleval",
) -> Scores:
    """Score predicted tags against gold ones; parameters and faults are those of `compare`."""
    compared = compare(gold, predicted, scheme, intent_rule, mode)
    return total(compared, counting_rule(scheme, mode), intent_rule or "any")


def _pairs(gold: Iterable[Sentence], predicted: Iterable[Sentence]) -> Iterable[tuple[Sentence, Sentence]]:
    """Pair the sentences, each of which must have as many predicted tags as gold ones."""
    for number, (right, given) in enumerate(zip_longest(gold, predicted), 1):
        if right is None or given is None:
            which = "gold" if right is None else "predicted"
            raise CorpusError(f"sentence {number} has no {which} tags", hint="both need the same sentences")
        if len(right.tags or ()) != len(given.tags or ()):
            fact = (
                f"sentence {number} has {len(right.tags or ())} gold tags, but {len(given.tags or ())} predicted ones"
            )
            raise CorpusError(fact, hint="both need the same tokens")
        yield right, given
