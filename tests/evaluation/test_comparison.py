"""Two answers to one gold file."""

import json
from pathlib import Path

import pytest
from answers import GOLD

import rnntag
from rnntag import formats
from rnntag.errors import CorpusError, ModelError, SpecError
from rnntag.evaluation.comparison import comparison
from rnntag.evaluation.of_file import COPIED
from rnntag.evaluation.of_model import TaggerOptions, of_model
from rnntag.evaluation.scoring import Scoring


def test_a_model_and_a_file_are_told_apart_by_trying(trained, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    gold = formats.read_corpus(trained.dev)
    tagger = rnntag.load(trained.path)
    Path("tagged").write_text(formats.write(tagger.tag(gold), "conll", tagger.model.scheme), "utf-8")
    Path("model").write_bytes(trained.path.read_bytes())
    found = comparison(gold, ("model", "tagged"))
    assert found.contrast.alike
    assert found.contrast.meaning().startswith("A and B are identical")
    assert f" | A model {tagger.model.fingerprint()} | B file " in found.signature
    assert found.signature.endswith(" | tests 10000 rounds, seed 1")
    assert found.results[0].scores == of_model(tagger.model, gold).scores
    assert len(found.warnings) == len(found.results[0].warnings)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (
            "a.bin",
            b"\x80" * 40,
            "a.bin:1: is neither a tagged file (byte 0x80 is not UTF-8) nor a model (is not a model",
        ),
        ("a.conll", b"to\tO\na b c\n\n", "a.conll:2: is neither a tagged file (3 columns, but 2 in the lines before)"),
        ("a.rnntag", b"to\tO\n\n", "a.rnntag: is not a model file\n"),
        ("none", None, "none: no such file"),
        ("none.rnntag", None, "none.rnntag: no such model\n"),
        ("a.conll", b"hi\tO\n\n", "a.conll:1: token 'hi' stands where gold.conll:2 has 'to'\n"),
    ],
)
def test_what_cannot_be_compared_is_told(files, name, content, told):
    if content is not None:
        Path(name).write_bytes(content)
    with pytest.raises((CorpusError, ModelError)) as caught:
        comparison(files, ("gold.conll", name))
    assert str(caught.value).startswith(told)


def test_intents_are_compared_where_both_have_them(files):
    Path("bare.conll").write_text("".join(line for line in GOLD.splitlines(True) if line[0] != "#"), "utf-8")
    both = comparison(files, ("gold.conll", "tagged.conll"))
    assert both.contrast.measures["intent_accuracy"].value == pytest.approx(-100 / 3)
    assert both.warnings == [f"gold.conll: {COPIED}"]
    assert " | rule conlleval | intents any | A file " in both.signature
    for names in (("gold.conll", "bare.conll"), ("bare.conll", "gold.conll")):
        one = comparison(files, names)
        assert "intent_accuracy" not in one.contrast.measures
        assert " | rule conlleval | A file " in one.signature


def test_a_comparison_goes_into_json(files):
    found = comparison(files, ("gold.conll", "tagged.conll"), Scoring(mode="strict"))
    told = json.loads(json.dumps(found.as_dict()))
    assert (told["a"], told["b"], told["identical"]) == ("gold.conll", "tagged.conll", False)
    assert set(told["f1"]) == {"a", "b", "difference", "interval", "p_bootstrap", "p_randomisation"}
    assert (told["f1"]["a"], told["f1"]["b"], told["f1"]["difference"]) == (100.0, 50.0, -50.0)
    assert told["meaning"] == found.contrast.meaning()
    assert " | rule strict | " in told["signature"]


def test_how_models_tag_holds_for_both_and_is_nothing_to_files(trained, files):
    options = TaggerOptions(context=0)
    found = comparison(files, (str(trained.path), "gold.conll"), options=options)
    assert " | context 0 | tests " in found.signature
    with pytest.raises(SpecError, match="this model finds spans"):
        comparison(files, (str(trained.path), "gold.conll"), options=TaggerOptions(context=3))
    with pytest.raises(SpecError) as caught:
        comparison(files, ("tagged.conll", "gold.conll"), options=options)
    fact = "--context is for models, but both are files that are tagged already"
    assert str(caught.value) == f"{fact}\nhint: leave it out"
