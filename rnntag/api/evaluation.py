"""An evaluation as Python is given it: what `rnntag.evaluate` returns."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rnntag.api.tagger import Tagger
from rnntag.data.sentence import Sentence
from rnntag.errors import SpecError, warn

if TYPE_CHECKING:
    from rnntag.corpora.splits import Corpus, Path
    from rnntag.evaluation.counts import Counts, Macro, Scores
    from rnntag.evaluation.results import Result
    from rnntag.evaluation.scoring import Scoring
    from rnntag.evaluation.significance import Interval
    from rnntag.formats import Reading
    from rnntag.model.model import Model


class Evaluation:
    """Scores of predicted tags against gold ones; every share in percent."""

    def __init__(self, result: Result) -> None:
        self._result, self._scores = result, result.scores

    @property
    def precision(self) -> float:
        """Correct spans among the predicted ones."""
        return self._scores.overall.precision

    @property
    def recall(self) -> float:
        """Correct spans among the gold ones."""
        return self._scores.overall.recall

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return self._scores.overall.f1

    @property
    def accuracy(self) -> float:
        """Tokens whose tag is right."""
        return self._scores.accuracy

    @property
    def sentence_accuracy(self) -> float:
        """Sentences whose tags are all right."""
        return self._scores.sentence_accuracy

    @property
    def intent_accuracy(self) -> float | None:
        """Utterances whose intent is right; None where there are no intents to compare."""
        return self._scores.intents.accuracy if self._scores.intents else None

    @property
    def utterance_accuracy(self) -> float | None:
        """Utterances whose intent and tags are all right; None where there are no intents to compare."""
        return self._scores.intents.whole_accuracy if self._scores.intents else None

    @property
    def types(self) -> dict[str, Counts]:
        """Precision, recall, F1 and counts of each type."""
        return self._scores.types

    @property
    def macro(self) -> Macro:
        """The means over types."""
        return self._scores.macro

    @property
    def intents(self) -> dict[str, Counts]:
        """Precision, recall, F1 and counts of each intent; empty where there are none to compare."""
        return self._scores.intents.types if self._scores.intents else {}

    @property
    def intent_macro(self) -> Macro:
        """The means over intents."""
        from rnntag.evaluation.counts import macro

        return macro(self.intents.values())

    @property
    def confusions(self) -> dict[tuple[str | None, str | None], int]:
        """How often each type was predicted in place of another, most often first; None stands for no span."""
        from rnntag.evaluation import mistakes

        return mistakes.group(self._result.compared).confusions

    @property
    def intent_confusions(self) -> dict[tuple[str, str | None], int]:
        """How often each intent was predicted in place of another, most often first; None: no intent was."""
        return self._scores.intents.confusions if self._scores.intents else {}

    @property
    def files(self) -> dict[str, Scores]:
        """The scores of each of several gold files."""
        return {part.name: part.scores for part in self._result.parts}

    @property
    def gold(self) -> list[Sentence]:
        """The sentences with their gold tags."""
        return self._result.gold

    @property
    def predicted(self) -> list[Sentence]:
        """The sentences with their predicted tags."""
        return self._result.predicted

    @property
    def signature(self) -> str:
        """The line that makes the scores reproducible."""
        return self._result.signature

    def intervals(self) -> dict[str, Interval]:
        """The 95 % confidence interval of each measure, from 1000 resamples of the sentences."""
        from rnntag.evaluation.results import with_intervals

        intervals = with_intervals(self._result).intervals
        assert intervals
        return intervals.measures

    def as_dict(self) -> dict[str, object]:
        """What ``rnntag eval --json`` writes."""
        return self._result.as_dict()

    def __repr__(self) -> str:
        return f"Evaluation({self._scores.in_words()})"


@dataclass(frozen=True)
class _Inputs:
    """How files are read, and what a model sees beyond a sentence; see `rnntag.evaluate`."""

    format: str = "auto"
    token_column: str | None = None
    tag_column: str | None = None
    sentence_column: str | None = None
    tag_names: Sequence[str] | None = None
    characters: bool | None = None
    context: int | None = None

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> _Inputs:
        """The inputs of some settings. Raises SpecError for one that is none."""
        for name in settings:
            if name not in cls.__dataclass_fields__:
                raise SpecError(f"unknown setting '{name}'", hint=f"there are: {', '.join(cls.__dataclass_fields__)}")
        return cls(**settings)

    @property
    def reading(self) -> Reading:
        from rnntag.formats import Reading

        names = None if self.tag_names is None else tuple(self.tag_names)
        columns = (self.token_column, self.tag_column, self.sentence_column)
        return Reading(True, *columns, names, self.characters, tell=warn)

    def read(self, path: str) -> list[Sentence]:
        """The tagged sentences of a file."""
        from rnntag.formats import read_corpus

        return read_corpus(path, self.format, self.reading)

    def gold(self, corpus: Corpus | None, reading: Reading) -> list[Sentence]:
        """The gold sentences of a corpus, or of the sample corpus."""
        from rnntag.corpora.splits import gold

        return gold(corpus, warn, self.format, reading)

    def files(self, corpus: Corpus | None, reading: Reading) -> dict[str, list[Sentence]]:
        """The gold sentences of each of several files, or of one corpus under no name."""
        if corpus is None or isinstance(corpus, (str, os.PathLike)):
            return {"": self.gold(corpus, reading)}
        names = [os.fspath(path) for path in corpus if isinstance(path, (str, os.PathLike))]
        if len(names) < max(2, len(corpus)):
            return {"": self.gold(corpus, reading)}
        if len(set(names)) < len(names):
            raise SpecError("a gold file is named twice, and would count twice")
        return {name: self.gold(name, reading) for name in names}


def evaluated(
    answers: Tagger | Path | Iterable[Sentence] | None,
    gold: Corpus | None,
    scoring: Scoring,
    threads: int,
    settings: Mapping[str, Any],
) -> Evaluation:
    """Score a tagger, a model file, a tagged file or tagged sentences.

    settings  fields of `_Inputs`

    Raises SpecError for an unknown setting, and what reading and scoring raise.
    """
    from rnntag.evaluation.comparison import model_or_tagged
    from rnntag.evaluation.of_file import of_tagged
    from rnntag.evaluation.of_model import TaggerOptions, as_trained, of_files
    from rnntag.files import bundled

    inputs, name = _Inputs.of(settings), "predicted"
    found: Model | list[Sentence]
    if isinstance(answers, Tagger):
        found, threads = answers.model, answers.threads
        inputs = replace(inputs, context=answers.context if inputs.context is None else inputs.context)
    elif answers is None or isinstance(answers, (str, os.PathLike)):
        name = os.fspath(bundled.MODEL if answers is None else answers)
        found = model_or_tagged(name, inputs.read)
    else:
        found = inputs.gold(list(answers), inputs.reading)
    if isinstance(found, list):
        result = of_tagged(name, found, inputs.gold(gold, inputs.reading), scoring)
    else:
        options = TaggerOptions(threads, None, inputs.characters, inputs.context)
        result = of_files(found, inputs.files(gold, as_trained(found, inputs.reading)), scoring, options)
    for sentence in (*result.warnings, *(f"note: {note}" for note in result.notes)):
        warn(sentence)
    return Evaluation(result)
