"""A gold file against a model, or against a file that is tagged already: scores, and how they came about."""

from __future__ import annotations

from collections.abc import Callable

from rnntag.corpora.warnings import unknown_tags
from rnntag.data.bio import Scheme, detect
from rnntag.data.sentence import Sentence
from rnntag.errors import ModelError
from rnntag.evaluation.compare import compare, counting, spans, total
from rnntag.evaluation.mistakes import Known
from rnntag.evaluation.reliability import reliability
from rnntag.evaluation.results import Result, signature_of
from rnntag.evaluation.signature import fingerprint
from rnntag.formats.charspans import as_raw_text, projected
from rnntag.model.model import Model
from rnntag.tagging.request import TAGS, Request
from rnntag.tagging.tagger import Tagger


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
    characters  how text is cut (`rnntag.data.tokenisation`)
    context     how much of the neighbouring sentences is seen (`rnntag.tagging.tagger.Tagger`)

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

    reads = model.record.reads(model.tags)

    def found_by(request: Request) -> list[Sentence]:
        tagged = tagger.tagged([as_raw_text(sentence, characters, reads) for sentence in gold], request)
        return [
            found if found.tokens == right.tokens else _recut(found, right, model.scheme)
            for found, right in zip(tagged, gold, strict=True)
        ]

    # Probabilities are of sentences alone, but scores are those of running text where that is what is tagged.
    weighed = found_by(Request(probabilities=True)) if certain else []
    tagged = weighed if certain and not tagger.runs_on else found_by(TAGS)
    compared = list(compare(gold, tagged, model.scheme, rule if model.intents else None, mode))
    scores = total(compared, counting(model.scheme, mode), rule)
    seed = ",".join(map(str, model.record.trained_under)) or None
    words = model.lexicon.vocabularies.get("word")
    return Result(
        scores,
        signature_of(scores, model=model.fingerprint(), corpus=corpus, seed=seed, context=context),
        compared,
        unknown_tags(gold, model.tags),
        Known(words.ids) if words else None,
        reliable=reliability(gold, weighed, model.scheme, rule) if certain else None,
    )


def _recut(found: Sentence, right: Sentence, scheme: Scheme) -> Sentence:
    """What was found in a text on the tokens of the gold sentence, which has more."""
    same = right.with_tags(projected(found, right, scheme), None, found.certainty)
    same.intent = found.intent
    return same
