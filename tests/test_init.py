"""rnntag from Python: load, train, and what they raise."""

import itertools
import os

import pytest
from shell import LESSONS, run, varied

import rnntag
from rnntag.data.sentence import Sentence, Span
from rnntag.errors import CorpusError, ModelError, SpecError
from rnntag.files import bundled
from rnntag.formats import read_corpus

TINY = {"hidden": 8, "embedding": 8, "epochs": 2}
ASKED = ["wake", "me", "at", "seven", "tomorrow"]


@pytest.fixture(scope="module")
def lessons():
    """The lessons as Sentences."""
    return [Sentence(words.split(), tags.split()) for words, tags in LESSONS.items()] * 10


@pytest.fixture(scope="module")
def tagger(trained):
    return rnntag.load(trained.path)


def test_a_loaded_tagger_gives_tags_and_spans(tagger):
    [found] = tagger.tag([ASKED])
    assert isinstance(found, Sentence)
    assert (found.tokens, found.tags) == (ASKED, ["O", "O", "O", "B-time", "B-date"])
    assert tagger.spans(found) == [Span(3, 4, "time"), Span(4, 5, "date")] == [(3, 4, "time"), (4, 5, "date")]
    assert repr(found) == "Sentence(wake/O me/O at/O seven/B-time tomorrow/B-date)"


def test_tagging_takes_any_iterable_and_keeps_its_order(tagger):
    sentences = [["seven"], [], ["nothing", "here"], ("at", "seven")]
    expected = [["B-time"], [], ["O", "O"], ["O", "B-time"]]
    assert [found.tags for found in tagger.tag(sentences)] == expected
    assert [found.tags for found in tagger.tag(iter(sentences))] == expected
    endless = tagger.tag(["seven"] for _ in itertools.count())
    assert next(endless).tags == ["B-time"]


def test_a_sentence_keeps_what_is_known_about_it(tagger):
    given = Sentence(["seven"], ["O"], ["seven\tCD"], ("# one",), "a.conll", 7)
    [found] = tagger.tag([given])
    assert (found.tags, found.rows, found.comments, found.where()) == (
        ["B-time"],
        ["seven\tCD"],
        ("# one",),
        "a.conll:7",
    )
    assert given.tags == ["O"]


def test_without_a_path_the_model_that_comes_along_is_loaded():
    assert bundled.MODEL.exists(), "make bundled-model"
    [found] = rnntag.load().tag([ASKED])
    assert len(found.tags) == len(ASKED)
    assert bundled.MODEL.stat().st_size < 3_000_000


def test_threads_change_nothing(trained, tagger):
    sentences = [sentence.tokens for sentence in read_corpus(bundled.sample("assistant_en", "dev"))] * 5
    one, two = ([found.tags for found in rnntag.load(trained.path, n).tag(sentences)] for n in (1, 2))
    assert one == two


def test_a_file_that_is_no_model_is_a_model_error(tmp_path):
    with pytest.raises(ModelError) as caught:
        rnntag.load(tmp_path / "nowhere.rnntag")
    assert isinstance(caught.value, rnntag.RnntagError)
    assert str(caught.value).startswith(f"{tmp_path / 'nowhere.rnntag'}: no such model\nhint: train one with: rnntag ")


def test_train_does_as_the_command_does(tmp_path):
    (tmp_path / "lessons.conll").write_text(varied(*"abcdefghij"), "utf-8", newline="\n")
    small = "--hidden", 8, "--embedding", 8, "--epochs", 2, "--learning-rate", 0.01
    found = run("train", "lessons.conll", "--quiet", "-o", "command.rnntag", *small, cwd=tmp_path)
    assert found == (0, "", "")
    output = tmp_path / "python.rnntag"
    tagger = rnntag.train(tmp_path / "lessons.conll", output=output, learning_rate=0.01, **TINY)
    assert output.read_bytes() == (tmp_path / "command.rnntag").read_bytes()
    assert tagger.model.fingerprint() == rnntag.load(output).model.fingerprint()
    assert sorted(os.listdir(tmp_path)) == ["command.rnntag", "lessons.conll", "python.rnntag"]


def test_train_takes_sentences_and_learns(lessons):
    tagger = rnntag.train(lessons, lessons, threads=1, hidden=16, embedding=16, epochs=6, learning_rate=0.03)
    assert [" ".join(found.tags) for found in tagger.tag(text.split() for text in LESSONS)] == list(LESSONS.values())


