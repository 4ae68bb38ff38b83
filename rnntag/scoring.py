"""A gold file against a model, or against a file that is tagged already: scores, and how they came about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rnntag import __version__, formats
from rnntag.corpora import unknown_tags
from rnntag.errors import CorpusError, ModelError
from rnntag.evaluation import Scores, fingerprint, score, signature
from rnntag.model import Model
from rnntag.scheme import Scheme, detect
from rnntag.sentence import Sentence
from rnntag.tagging import Tagger

COPIED = "every intent is that of GOLD, as if handed on by a tagger that knows none"


@dataclass(frozen=True)
class Result:
    """Scores, the line that makes them reproducible, and what looks wrong."""

    scores: Scores
    signature: str
    warnings: Sequence[str] = ()


def of_model(
    model: Model,
    gold: list[Sentence],
    scheme: Scheme | None = None,
    threads: int = 1,
    notice: Callable | None = None,
    rule: str = "any",
) -> Result:
    """Tag the tokens of gold sentences and compare.

    Raises ModelError if the corpus has no tag that the model knows, or tags of another kind.
    """
    kind = scheme or detect(sentence.tags or () for sentence in gold)
    corpus = fingerprint(gold)
    tags = {tag for sentence in gold for tag in sentence.tags or ()} - {"O"}
    alike = bool(kind.prefixes) == bool(model.scheme.prefixes)
    if alike and kind is not model.scheme:
        # The same spans in the notation of the model, so that tokens can be compared too.
        spans = [kind.spans(sentence.tags or []) for sentence in gold]
        gold = [each.with_tags(model.scheme.tags(found, len(each))) for each, found in zip(gold, spans, strict=True)]
    labels = {span.label for sentence in gold for span in model.scheme.spans(sentence.tags or [])}
    known = {span.label for tag in model.tags for span in model.scheme.spans([tag])}
    if tags and not (alike and labels & known):
        ours = ", ".join(sorted(set(model.tags) - {"O"})[:3])
        theirs = ", ".join(sorted(tags)[:3])
        raise ModelError(
            f"the model does not fit the corpus: the model has tags such as {ours}; the corpus {theirs}",
            where=gold[0].where(),
            hint="name another model with -m",
        )
    tagger = Tagger(model, threads, notice)
    scores = score(gold, tagger.tagged(gold), model.scheme, rule if model.intents else None)
    seeds = model.record.get("seeds") or [model.record.get("recipe", {}).get("seed")]
    seed = ",".join(str(seed) for seed in seeds if seed is not None) or None
    return Result(scores, _signature(scores, corpus, model.fingerprint(), seed), unknown_tags(gold, model.tags))


def of_file(path: str, gold_path: str | None = None, scheme: Scheme | None = None, rule: str = "any") -> Result:
    """Compare the last column of a file with that of a gold file, or with its own last column but one.

    rule  which intents are right; they are compared if there is a gold file and both have them
    """
    predicted = formats.read_corpus(path)
    gold = formats.read_corpus(gold_path) if gold_path else [_last_but_one(sentence) for sentence in predicted]
    _check_aligned(gold, predicted)
    kind = scheme or detect(sentence.tags or () for sentence in gold)
    # A single file says one intent a sentence, and nothing of whose it is.
    told = gold_path is not None and any(sentence.intent is not None for sentence in predicted)
    scores = score(gold, predicted, kind, rule if told else None)
    warnings = []
    if scores.intents and all(ours.intent == theirs.intent for ours, theirs in zip(gold, predicted, strict=True)):
        warnings.append(f"{path}: {COPIED}")
    return Result(scores, _signature(scores, fingerprint(gold), None, None), warnings)


def _last_but_one(sentence: Sentence) -> Sentence:
    columns = [row.split("\t") for row in sentence.rows or ()]  # reading took the last column for the tags
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


def _signature(scores: Scores, corpus: str, model: str | None, seed: str | None) -> str:
    parts = {
        "rnntag": __version__,
        "rule": scores.rule,
        "intents": scores.intents and scores.intents.rule,
        "model": model,
        "corpus": corpus,
        "seed": seed,
    }
    return signature(**parts)
