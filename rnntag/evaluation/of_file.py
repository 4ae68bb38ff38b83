"""Scores of a file that is tagged already."""

from __future__ import annotations

from dataclasses import replace

from rnntag import formats
from rnntag.corpora.mark_tags import with_plain_none
from rnntag.corpora.schemes import scheme_beside
from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.evaluation.compare import compare, counting_rule, spans, total
from rnntag.evaluation.results import Read, Result, provenance
from rnntag.evaluation.scoring import CONLLEVAL, Scoring
from rnntag.evaluation.signature import fingerprint

COPIED = "every intent is that of GOLD, as if handed on by a tagger that knows none"


def of_file(
    path: str, gold: list[Sentence] | None = None, scoring: Scoring = CONLLEVAL, read: Read = formats.read_corpus
) -> Result:
    """Score the last column of a file against the tags of gold sentences, or against its own last column but one.

    gold  the sentences of another file; None: the file itself holds the gold tags, and intents are not compared
    read  reads the sentences of a file

    Raises CorpusError where the file lacks a column, or has other tokens than the gold sentences.
    """
    predicted = read(path)
    if gold is None:  # one file says one intent a sentence, and nothing of whose it is
        beside = [_with_last_but_one(sentence) for sentence in predicted]
        return of_tagged(path, predicted, beside, replace(scoring, intent_rule=None))
    return of_tagged(path, predicted, gold, scoring)


def of_tagged(path: str, predicted: list[Sentence], gold: list[Sentence], scoring: Scoring) -> Result:
    """Score sentences that were tagged already; ``path`` is their file's name in warnings.

    Intents are compared if any predicted sentence has one. Raises CorpusError where tokens or sentences differ, and for
    ill-formed gold tags where ``scoring`` is strict.
    """
    _check_aligned(gold, predicted)
    corpus = fingerprint(gold)
    scheme, warnings = scoring.read_gold(gold)
    notes: list[str] = []
    written = scheme_beside(gold, scheme)  # the notation of the gold tags, whatever they were said to be
    own = scheme_beside(predicted, written)
    if scheme.prefixes and own.prefixes and written.prefixes and _notation(own) != _notation(written):
        # The same spans in that notation, so that tokens can be compared too.
        predicted = [
            each.with_tags(written.tags(spans(each.tags or [], own, scoring.mode), len(each))) for each in predicted
        ]
        notes = [f"{path}: {own.name.upper()} beside {written.name.upper()}: its tags are converted"]
    elif not scheme.prefixes:
        gold, notes = with_plain_none(gold)
        predicted, _ = with_plain_none(predicted)
    intents = any(sentence.intent is not None for sentence in predicted)
    rule = scoring.intent_rule if intents else None
    compared = list(compare(gold, predicted, scheme, rule, scoring.mode))
    scores = total(compared, counting_rule(scheme, scoring.mode), rule or "any")
    copied = scores.intents and all(each.gold.intent == each.predicted.intent for each in compared)
    warnings += [f"{path}: {COPIED}"] if copied else []
    return Result(scores, provenance(scores, corpus=corpus), compared, warnings, notes)


def _notation(scheme: Scheme) -> tuple[frozenset[str], str]:
    """How spans are written, which is the same in IOB1 and BIO."""
    return scheme.prefixes, scheme.letters


def _with_last_but_one(sentence: Sentence) -> Sentence:
    """The sentence with the tags of its last column but one."""
    columns = [row.split("\t") for row in sentence.rows or ()]  # reading took the last column for the tags
    hint = "name the gold file as well: rnntag eval GOLD --predicted FILE"
    if not columns:
        fact = "a gold and a predicted tag a token are needed, side by side in columns"
        raise CorpusError(fact, where=sentence.where(), hint=hint)
    if len(columns[0]) < 2:
        fact = "a token, its gold tag and its predicted tag are needed, but there are 2 columns"
        raise CorpusError(fact, where=sentence.where(), hint=hint)
    return sentence.with_tags([cells[-1] for cells in columns])


def _check_aligned(gold: list[Sentence], predicted: list[Sentence]) -> None:
    """Raise CorpusError unless both are the same sentences, token by token."""
    hint = "both files need the same sentences, token by token"
    for right, given in zip(gold, predicted, strict=False):
        for place, (ours, theirs) in enumerate(zip(right.tokens, given.tokens, strict=False)):
            if ours != theirs:
                fact = f"token '{theirs}' stands where {right.where(place)} has '{ours}'"
                raise CorpusError(fact, where=given.where(place), hint=hint)
        if len(right) != len(given):
            fact = f"{len(given)} tokens in this sentence, but {len(right)} in that of {right.where()}"
            raise CorpusError(fact, where=given.where(), hint=hint)
    if len(gold) != len(predicted):
        fact = f"{len(predicted)} sentences, but {len(gold)} in {gold[0].source or 'gold'}"
        raise CorpusError(fact, where=predicted[0].source, hint=hint)
