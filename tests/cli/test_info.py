"""``rnntag info``: what a model is."""

import json

from shell import SAMPLE, run

from rnntag.files import bundled
from rnntag.model.file import load_model

MODEL = load_model(bundled.MODEL)


def test_in_words():
    found = run("info", bundled.MODEL)
    assert (found.status, found.err) == (0, "")
    lines = dict(line.split(maxsplit=1) for line in found.out.replace("trained on", "trained_on").splitlines())
    assert lines["model"].endswith(f"MB, fingerprint {MODEL.fingerprint()})")
    assert lines["network"] == "LSTM, both ways, 1 layer of 128 units, crf"
    assert lines["labels"].startswith("24: room, temperature, ")
    assert lines["labels"].endswith(" more")
    assert lines["trained_on"].startswith("3,000 sentences, 27,418 tokens")
    assert f"F1 {MODEL.record.figures['f1']:.2f}" in lines["scores"]


def test_as_json():
    found = json.loads(run("info", "--json", bundled.MODEL).out)
    assert found["tags"] == MODEL.tags
    assert found["record"] == MODEL.record.as_dict()
    assert found["temperatures"] == MODEL.temperatures._asdict()
    assert found["bytes"] == bundled.MODEL.stat().st_size
    assert found["vocabularies"]["word"] == len(MODEL.lexicon.vocabularies["word"]) - 1
    assert set(found["labels"]) == {tag[2:] for tag in MODEL.tags if tag != "O"}


def test_without_a_name_it_is_the_model_that_tag_would_use(tmp_path):
    assert "using the model that comes with rnntag" in run("info", cwd=tmp_path).err
    assert run("info", cwd=tmp_path, env={"RNNTAG_MODEL": str(bundled.MODEL)}).err == ""


def test_what_is_no_model(tmp_path):
    found = run("info", SAMPLE / "dev.conll")
    assert found.status == 1
    assert "is not a model file" in found.err
