"""A gold file against a model, a tagged file, or two of either; and what a page tells of it."""

import json
from pathlib import Path

import pytest
from shell import SAMPLE

import rnntag
from rnntag import formats
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, ModelError
from rnntag.evaluation import of_model as scoring
from rnntag.evaluation.comparison import comparison
from rnntag.evaluation.counts import Counts, Intents
from rnntag.evaluation.mistakes import Share
from rnntag.evaluation.of_file import COPIED, of_file
from rnntag.evaluation.results import SHOWN, with_intervals, with_mistakes
from rnntag.model.record import Record
from rnntag.show.page import facts as facts_module
from rnntag.show.page.facts import page_facts
from rnntag.version import __version__


@pytest.mark.parametrize("name", ["bioes", "iob1"])
def test_gold_in_another_notation_is_scored_all_the_same(trained, name):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    other = [
        sentence.with_tags(SCHEMES[name].tags(model.scheme.spans(sentence.tags), len(sentence))) for sentence in gold
    ]
    assert [sentence.tags for sentence in other] != [sentence.tags for sentence in gold]
    ours, theirs = scoring.of_model(model, gold), scoring.of_model(model, other, SCHEMES[name])
    assert theirs.scores == ours.scores
    assert list(theirs.warnings) == list(ours.warnings)


def test_the_intents_that_came_in_are_not_scored_as_if_the_model_had_found_them(trained):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    assert not model.intents
    plain = scoring.of_model(model, gold)
    known = scoring.of_model(model, [sentence.with_tags(sentence.tags, "flight") for sentence in gold])
    assert known.scores == plain.scores
    assert known.scores.intents is None


def test_what_is_tagged_and_written_scores_as_the_model_does_intents_included(tmp_path):
    train = formats.read_corpus(SAMPLE / "train.conll")[:200]
    gold_path, tagged_path = SAMPLE / "dev.conll", tmp_path / "tagged.conll"
    gold = formats.read_corpus(gold_path)
    tagger = rnntag.train(train, gold[:20], hidden=16, embedding=16, epochs=3, learning_rate=0.02)
    tagged_path.write_text(formats.write(tagger.tag(gold), "conll", tagger.model.scheme), "utf-8")
    for rule in ("any", "exact"):
        expected = scoring.of_model(tagger.model, gold, rule=rule).scores
        assert expected.intents.utterances == len(gold)
        assert 0 < expected.intents.correct < len(gold)
        assert of_file(str(tagged_path), gold, rule=rule).scores == expected


def test_the_signature_of_an_averaged_model_has_all_its_seeds(trained):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    model.record = Record(seeds=[5, 6, 7])
    assert scoring.of_model(model, gold).signature.endswith(" | seed 5,6,7")
    model.record = Record()
    assert "seed" not in scoring.of_model(model, gold).signature


