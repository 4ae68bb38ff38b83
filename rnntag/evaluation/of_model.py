"""Scores of a model on gold sentences, of one file or of several."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from rnntag.corpora.mark_tags import with_plain_none
from rnntag.corpora.warnings import unknown_tags
from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import ModelError
from rnntag.evaluation.compare import Compared, compare, counting_rule, spans, total
from rnntag.evaluation.counts import Scores
from rnntag.evaluation.memory import is_training_set
from rnntag.evaluation.mistakes import Known
from rnntag.evaluation.reliability import Reliability, reliability
from rnntag.evaluation.results import Part, Result, provenance
from rnntag.evaluation.scoring import CONLLEVAL, Scoring
from rnntag.evaluation.signature import fingerprint
from rnntag.formats import Reading
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


def as_trained(model: Model, reading: Reading) -> Reading:
    """How a gold file is read for a model: raw text is cut as its training was, unless the reading says how."""
    if reading.characters is None:
        reading = replace(reading, characters=model.record.characters, cut=model.tokeniser)
    return replace(reading, task=model.record.task)


def of_model(
    model: Model,
    gold: list[Sentence],
    scoring: Scoring = CONLLEVAL,
    options: TaggerOptions = AS_TRAINED,
    certain: bool = False,
) -> Result:
    """Tag the gold sentences with a model and score its tags; see `of_files`."""
    return of_files(model, {"": gold}, scoring, options, certain)


def of_files(
    model: Model,
    files: Mapping[str, list[Sentence]],
    scoring: Scoring = CONLLEVAL,
    options: TaggerOptions = AS_TRAINED,
    certain: bool = False,
) -> Result:
    """Tag the gold sentences of each file with a model and score its tags: those of all files, and of each of several.

    Raw text is cut as if nothing were known of its spans, and spans are compared by their characters. Each file is a
    text of its own.

    certain  whether to measure how far the model's probabilities can be trusted

    Raises ModelError if a file has no tag that the model knows, or tags of another kind; CorpusError for ill-formed
    tags where ``scoring`` is strict; SpecError for a context of a model of spans or intents.
    """
    evaluator = _Evaluator(model, scoring, options, certain)
    answers = [evaluator.answers(gold) for gold in files.values()]
    compared = [each for part in answers for each in part.compared]
    scores = evaluator.scores(compared)
    words = model.lexicon.vocabularies.get("word")
    return Result(
        scores,
        evaluator.provenance(scores, [sentence for gold in files.values() for sentence in gold]),
        compared,
        [warning for part in answers for warning in part.warnings],
        [note for part in answers for note in part.notes],
        Known(words.ids) if words else None,
        reliability=evaluator.reliability(answers) if certain else None,
        parts=[*map(evaluator.part, files, files.values(), answers)] if len(files) > 1 else [],
    )


class _Answers(NamedTuple):
    """What a model says of the sentences of one file.

    compared  its tags beside the gold ones
    probable  the sentences with their certainties; empty if those are not asked for
    warnings  of ill-formed tags, and of those that it does not know
    notes     what was made of the file, and what to bear in mind
    """

    compared: list[Compared]
    probable: list[Sentence]
    warnings: list[str]
    notes: list[str]


class _Evaluator:
    """Scores one model; the parameters are those of `of_files`."""

    def __init__(self, model: Model, scoring: Scoring, options: TaggerOptions, certain: bool) -> None:
        self._model, self._scoring, self._context, self._certain = model, scoring, options.context, certain
        self._tagger = Tagger(model, options.threads, options.notice, context=options.context)
        self._cut = model.cut(options.characters)
        self._intent_rule = scoring.intent_rule if model.intents else None

    def answers(self, gold: list[Sentence]) -> _Answers:
        """Tag the sentences of a file and compare."""
        model, scoring = self._model, self._scoring
        gold, warnings, notes = _read(model, gold, scoring)
        # Probabilities are of sentences alone, but scores those of running text where that is what is tagged.
        probable = self._predicted(gold, Request(probabilities=True)) if self._certain else []
        predicted = probable if self._certain and not self._tagger.runs_on else self._predicted(gold, TAGS)
        compared = list(compare(gold, predicted, model.scheme, self._intent_rule, scoring.mode))
        return _Answers(compared, probable, [*warnings, *unknown_tags(gold, model.tags)], notes)

    def part(self, name: str, gold: list[Sentence], answers: _Answers) -> Part:
        """One of several files: its name, and the scores of what was found in it."""
        scores = self.scores(answers.compared)
        return Part(name, scores, self.provenance(scores, gold))

    def scores(self, compared: list[Compared]) -> Scores:
        """The scores of compared sentences."""
        return total(compared, counting_rule(self._model.scheme, self._scoring.mode), self._intent_rule or "any")

    def provenance(self, scores: Scores, gold: list[Sentence]) -> str:
        """The signature of the scores on some gold sentences, as they were read."""
        model = self._model
        seed = ",".join(map(str, model.record.trained_under)) or None
        parts = {"model": model.fingerprint(), "corpus": fingerprint(gold), "seed": seed, "context": self._context}
        return provenance(scores, **parts)

    def reliability(self, parts: list[_Answers]) -> Reliability:
        """How far the probabilities can be trusted, over all files."""
        gold = [each.gold for part in parts for each in part.compared]
        probable = [sentence for part in parts for sentence in part.probable]
        return reliability(gold, probable, self._model.scheme, self._intent_rule or "any")

    def _predicted(self, gold: list[Sentence], request: Request) -> list[Sentence]:
        """What the tagger predicts for the gold sentences, on their tokens."""
        tagged = self._tagger.tagged([as_raw_text(sentence, self._cut) for sentence in gold], request)
        return [
            given if given.tokens == right.tokens else _on_tokens_of(right, given, self._model.scheme)
            for given, right in zip(tagged, gold, strict=True)
        ]


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


def _on_tokens_of(gold: Sentence, predicted: Sentence, scheme: Scheme) -> Sentence:
    """The predicted spans on the tokens of the gold sentence, which are cut at its spans as well."""
    same = gold.with_tags(projected(predicted, gold, scheme), None, predicted.certainty)
    same.intent = predicted.intent
    return same
