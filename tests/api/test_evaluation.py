"""Scores from Python: those of the command, and what it would warn of."""

import json
import warnings
from pathlib import Path

import pytest
from shell import SAMPLE, run

import rnntag
from rnntag.errors import CorpusError, ModelError, SpecError
from rnntag.evaluation.of_file import COPIED
from rnntag.formats import read_corpus

ONE = rnntag.Sentence(["seven"], ["B-time"])


def told(found, *arguments, cwd=None):
    """What the command writes as JSON, and warns of, for the same."""
    ran = run("eval", "--json", *arguments, cwd=cwd)
    assert ran.status == 0
    assert json.loads(json.dumps(found.as_dict())) == json.loads(ran.out)
    return [line.removeprefix("warning: ") for line in ran.err.splitlines()]


def test_a_model_is_scored_as_the_command_scores_it(trained):
    with pytest.warns(rnntag.RnntagWarning) as caught:
        found = rnntag.evaluate(trained.path, trained.dev)
    assert [str(each.message) for each in caught] == told(found, "-m", trained.path, trained.dev)
    assert {each.filename for each in caught} == {__file__}
    assert found.as_dict() == rnntag.evaluate(rnntag.load(trained.path), read_corpus(trained.dev)).as_dict()


def test_an_evaluation_has_all_the_scores():
    found = rnntag.evaluate(None, SAMPLE / "dev.conll")
    scores = found.as_dict()
    for name in ("precision", "recall", "f1", "accuracy", "sentence_accuracy", "intent_accuracy", "utterance_accuracy"):
        assert round(getattr(found, name), 2) == scores[name]
    for name in ("types", "intents"):
        assert {label: counts.as_dict() for label, counts in getattr(found, name).items()} == scores[name]
    assert (found.macro.as_dict(), found.intent_macro.as_dict()) == (scores["macro"], scores["intent_macro"])
    assert found.types["time"].f1 > 50
    assert sum(found.intent_confusions.values()) == round(400 * (1 - found.intent_accuracy / 100))
    assert next(iter(found.confusions.values())) == max(found.confusions.values())
    assert found.signature == scores["signature"]
    assert [sentence.tokens for sentence in found.gold] == [sentence.tokens for sentence in found.predicted]
    low, high = found.intervals()["f1"]
    assert low < found.f1 < high
    assert repr(found).startswith(f"Evaluation(F1 {found.f1:.2f}, precision {found.precision:.2f}, recall ")
    assert repr(found).endswith(", 400 sentences)")


def test_several_files_are_scored_each_and_together(trained, tmp_path):
    text = trained.dev.read_text("utf-8")
    first, _, rest = text.partition("\n\n")
    (tmp_path / "a.conll").write_text(f"{first}\n\n", "utf-8")
    (tmp_path / "b.conll").write_text(rest, "utf-8")
    found = rnntag.evaluate(trained.path, [tmp_path / "a.conll", tmp_path / "b.conll"])
    told(found, "-m", trained.path, tmp_path / "a.conll", tmp_path / "b.conll")
    assert list(found.files) == [str(tmp_path / name) for name in ("a.conll", "b.conll")]
    assert found.files[str(tmp_path / "b.conll")] == rnntag.evaluate(trained.path, tmp_path / "b.conll")._scores
    with pytest.raises(SpecError, match="a gold file is named twice, and would count twice"):
        rnntag.evaluate(trained.path, [trained.dev, trained.dev])


def test_what_is_tagged_already_is_scored_too(trained, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    gold, tagger = read_corpus(trained.dev), rnntag.load(trained.path)
    found = rnntag.evaluate(tagger.tag(gold), gold)
    assert found.f1 == rnntag.evaluate(tagger, gold).f1
    Path("tagged.conll").write_text(run("tag", "-m", trained.path, "--from", "conll", trained.dev).out, "utf-8")
    told(rnntag.evaluate("tagged.conll", trained.dev), trained.dev, "--predicted", "tagged.conll", cwd=tmp_path)
    sample = read_corpus(SAMPLE / "dev.conll")
    with pytest.warns(rnntag.RnntagWarning, match=COPIED):
        rnntag.evaluate(sample, sample)


def test_options_are_those_of_the_command(trained, tmp_path):
    Path(tmp_path / "gold.conll").write_text("seven\tB-time\tx\nseven\tI-date\tx\n", "utf-8")
    for settings, words in (
        ({"tag_column": "2"}, ("--tag-column", 2)),
        ({"tag_column": "2", "mode": "strict"}, ("--tag-column", 2, "--mode", "strict")),
        ({"tag_column": "2", "scheme": "iob1"}, ("--tag-column", 2, "--scheme", "iob1")),
    ):
        told(
            rnntag.evaluate(trained.path, tmp_path / "gold.conll", **settings),
            "-m",
            trained.path,
            *words,
            tmp_path / "gold.conll",
        )
    tagger = rnntag.load(trained.path, threads=2, context=0)
    assert rnntag.evaluate(tagger, trained.dev).signature.endswith(" | context 0")


def test_without_gold_the_sample_corpus_is_scored():
    with pytest.warns(rnntag.RnntagWarning) as caught:
        found = rnntag.evaluate()
    said = [str(each.message) for each in caught]
    assert said[0].startswith("no GOLD given: scoring on the test part of the sample corpus assistant_en")
    assert len(found.gold) == 400


@pytest.mark.parametrize(
    ("arguments", "settings", "fault", "fact"),
    [
        ((None,), {"colour": "red"}, SpecError, "unknown setting 'colour'\nhint: there are: format, token_column, "),
        ((None,), {"mode": "lenient"}, SpecError, "mode is 'lenient', but must be one of conlleval, strict"),
        (("nowhere.rnntag", "x"), {}, ModelError, "nowhere.rnntag: no such model"),
        ((None, "nowhere.conll"), {}, CorpusError, "nowhere.conll: no such file"),
        ((None, [1]), {}, CorpusError, "a corpus is a file or Sentences"),
        ((None, ["a.conll", "b.conll", ONE]), {}, CorpusError, "a corpus is a file or Sentences"),
        (([], [ONE]), {}, CorpusError, "no sentences"),
        (([1], [ONE]), {}, CorpusError, "a corpus is a file or Sentences"),
        (([rnntag.Sentence(["a"])], [ONE]), {}, CorpusError, "sentence 1 has 1 tokens, but 0 tags"),
        (([ONE, ONE], [ONE]), {}, CorpusError, "2 sentences, but 1 in gold"),
    ],
)
def test_what_cannot_be_scored_is_told(arguments, settings, fault, fact):
    with pytest.raises(fault) as caught:
        rnntag.evaluate(*arguments, **settings)
    assert str(caught.value).startswith(fact)


def test_what_is_sound_is_not_warned_of(trained):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert rnntag.evaluate(trained.path, [ONE]).f1 == 100.0
