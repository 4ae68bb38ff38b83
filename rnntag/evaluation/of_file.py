"""Scores of a file that is tagged already."""

from __future__ import annotations

from rnntag import formats
from rnntag.data.bio import Scheme, detect
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.evaluation.compare import compare, counting, spans, total
from rnntag.evaluation.results import Read, Result, signature_of
from rnntag.evaluation.signature import fingerprint

COPIED = "every intent is that of GOLD, as if handed on by a tagger that knows none"


def of_file(
    path: str,
    gold: list[Sentence] | None = None,
    scheme: Scheme | None = None,
    rule: str = "any",
    mode: str = "conlleval",
    read: Read = formats.read_corpus,
) -> Result:
    """Compare the last column of a file with the tags of gold sentences, or with its own last column but one.

    rule  which intents are right; they are compared if there are gold sentences and both have them
    mode  how ill-formed tags are read
    read  how the file is
    """
    predicted = read(path)
    if gold is None:  # one file says one intent a sentence, and nothing of whose it is
        return of_tagged(path, predicted, [_last_but_one(sentence) for sentence in predicted], scheme, None, mode)
    return of_tagged(path, predicted, gold, scheme, rule, mode)


def of_tagged(
    path: str, predicted: list[Sentence], gold: list[Sentence], scheme: Scheme | None, rule: str | None, mode: str
) -> Result:
    _check_aligned(gold, predicted)
    kind = scheme or detect(sentence.tags or () for sentence in gold)
    own = detect(sentence.tags or () for sentence in predicted)
    if own.prefixes and kind.prefixes and (own.prefixes, own.letters) != (kind.prefixes, kind.letters):
        # The same spans in the notation of the gold tags, so that tokens can be compared too.
        predicted = [each.with_tags(kind.tags(spans(each.tags or [], own, mode), len(each))) for each in predicted]
    told = any(sentence.intent is not None for sentence in predicted)
    compared = list(compare(gold, predicted, kind, rule if told else None, mode))
    scores = total(compared, counting(kind, mode), rule or "any")
    copied = scores.intents and all(each.gold.intent == each.predicted.intent for each in compared)
    warnings = [f"{path}: {COPIED}"] if copied else []
    return Result(scores, signature_of(scores, corpus=fingerprint(gold)), compared, warnings)


def _last_but_one(sentence: Sentence) -> Sentence:
    columns = [row.split("\t") for row in sentence.rows or ()]  # reading took the last column for the tags
    if not columns:
        fact = "a gold and a predicted tag a token are needed, side by side in columns"
        hint = "name the gold file as well: rnntag eval GOLD --predicted FILE"
        raise CorpusError(fact, where=sentence.where(), hint=hint)
    if len(columns[0]) < 2:
        raise CorpusError(
            "a token, its gold tag and its predicted tag are needed, but there are 2 columns",
            where=sentence.where(),
            hint="name the gold file as well: rnntag eval GOLD --predicted FILE",
        )
    return sentence.with_tags([cells[-1] for cells in columns])


def _check_aligned(gold: list[Sentence], predicted: list[Sentence]) -> None:
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
        fact = f"{len(predicted)} sentences, but {len(gold)} in {gold[0].source}"
        raise CorpusError(fact, where=predicted[0].source, hint=hint)