def test_a_true_answer_to_a_report_ends_the_training(lessons):
    def reports(enough):
        seen = []

        def report(progress):
            seen.append(type(progress).__name__)
            return enough(seen)

        rnntag.train(lessons, lessons, report=report, batch=30, **TINY)
        return seen

    assert reports(lambda seen: None) == ["Step", "Step", "Epoch"] * 2
    assert reports(lambda seen: seen[-1] == "Epoch") == ["Step", "Step", "Epoch"]
    assert reports(lambda seen: True) == ["Step"]


def test_settings_are_those_of_the_command_with_underscores():
    from rnntag.cli.train import command

    names = {option.name for option in command.params}
    elsewhere = {"train_path", "dev_path", "output", "scheme", "threads", "log_path", "quiet", "color"}
    elsewhere |= {"train", "dev", "log", "vectors", "keep_vectors", "gazetteer"}
    elsewhere |= {"strict", "input_format", "token_column", "tag_column", "sentence_column", "tag_names", "characters"}
    elsewhere |= {"on_error", "train_paths", "task_name", "marks", "case"}
    elsewhere |= {"runs", "average", "resume", "base", "replay"}
    from rnntag.training.recipe import parted

    for name in names - elsewhere:
        others = {"cell": "rnn", "direction": "both", "decoder": "crf", "features": ("word",), "intents": "none"}
        others |= {"dropout": 0.5, "decay": 0.5}
        parted({name: others.get(name, 1)})


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"hiden": 8}, "unknown setting 'hiden'"),
        ({"hidden": 0}, "hidden is 0, but must lie between 1 and 4096"),
        ({"learning_rate": float("nan")}, "learning-rate is nan, but must lie between 1e-07 and 10.0"),
        ({"cell": "gru"}, "cell is 'gru', but must be one of lstm, rnn, window"),
    ],
)
def test_a_setting_that_cannot_be_is_a_spec_error(lessons, settings, told):
    with pytest.raises(SpecError) as caught:
        rnntag.train(lessons, **settings)
    assert str(caught.value) == told


def test_what_cannot_be_trained_on_is_a_corpus_error(tmp_path, lessons):
    (tmp_path / "bad.conll").write_text("a\tO\nb\tI-x\n\n" * 2, "utf-8")
    cases = [
        (tmp_path / "nowhere.conll", "nowhere.conll: no such file"),
        (tmp_path, ": no training set: there is bad.conll"),
        (tmp_path / "bad.conll", "tag 'I-x' cannot follow 'O'"),
        ([], "no sentences"),
        ([Sentence([], [])], "no sentences"),
        (lessons[:1], "one sentence cannot be parted into training and dev"),
    ]
    for corpus, told in cases:
        with pytest.raises(CorpusError) as caught:
            rnntag.train(corpus, scheme="bio", **TINY)
        assert told in str(caught.value)


@pytest.mark.parametrize("tags", [None, ["O"], ["O", "O", "O"]], ids=["none", "too few", "too many"])
def test_sentences_without_a_tag_for_each_token_are_a_corpus_error(lessons, tags):
    broken = [*lessons, Sentence(["wake", "me"], tags)]
    for pair in ((broken, lessons), (lessons, broken)):
        with pytest.raises(CorpusError):
            rnntag.train(*pair, **TINY)


def test_a_place_that_cannot_be_written_is_known_before_the_training(tmp_path):
    with pytest.raises(rnntag.RnntagError) as caught:
        rnntag.train(tmp_path / "nowhere.conll", output=tmp_path / "no" / "m.rnntag")
    assert "m.rnntag: cannot be written: " in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            {"scheme": "boi"},
            "'boi' is not a scheme\nhint: there are: auto, bio, bioes, bmes, bilou, iob1, tokens, parts",
        ),
        ({"hidden": "64"}, "hidden is '64', but must be a whole number"),
        ({"hidden": 64.5}, "hidden is 64.5, but must be a whole number"),
        ({"dropout": True}, "dropout is True, but must be a number"),
        ({"hiden": 64}, "unknown setting 'hiden'"),
    ],
)
def test_a_setting_that_makes_no_sense_is_told(lessons, settings, told):
    with pytest.raises(SpecError) as caught:
        rnntag.train(lessons, lessons, **settings)
    assert str(caught.value) == told


