"""A gold file against a model, or against a file that is tagged already: scores, and how they came about."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rnntag import __version__, formats, mistakes, significance
from rnntag.calibration import Reliability, reliability
from rnntag.corpora import unknown_tags
from rnntag.errors import CorpusError, ModelError
from rnntag.evaluation import (
    MEASURES,
    Compared,
    Scores,
    compare,
    counting,
    fingerprint,
    percent,
    signature,
    spans,
    total,
)
from rnntag.formats.text import bare, carried
from rnntag.mistakes import Known, Mistakes
from rnntag.model import Model
from rnntag.scheme import Scheme, detect
from rnntag.sentence import Sentence
from rnntag.significance import Contrast, Intervals
from rnntag.tagging import TAGS, Tagger, Wanted

Read = Callable[[str], list[Sentence]]
SHOWN = 2_000  # sentences that are not all right, in JSON
COPIED = "every intent is that of GOLD, as if handed on by a tagger that knows none"


@dataclass(frozen=True)
class Result:
    """Scores, the line that makes them reproducible, and all that they follow from.

    compared   the sentences, gold beside predicted
    warnings   what looks wrong
    known      what training has shown; None where that is not known
    intervals  of the scores, and
    mistakes   grouped, and
    reliable   how far probabilities can be trusted: None until asked for
    """

    scores: Scores
    signature: str
    compared: Sequence[Compared]
    warnings: Sequence[str] = ()
    known: Known | None = None
    intervals: Intervals | None = None
    mistakes: Mistakes | None = None
    reliable: Reliability | None = None

    @property
    def gold(self) -> list[Sentence]:
        return [each.gold for each in self.compared]

    @property
    def predicted(self) -> list[Sentence]:
        return [each.predicted for each in self.compared]

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        found: dict[str, object] = {**self.scores.as_dict(), "signature": self.signature}
        if self.intervals:
            found["intervals"] = self.intervals.as_dict()
        if self.mistakes:
            found["errors"] = self.mistakes.as_dict(SHOWN)
        if self.reliable:
            found["calibration"] = self.reliable.as_dict()
        return found


def of_model(
    model: Model,
    gold: list[Sentence],
    scheme: Scheme | None = None,
    threads: int = 1,
    notice: Callable | None = None,
    rule: str = "any",
    mode: str = "conlleval",
    certain: bool = False,
    characters: bool = False,
    context: int | None = None,
) -> Result:
    """Tag the gold sentences and compare.

    Text is cut as if nothing were known of its spans, and spans are compared by their characters.

    rule     which intents are right
    mode     how ill-formed tags are read
    certain     whether to see how far probabilities can be trusted
    characters  how text is cut (`rnntag.tokenisation`)
    context     how much of the neighbouring sentences is seen (`rnntag.tagging.Tagger`)

    Raises ModelError if the corpus has no tag that the model knows, or tags of another kind.
    """
    kind = scheme or detect(sentence.tags or () for sentence in gold)
    corpus = fingerprint(gold)
    tags = {tag for sentence in gold for tag in sentence.tags or ()} - {"O"}
    alike = bool(kind.prefixes) == bool(model.scheme.prefixes)
    if alike and kind is not model.scheme:
        # The same spans in the notation of the model, so that tokens can be compared too.
        written = [spans(sentence.tags or [], kind, mode) for sentence in gold]
        gold = [each.with_tags(model.scheme.tags(found, len(each))) for each, found in zip(gold, written, strict=True)]
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
    tagger = Tagger(model, threads, notice, context=context)

    def found_by(wanted: Wanted) -> list[Sentence]:
        tagged = tagger.tagged([bare(sentence, characters, model.reads) for sentence in gold], wanted)
        return [
            found if found.tokens == right.tokens else _recut(found, right, model.scheme)
            for found, right in zip(tagged, gold, strict=True)
        ]

    # Probabilities are of sentences alone, but scores are those of running text where that is what is tagged.
    weighed = found_by(Wanted(certain=True)) if certain else []
    tagged = weighed if certain and not tagger.runs_on else found_by(TAGS)
    compared = list(compare(gold, tagged, model.scheme, rule if model.intents else None, mode))
    scores = total(compared, counting(model.scheme, mode), rule)
    seeds = model.record.get("seeds") or [model.record.get("recipe", {}).get("seed")]
    seed = ",".join(str(seed) for seed in seeds if seed is not None) or None
    words = model.lexicon.vocabularies.get("word")
    return Result(
        scores,
        _signature(scores, model=model.fingerprint(), corpus=corpus, seed=seed, context=context),
        compared,
        unknown_tags(gold, model.tags),
        Known(words.ids) if words else None,
        reliable=reliability(gold, weighed, model.scheme, rule) if certain else None,
    )


def _recut(found: Sentence, right: Sentence, scheme: Scheme) -> Sentence:
    """What was found in a text on the tokens of the gold sentence, which has more."""
    same = right.with_tags(carried(found, right, scheme), None, found.certainty)
    same.intent = found.intent
    return same


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
        return _of_tagged(path, predicted, [_last_but_one(sentence) for sentence in predicted], scheme, None, mode)
    return _of_tagged(path, predicted, gold, scheme, rule, mode)


def _of_tagged(
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
    return Result(scores, _signature(scores, corpus=fingerprint(gold)), compared, warnings)


def with_intervals(result: Result) -> Result:
    """The same with the intervals of its scores, and in its signature how they came about."""
    found = significance.intervals(result.compared)
    return replace(result, intervals=found, signature=f"{result.signature} | {signature(intervals=found)}")


def with_mistakes(
    result: Result, train: str | None = None, scheme: Scheme | None = None, read: Read = formats.read_corpus
) -> Result:
    """The same with its mistakes; what is known is told by a training file, or else by the model."""
    known = result.known
    if train is not None:
        sentences = read(train)
        known = mistakes.shown(sentences, scheme or detect(sentence.tags or () for sentence in sentences))
    return replace(result, known=known, mistakes=mistakes.group(result.compared, known))


@dataclass(frozen=True)
class Comparison:
    """Two answers to one gold file, A and B.

    names  their files
    """

    names: tuple[str, str]
    results: tuple[Result, Result]
    contrast: Contrast
    signature: str

    @property
    def warnings(self) -> list[str]:
        """What looks wrong with either, once."""
        return list(dict.fromkeys(warning for result in self.results for warning in result.warnings))

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "a": self.names[0],
            "b": self.names[1],
            **{name: difference.as_dict() for name, difference in self.contrast.measures.items()},
            "identical": self.contrast.alike,
            "meaning": self.contrast.meaning(),
            "signature": self.signature,
        }


def comparison(
    gold: list[Sentence],
    names: tuple[str, str],
    scheme: Scheme | None = None,
    threads: int = 1,
    notice: Callable | None = None,
    rule: str = "any",
    mode: str = "conlleval",
    read: Read = formats.read_corpus,
) -> Comparison:
    """Compare two files, each a model or tagged already, on the same gold sentences.

    Raises CorpusError for a file that is neither.
    """
    kinds, results = [], []
    for name in names:
        found = _model_or_tagged(name, read)
        if isinstance(found, Model):
            kinds.append(f"model {found.fingerprint()}")
            results.append(of_model(found, gold, scheme, threads, notice, rule, mode, False, found.characters))
        else:
            kinds.append(f"file {fingerprint(found)}")
            results.append(_of_tagged(name, found, gold, scheme, rule, mode))
    a, b = results
    contrast = significance.contrast(a.compared, b.compared)
    scores = b.scores if a.scores.intents else a.scores  # intents are compared where both have them
    parts = {"A": kinds[0], "B": kinds[1], "corpus": fingerprint(gold), "tests": contrast}
    return Comparison(names, (a, b), contrast, _signature(scores, **parts))


def _model_or_tagged(path: str, read: Read) -> Model | list[Sentence]:
    """What a file holds, which is tried out unless its name tells."""
    if path.endswith(".rnntag"):
        return Model.load(path)
    if path == "-" or not os.path.isfile(path):
        return read(path)
    try:
        return Model.load(path)
    except ModelError as error:
        no_model = error
    try:
        return read(path)
    except CorpusError as error:
        fact = f"is neither a tagged file ({error.fact}) nor a model ({no_model.fact})"
        raise CorpusError(fact, where=error.where, quote=error.quote, hint=error.hint) from None


def page_facts(result: Result, title: str, curve: list[dict[str, object]] | None = None) -> dict[str, object]:
    """All that a page on these scores shows, as JSON can hold it; ``curve`` is the log of the training.

    The confusions are those of gold types, one a row, with predicted ones; a span of the right type with other
    borders is in none.
    """
    scores, found = result.scores, result.mistakes or mistakes.group(result.compared, result.known)
    return {
        "title": title,
        "version": __version__,
        "signature": result.signature,
        "rule": scores.rule,
        "cards": _cards(result),
        "types": [{"label": label, **counts.as_dict()} for label, counts in scores.types.items()],
        "confusions": _matrix(scores, found),
        "kinds": found.kinds,
        "seen": [share._asdict() for share in found.seen],
        "curve": curve,
        "reliability": _reliability(result.reliable),
        "sentences": [wrong.as_dict() for wrong in found.sentences[:SHOWN]],
    }


def _reliability(found: Reliability | None) -> dict[str, object] | None:
    if found is None or not found.bins:
        return None
    bins = [
        {"low": low, "high": high, "count": count, "confidence": said, "accuracy": right}
        for low, high, count, said, right in found.bins
    ]
    return {
        "before": None,
        "ece": found.spans,
        "bins": bins,
        "thresholds": [each._asdict() for each in found.thresholds],
    }


def _cards(result: Result) -> list[dict[str, object]]:
    """Each measure, F1 first, with its interval and what it counts."""
    scores, unit = result.scores, "tags" if result.scores.rule == "tokens" else "spans"
    fractions = scores.fractions()
    notes = {name: f"{part} of {whole}" for name, (part, whole) in fractions.items()}
    notes["f1"] = f"{scores.overall.gold} {unit}"
    cards = []
    for name in sorted(fractions, key=lambda name: name != "f1"):
        low, high = significance.rounded(result.intervals.measures[name]) if result.intervals else (None, None)
        value = round(percent(*fractions[name]), 2)
        cards.append({"name": MEASURES[name], "value": value, "low": low, "high": high, "note": notes[name]})
    return cards


def _matrix(scores: Scores, found: Mistakes) -> dict[str, object]:
    """How often each gold type was predicted as each type; the last row and column are of spans without a partner."""
    names = [*scores.types, None]
    counts = dict(found.confusions) | {(name, name): counts.correct for name, counts in scores.types.items()}
    return {
        "labels": [*scores.types, "none"],
        "counts": [[counts.get((gold, predicted), 0) for predicted in names] for gold in names],
    }


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


def _signature(scores: Scores, **parts: object) -> str:
    intents = scores.intents and scores.intents.rule
    return signature(rnntag=__version__, rule=scores.rule, intents=intents, **parts)