def test_one_file_tells_one_intent_a_sentence_so_there_is_nothing_to_compare(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("gold.conll").write_text("# intent = flight\nto\tO\nOslo\tB-city\n\n# intent = fare\nhi\tO\n\n", "utf-8")
    rows = "# intent = {}\nto\tO\tO\nOslo\tB-city\tB-city\n\n# intent = fare\nhi\tO\tO\n\n"
    Path("tagged.conll").write_text(rows.format("hotel"), "utf-8")
    alone = of_file("tagged.conll").scores
    beside = of_file("tagged.conll", formats.read_corpus("gold.conll")).scores
    assert alone.intents is None
    assert beside.intents == Intents(utterances=2, correct=1, whole=1, rule="any")
    assert alone.overall == beside.overall


def test_a_model_that_does_not_fit_shows_its_tags():
    train = [Sentence(["to", "new", "york"], ["O", "B-city", "I-city"]), Sentence(["hi"], ["O"])]
    model = rnntag.train(train, train, hidden=8, embedding=8, epochs=1).model
    with pytest.raises(ModelError) as caught:
        scoring.of_model(model, [Sentence(["Oslo"], ["B-port"], source="a.conll", line=3)])
    fact = "the model does not fit the corpus: the model has tags such as B-city, I-city; the corpus B-port"
    assert str(caught.value) == f"a.conll:3: {fact}\nhint: name another model with -m"


def test_gold_without_a_single_span_can_be_scored(trained):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    nothing = [sentence.with_tags(["O"] * len(sentence)) for sentence in gold]
    scores = scoring.of_model(model, nothing).scores
    assert scores.overall.gold == 0
    assert scores.tokens == sum(map(len, gold))


def test_ill_formed_gold_is_read_by_the_mode_before_it_is_written_in_the_notation_of_the_model():
    train = [Sentence(["to", "new", "york"], ["O", "B-city", "I-city"]), Sentence(["hi"], ["O"])]
    model = rnntag.train(train, train, hidden=8, embedding=8, epochs=1).model
    gold = [Sentence(["new", "york", "oslo"], ["B-city", "I-city", "S-city"])]  # nothing ends the first span
    lenient, strict = (scoring.of_model(model, gold, SCHEMES["bioes"], mode=mode) for mode in ("conlleval", "strict"))
    assert (lenient.scores.overall.gold, strict.scores.overall.gold) == (2, 1)
    assert [" | rule conlleval | " in lenient.signature, " | rule strict | " in strict.signature] == [True, True]


GOLD = """\
# intent = flight
to\tO
new\tB-city
york\tI-city
at\tO
noon\tB-time

# intent = fare
to\tO
oslo\tB-city

# intent = alarm
seven\tB-time

"""
TAGGED = (
    GOLD.replace("new\tB-city\nyork\tI-city", "new\tO\nyork\tB-city")
    .replace("noon\tB-time", "noon\tB-date")
    .replace("fare", "flight")
)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """gold.conll, and tagged.conll with two mistakes and a wrong intent."""
    monkeypatch.chdir(tmp_path)
    Path("gold.conll").write_text(GOLD, "utf-8")
    Path("tagged.conll").write_text(TAGGED, "utf-8")
    return formats.read_corpus("gold.conll")


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
    result = with_mistakes(scoring.of_model(model, gold))
    assert [(share.name, share.all) for share in result.mistakes.seen] == [("words known", 2), ("words unknown", 1)]
    train = with_mistakes(scoring.of_model(model, gold), str(trained.train))
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


# Two answers


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
    assert found.results[0].scores == scoring.of_model(tagger.model, gold).scores
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
    found = comparison(files, ("gold.conll", "tagged.conll"), mode="strict")
    told = json.loads(json.dumps(found.as_dict()))
    assert (told["a"], told["b"], told["identical"]) == ("gold.conll", "tagged.conll", False)
    assert set(told["f1"]) == {"a", "b", "difference", "interval", "p_bootstrap", "p_randomisation"}
    assert (told["f1"]["a"], told["f1"]["b"], told["f1"]["difference"]) == (100.0, 50.0, -50.0)
    assert told["meaning"] == found.contrast.meaning()
    assert " | rule strict | " in told["signature"]


# What a page tells


def test_a_page_has_all_the_facts(files):
    plain = of_file("tagged.conll", files)
    assert plain.scores.overall == Counts(4, 4, 2)
    facts = page_facts(plain, "Tagged")
    assert json.loads(json.dumps(facts)) == facts
    cards = facts.pop("cards")
    assert [list(card.values()) for card in cards] == [
        ["F1", 50.0, None, None, "4 spans"],
        ["precision", 50.0, None, None, "2 of 4"],
        ["recall", 50.0, None, None, "2 of 4"],
        ["token accuracy", 62.5, None, None, "5 of 8"],
        ["sentence accuracy", 66.67, None, None, "2 of 3"],
        ["intent accuracy", 66.67, None, None, "2 of 3"],
        ["utterance accuracy", 33.33, None, None, "1 of 3"],
    ]
    assert {tuple(card) for card in cards} == {("name", "value", "low", "high", "note")}
    assert facts == {
        "title": "Tagged",
        "version": __version__,
        "signature": plain.signature,
        "rule": "conlleval",
        "types": [
            {"label": "city", "precision": 50.0, "recall": 50.0, "f1": 50.0, "gold": 2, "predicted": 2, "correct": 1},
            {"label": "date", "precision": 0.0, "recall": 0.0, "f1": 0.0, "gold": 0, "predicted": 1, "correct": 0},
            {"label": "time", "precision": 100.0, "recall": 50.0, "f1": 66.67, "gold": 2, "predicted": 1, "correct": 1},
        ],
        "confusions": {
            "labels": ["city", "date", "time", "none"],
            "counts": [[1, 0, 0, 0], [0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]],
        },
        "kinds": {"type": 1, "boundary": 1, "both": 0, "missed": 0, "invented": 0},
        "seen": [],
        "curve": None,
        "reliability": None,
        "sentences": [
            {
                "where": "gold.conll:2",
                "tokens": ["to", "new", "york", "at", "noon"],
                "gold": [[1, 3, "city"], [4, 5, "time"]],
                "predicted": [[2, 3, "city"], [4, 5, "date"]],
                "intent": {"gold": "flight", "predicted": "flight"},
                "mistakes": [
                    {"kind": "boundary", "gold": "city", "predicted": "city"},
                    {"kind": "type", "gold": "time", "predicted": "date"},
                ],
            },
            {
                "where": "gold.conll:9",
                "tokens": ["to", "oslo"],
                "gold": [[1, 2, "city"]],
                "predicted": [[1, 2, "city"]],
                "intent": {"gold": "fare", "predicted": "flight"},
                "mistakes": [],
            },
        ],
    }


def test_a_page_has_intervals_and_what_is_known_where_they_are_there(files, monkeypatch):
    monkeypatch.setattr(facts_module, "SHOWN", 1)
    Path("train.conll").write_text("to\tO\n\n", "utf-8")
    result = with_mistakes(with_intervals(of_file("tagged.conll", files)), "train.conll")
    facts = page_facts(result, "")
    borders = [[card["low"], card["high"]] for card in facts["cards"]]
    assert borders[0] == [round(border, 2) for border in result.intervals.measures["f1"]]
    assert all(low <= card["value"] <= high for card, (low, high) in zip(facts["cards"], borders, strict=True))
    assert facts["seen"][0] == {"name": "words known", "right": 2, "all": 2}
    assert len(facts["sentences"]) == 1


def test_a_page_of_tokens_calls_them_tags(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("tagged.conll").write_text("the\tDT\tDT\ncat\tNN\tVB\nsat\tVB\tO\n\n", "utf-8")
    facts = page_facts(of_file("tagged.conll"), "")
    assert (facts["rule"], facts["cards"][0]["note"]) == ("tokens", "3 tags")
    assert facts["confusions"] == {
        "labels": ["DT", "NN", "VB", "none"],
        "counts": [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]],
    }
    assert facts["sentences"][0]["intent"] is None


def test_rows_and_columns_of_the_confusions_add_up_but_for_spans_of_other_borders(trained):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    result = with_mistakes(scoring.of_model(model, gold))
    facts = page_facts(result, "")
    labels, counts = facts["confusions"]["labels"], facts["confusions"]["counts"]
    found = [mistake for wrong in result.mistakes.sentences for mistake in wrong.mistakes]
    shifted = [mistake.gold.label for mistake in found if mistake.kind == "boundary"]
    assert found
    for place, (label, row) in enumerate(zip(labels[:-1], counts[:-1], strict=True)):
        assert sum(row) + shifted.count(label) == result.scores.types[label].gold
        assert sum(column[place] for column in counts) + shifted.count(label) == result.scores.types[label].predicted
        assert row[place] == result.scores.types[label].correct
    assert counts[-1][-1] == 0
