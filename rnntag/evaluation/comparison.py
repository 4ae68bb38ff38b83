"""Two taggings of the same gold sentences, compared by paired tests."""

from __future__ import annotations

import os
from dataclasses import dataclass

from rnntag import formats
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, ModelError, SpecError
from rnntag.evaluation import significance
from rnntag.evaluation.of_file import of_tagged
from rnntag.evaluation.of_model import AS_TRAINED, TaggerOptions, of_model
from rnntag.evaluation.results import Read, Result, provenance
from rnntag.evaluation.scoring import CONLLEVAL, Scoring
from rnntag.evaluation.signature import fingerprint
from rnntag.evaluation.significance import Contrast
from rnntag.model.file import load_model
from rnntag.model.model import Model


@dataclass(frozen=True)
class Comparison:
    """Two taggings of one gold file, A and B.

    names      their files
    results    the scores of each
    contrast   how they differ, and how probable that is by chance
    signature  how all of it came about
    """

    names: tuple[str, str]
    results: tuple[Result, Result]
    contrast: Contrast
    signature: str

    @property
    def warnings(self) -> list[str]:
        """What looks wrong with either, once."""
        return list(dict.fromkeys(warning for result in self.results for warning in result.warnings))

    @property
    def notes(self) -> list[str]:
        """What was made of the files, and what to bear in mind, once."""
        return list(dict.fromkeys(note for result in self.results for note in result.notes))

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
    scoring: Scoring = CONLLEVAL,
    options: TaggerOptions = AS_TRAINED,
    read: Read = formats.read_corpus,
) -> Comparison:
    """Compare two files, each a model or tagged already, on the same gold sentences.

    options  how models tag
    read     reads the sentences of a file

    Raises CorpusError for a file that is neither, or has other tokens than the gold sentences; ModelError for a model
    that does not fit them; SpecError for a context of what is no model, or one of spans.
    """
    kinds, results = [], []
    for name in names:
        found = model_or_tagged(name, read)
        if isinstance(found, Model):
            kinds.append(f"model {found.fingerprint()}")
            results.append(of_model(found, gold, scoring, options))
        else:
            kinds.append(f"file {fingerprint(found)}")
            results.append(of_tagged(name, found, gold, scoring))
    if options.context is not None and not any(kind.startswith("model ") for kind in kinds):
        raise SpecError("--context is for models, but both are files that are tagged already", hint="leave it out")
    a, b = results
    contrast = significance.contrast(a.compared, b.compared)
    scores = b.scores if a.scores.intents else a.scores  # intents are compared where both have them
    parts = {"A": kinds[0], "B": kinds[1], "corpus": fingerprint(gold), "context": options.context, "tests": contrast}
    return Comparison(names, (a, b), contrast, provenance(scores, **parts))


def model_or_tagged(path: str, read: Read) -> Model | list[Sentence]:
    """Load a model or read tagged sentences, whichever the file holds; unless its name tells, both are tried."""
    if path.endswith(".rnntag"):
        return load_model(path)
    if path == "-" or not os.path.isfile(path):
        return read(path)
    try:
        return load_model(path)
    except ModelError as error:
        no_model = error
    try:
        return read(path)
    except CorpusError as error:
        fact = f"is neither a tagged file ({error.fact}) nor a model ({no_model.fact})"
        raise CorpusError(fact, where=error.where, quote=error.quote, hint=error.hint) from None
