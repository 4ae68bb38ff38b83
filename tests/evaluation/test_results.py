"""What a result holds besides its scores."""

from pathlib import Path

import rnntag
from rnntag import formats
from rnntag.data.sentence import Sentence
from rnntag.evaluation.mistakes import Share
from rnntag.evaluation.of_file import of_file
from rnntag.evaluation.of_model import of_model
from rnntag.evaluation.results import ALL, SHOWN, Sections, with_intervals, with_mistakes, with_sections


def test_a_result_holds_the_sentences_that_its_scores_follow_from(files):
    result = of_file("tagged.conll", files)
    assert result.gold == files
    assert [sentence.tags for sentence in result.predicted] == [
        sentence.tags for sentence in formats.read_corpus("tagged.conll")
    ]
    assert (result.intervals, result.mistakes, result.known) == (None, None, None)
    assert set(result.as_dict()).isdisjoint({"intervals", "errors"})


def test_intervals_and_mistakes_are_put_beside_the_scores(files):
    plain = of_file("tagged.conll", files)
    result = with_mistakes(with_intervals(plain))
    assert result.signature == f"{plain.signature} | intervals 95 % of 1000 resamples, seed 1"
    told = result.as_dict()
    assert {name: told[name] for name in plain.as_dict() if name != "signature"} == {
        name: value for name, value in plain.as_dict().items() if name != "signature"
    }
    assert told["intervals"] == result.intervals.as_dict()
    assert told["errors"] == result.mistakes.as_dict(SHOWN)
    assert told["errors"]["seen"] == []  # neither a model nor a training file is there to tell


def test_a_model_knows_the_words_of_its_training(trained):
    model = rnntag.load(trained.path).model
    gold = [Sentence(["WAKE", "me", "zzz"], ["O", "O", "B-time"], source="a.conll")]
    result = with_mistakes(of_model(model, gold))
    assert [(share.name, share.all) for share in result.mistakes.seen] == [("words known", 2), ("words unknown", 1)]
    train = with_mistakes(of_model(model, gold), str(trained.train))
    assert [(share.name, share.all) for share in train.mistakes.seen] == [
        ("words known", 2),
        ("words unknown", 1),
        ("values seen", 0),
        ("values unseen", 1),
    ]


def test_what_training_has_shown_can_come_from_a_file(files):
    Path("train.conll").write_text("to\tO\nOslo\tB-city\nnoon\tO\n\n", "utf-8")
    result = with_mistakes(of_file("tagged.conll", files), "train.conll")
    assert result.mistakes.seen == [
        Share("words known", 3, 4),
        Share("words unknown", 2, 4),
        Share("values seen", 1, 1),
        Share("values unseen", 1, 3),
    ]


def test_what_is_not_asked_for_is_left_out_and_not_in_the_signature(files):
    plain = of_file("tagged.conll", files)
    whole = with_sections(plain, ALL)
    assert None not in (whole.intervals, whole.mistakes)
    assert ALL.of(whole) == whole
    assert Sections().of(whole) == plain
    assert Sections().of(whole).signature == plain.signature != whole.signature
    only = Sections(mistakes=True).of(whole)
    assert (only.intervals, only.mistakes, only.reliability) == (None, whole.mistakes, None)
    assert only.signature == plain.signature
    assert with_sections(plain, Sections(intervals=True)).mistakes is None
    assert with_sections(plain, Sections(mistakes=True)).intervals is None
