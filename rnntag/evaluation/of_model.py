"""Scores of a model on gold sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from rnntag.corpora.mark_tags import with_plain_none
from rnntag.corpora.warnings import unknown_tags
from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.errors import ModelError
from rnntag.evaluation.compare import compare, counting_rule, spans, total
from rnntag.evaluation.memory import is_training_set
from rnntag.evaluation.mistakes import Known
from rnntag.evaluation.reliability import reliability
from rnntag.evaluation.results import Result, provenance
from rnntag.evaluation.scoring import CONLLEVAL, Scoring
from rnntag.evaluation.signature import fingerprint
from rnntag.formats.charspans import as_raw_text, projected
from rnntag.model.model import Model
from rnntag.tagging.request import TAGS, Request
from rnntag.tagging.tagger import Tagger


@dataclass(frozen=True)
class TaggerOptions:
    """How a model tags the sentences it is scored on.

    threads     batches tagged at the same time; scores do not depend on it
    notice      called with a sentence when the kernels are compiled
    characters  how raw text is cut (`rnntag.data.tokenisation`); None: as the model was trained
    context     tokens of neighbouring sentences that are seen (`rnntag.tagging.tagger.Tagger`); None: as trained
    """

    threads: int = 1
    notice: Callable[[str], None] | None = None
    characters: bool | None = None
    context: int | None = None


AS_TRAINED = TaggerOptions()
REMEMBERED = "this is what the model was trained on: its scores here tell what it remembers, not how well it tags"


def of_model(
    model: Model,
    gold: list[Sentence],
    scoring: Scoring = CONLLEVAL,
    options: TaggerOptions = AS_TRAINED,
    certain: bool = False,
) -> Result:
    """Tag the gold sentences with a model and score its tags.

    Raw text is cut as if nothing were known of its spans, and spans are compared by their characters.

    certain  whether to measure how far the model's probabilities can be trusted

    Raises ModelError if the corpus has no tag that the model knows, or tags of another kind; CorpusError for ill-formed
    tags where ``scoring`` is strict; SpecError for a context of a model of spans or intents.
    """
    read = _read(model, gold, scoring)
    corpus, gold = fingerprint(gold), read.gold
    tagger = Tagger(model, options.threads, options.notice, context=options.context)
    cut = model.cut(options.characters)
    # Probabilities are of sentences alone, but scores those of running text where that is what is tagged.
    probable = _predicted(tagger, gold, cut, Request(probabilities=True)) if certain else []
    predicted = probable if certain and not tagger.runs_on else _predicted(tagger, gold, cut, TAGS)
    rule = scoring.intent_rule if model.intents else None
    compared = list(compare(gold, predicted, model.scheme, rule, scoring.mode))
    scores = total(compared, counting_rule(model.scheme, scoring.mode), rule or "any")
    seed = ",".join(map(str, model.record.trained_under)) or None
    words = model.lexicon.vocabularies.get("word")
    return Result(
        scores,
        provenance(scores, model=model.fingerprint(), corpus=corpus, seed=seed, context=options.context),
        compared,
        [*read.warnings, *unknown_tags(gold, model.tags)],
        read.notes,
        Known(words.ids) if words else None,
        reliability=reliability(gold, probable, model.scheme, rule or "any") if certain else None,
    )


class _Read(NamedTuple):
    """Gold sentences as a model can be scored on, with warnings and notes."""

    gold: list[Sentence]
    warnings: list[str]
    notes: list[str]


def _read(model: Model, gold: list[Sentence], scoring: Scoring) -> _Read:
    """The gold sentences in the notation of the model. Raises what `of_model` does."""
    scheme, warnings = scoring.read_gold(gold)
    place, notes = gold[0].source or "gold", list[str]()
    if not model.scheme.prefixes:
        gold, notes = with_plain_none(gold, model.record.marks, model.tags)
    written = _in_notation_of(model, gold, scheme, scoring)
    if is_training_set(model.record, written, model.scheme):
        notes.append(f"{place}: {REMEMBERED}")
    if any(one.tags != other.tags for one, other in zip(gold, written, strict=True)):
        names = f"{scheme.name.upper()} beside {model.scheme.name.upper()} of the model"
        notes.append(f"{place}: {names}: its tags are converted")
    return _Read(written, warnings, notes)


def _in_notation_of(model: Model, gold: list[Sentence], scheme: Scheme, scoring: Scoring) -> list[Sentence]:
    """The gold spans in the notation of the model, so that tokens can be compared too. Raises ModelError; see above."""
    tags = {tag for sentence in gold for tag in sentence.tags or ()} - {"O"}
    alike = bool(scheme.prefixes) == bool(model.scheme.prefixes)
    if alike and scheme is not model.scheme:
        written = [spans(sentence.tags or [], scheme, scoring.mode) for sentence in gold]
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
    return gold


def _predicted(tagger: Tagger, gold: list[Sentence], cut: Cut, request: Request) -> list[Sentence]:
    """What the tagger predicts for the gold sentences, on their tokens."""
    tagged = tagger.tagged([as_raw_text(sentence, cut) for sentence in gold], request)
    return [
        given if given.tokens == right.tokens else _on_tokens_of(right, given, tagger)
        for given, right in zip(tagged, gold, strict=True)
    ]


def _on_tokens_of(gold: Sentence, predicted: Sentence, tagger: Tagger) -> Sentence:
    """The predicted spans on the tokens of the gold sentence, which are cut at its spans as well."""
    same = gold.with_tags(projected(predicted, gold, tagger.model.scheme), None, predicted.certainty)
    same.intent = predicted.intent
    return same