def test_pairs_of_words_and_tags_are_no_sentences():
    with pytest.raises(CorpusError, match="a corpus is a file or Sentences"):
        rnntag.train([(["a"], ["O"])])


def test_what_rnntag_offers_is_for_users():
    assert sorted(name for name in dir(rnntag) if not name.startswith("_")) == sorted(rnntag.__all__)
    for name in rnntag.__all__:
        assert getattr(rnntag, name).__doc__
    with pytest.raises(AttributeError, match="module 'rnntag' has no attribute 'tagger'"):
        rnntag.tagger  # noqa: B018


def test_what_a_training_reports_can_be_asked_for_by_name(lessons):
    seen = []
    rnntag.train(lessons, lessons, report=seen.append, batch=30, **TINY)
    assert [type(each) for each in seen] == [rnntag.Step, rnntag.Step, rnntag.Epoch] * 2


def said(command):
    """What a command warned of, or decided for want of being told."""
    assert command.status == 0
    return [line.removeprefix("warning: ") for line in command.err.splitlines()]


def test_train_warns_of_what_the_command_warns_of(tmp_path):
    text = varied(*"abcdefghij") + "odd\tB-odd\n\n"
    (tmp_path / "train.conll").write_text(text, "utf-8", newline="\n")
    (tmp_path / "dev.conll").write_text("new\tB-new\n\n" + varied("k"), "utf-8", newline="\n")
    small = "--hidden", 8, "--embedding", 8, "--epochs", 2
    course = "epoch ", "saved ", "compiling ", "raw text is ", "replacing "
    for dev in ("dev.conll", None):
        words = ("train", tmp_path / "train.conll", *(("--dev", tmp_path / dev) if dev else ()), *small)
        expected = [line for line in said(run(*words, cwd=tmp_path)) if not line.startswith(course)]
        with pytest.warns(rnntag.RnntagWarning) as caught:
            rnntag.train(tmp_path / "train.conll", tmp_path / dev if dev else None, **TINY)
        assert [str(each.message) for each in caught] == expected
        assert {each.filename for each in caught} == {__file__}
        assert expected[0].startswith("no --dev given: held back " if dev is None else "note: dev has 7 spans")


def test_several_runs_are_those_of_the_command(tmp_path):
    (tmp_path / "lessons.conll").write_text(varied(*"abcdef"), "utf-8", newline="\n")
    small = "--hidden", 8, "--embedding", 8, "--epochs", 2
    path = tmp_path / "lessons.conll"
    found = run("train", path, "--dev", path, "--runs", 2, "--average", *small, "-o", "command.rnntag", cwd=tmp_path)
    assert found.status == 0
    seen = []
    tagger = rnntag.train(
        path, path, tmp_path / "python.rnntag", runs=2, average=True, report=lambda each: seen.append(each), **TINY
    )
    assert (tmp_path / "python.rnntag").read_bytes() == (tmp_path / "command.rnntag").read_bytes()
    assert sorted((each.run, type(each)) for each in seen if isinstance(each, rnntag.RunDone)) == [
        (1, rnntag.RunDone),
        (2, rnntag.RunDone),
    ]
    assert sum(isinstance(each, rnntag.RunEpoch) for each in seen) == 4
    assert list(tagger.tag([ASKED]))


def test_a_true_answer_ends_several_runs(lessons):
    seen = []

    def report(progress):
        seen.append(progress)
        return isinstance(progress, rnntag.RunEpoch)

    tagger = rnntag.train(lessons, lessons, runs=2, threads=1, report=report, hidden=8, embedding=8, epochs=100_000)
    assert tagger.model.record.epoch is not None
    assert isinstance(seen[-1], (rnntag.RunDone, rnntag.RunEpoch))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"average": True}, "average needs several runs"),
        ({"runs": 0}, "runs is 0, but must lie between 1 and 1000"),
        ({"runs": "3"}, "runs is '3', but must lie between 1 and 1000"),
        ({"runs": 2, "seed": 2**32 - 1}, "seed is 4294967296, but must lie between 0 and 4294967295"),
    ],
)
def test_runs_that_cannot_be_are_a_spec_error(lessons, settings, told):
    with pytest.raises(SpecError) as caught:
        rnntag.train(lessons, lessons, **settings)
    assert str(caught.value) == told
