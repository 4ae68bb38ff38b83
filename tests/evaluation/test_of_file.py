"""A file that is tagged already, scored on gold sentences or on its own."""

import random
from pathlib import Path

import conlleval
import pytest
from answers import TAGGED
from hypothesis import example, given
from hypothesis import strategies as st

from rnntag import formats
from rnntag.data.bio import SCHEMES, named
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.evaluation.counts import IntentCounts
from rnntag.evaluation.of_file import COPIED, of_file, of_tagged
from rnntag.evaluation.scoring import MODES, Scoring

BIO = SCHEMES["bio"]
TAGS = st.sampled_from(["O", "O", *(f"{prefix}-{kind}" for prefix in "BIESMLU" for kind in "xy"), "NOUN", "COMMA+CAP"])


def test_one_file_tells_one_intent_a_sentence_so_there_is_nothing_to_compare(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("gold.conll").write_text("# intent = flight\nto\tO\nOslo\tB-city\n\n# intent = fare\nhi\tO\n\n", "utf-8")
    rows = "# intent = {}\nto\tO\tO\nOslo\tB-city\tB-city\n\n# intent = fare\nhi\tO\tO\n\n"
    Path("tagged.conll").write_text(rows.format("hotel"), "utf-8")
    alone = of_file("tagged.conll").scores
    beside = of_file("tagged.conll", formats.read_corpus("gold.conll")).scores
    assert alone.intents is None
    assert beside.intents == IntentCounts({("flight", "hotel"): 1, ("fare", "fare"): 1}, whole=1, rule="any")
    assert alone.overall == beside.overall


def test_one_file_needs_both_tags_of_a_token(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("tagged.conll").write_text("# c\nto\tO\n\n", "utf-8")
    with pytest.raises(CorpusError) as caught:
        of_file("tagged.conll")
    assert (caught.value.where, caught.value.hint.split(": ")[0]) == ("tagged.conll:2", "name the gold file as well")


def test_spans_in_another_notation_are_the_same_tags(files):
    bioes = [sentence.with_tags(SCHEMES["bioes"].tags(BIO.spans(sentence.tags), len(sentence))) for sentence in files]
    assert [sentence.tags for sentence in bioes] != [sentence.tags for sentence in files]
    Path("bioes.conll").write_text(formats.write(bioes, "conll", SCHEMES["bioes"]), "utf-8")
    scores = of_file("bioes.conll", files, Scoring(mode="strict")).scores  # by the letter of their own notation
    assert (scores.correct_tokens, scores.overall.correct) == (scores.tokens, 4) == (8, 4)


def test_the_rules_decide_what_is_right(files):
    def scores(rule, mode):
        return of_file("tagged.conll", gold, Scoring(intent_rule=rule, mode=mode)).scores

    gold = [sentence.with_tags(sentence.tags, f"{sentence.intent}#more") for sentence in files]
    assert [scores(rule, "conlleval").intents.correct for rule in ("any", "exact")] == [2, 0]
    assert scores(None, "conlleval").intents is None
    Path("tagged.conll").write_text(TAGGED.replace("oslo\tB-city", "oslo\tI-city"), "utf-8")
    lenient, strict = scores("any", "conlleval"), scores("any", "strict")
    assert (lenient.rule, strict.rule) == ("conlleval", "strict")
    assert (lenient.overall.predicted, strict.overall.predicted) == (4, 3)


def test_intents_that_are_those_of_gold_are_suspicious(files):
    assert list(of_file("gold.conll", files).warnings) == [f"gold.conll: {COPIED}"]
    assert list(of_file("tagged.conll", files).warnings) == []


def with_slips(rng, scheme, share):
    """Tags of some sentences in a scheme, with a share of them drawn at random."""
    found = []
    for _ in range(400):
        tags = scheme.tags([(start, start + rng.randint(1, 2), rng.choice("ab")) for start in range(0, 9, 3)], 9)
        found.append([rng.choice(["O", "B-a", "I-a", "I-b"]) if rng.random() < share else tag for tag in tags])
    return found


@pytest.mark.parametrize("share", [0.0, 0.001, 0.02, 0.5])
@pytest.mark.parametrize("name", ["bio", "iob1"])
def test_files_with_ill_formed_tags_count_as_the_script_counts_them(tmp_path, monkeypatch, name, share):
    monkeypatch.chdir(tmp_path)
    rng = random.Random(6)
    gold, predicted = with_slips(rng, SCHEMES[name], share), with_slips(rng, SCHEMES[name], share)
    for path, taggings in (("gold.conll", gold), ("tagged.conll", predicted)):
        Path(path).write_text("".join("".join(f"w\t{tag}\n" for tag in tags) + "\n" for tags in taggings), "utf-8")
    result = of_file("tagged.conll", formats.read_corpus("gold.conll"))
    found = result.scores.overall
    assert (found.gold, found.predicted, found.correct) == conlleval.counts(gold, predicted)
    same = sum(one == other for row in zip(gold, predicted, strict=True) for one, other in zip(*row, strict=True))
    assert (result.scores.tokens, result.scores.correct_tokens) == (3600, same)
    assert bool(result.warnings) == bool(share)


def test_ill_formed_gold_tags_are_told_by_how_they_count_or_refused(tmp_path):
    gold = [Sentence(["a", "b"], ["O", "I-x"], source="g.conll", line=3), Sentence(["c"], ["B-y"], source="g.conll")]
    path = tmp_path / "tagged.conll"
    path.write_text("a\tO\nb\tI-x\n\nc\tB-y\n\n", "utf-8")
    fact = "g.conll:3: tag 'I-x' cannot follow 'O'; read"
    for mode, way, right in (("conlleval", "as conlleval does", 2), ("strict", "as no span", 1)):
        result = of_file(str(path), gold, Scoring(BIO, mode=mode))
        assert list(result.warnings) == [f"{fact} {way} (--strict refuses)"]
        assert result.scores.overall.correct == right
    with pytest.raises(CorpusError, match="tag 'I-x' cannot follow 'O'"):
        of_file(str(path), gold, Scoring(BIO, strict=True))


def test_gold_in_another_notation_is_told(files):
    bioes = [each.with_tags(BIO.rewritten(each.tags, SCHEMES["bioes"])) for each in files]
    result = of_file("gold.conll", bioes)
    assert list(result.notes) == ["gold.conll: BIO beside BIOES: its tags are converted"]
    assert result.scores.correct_tokens == result.scores.tokens
    assert list(of_file("gold.conll", files).notes) == []


def test_what_stands_for_no_mark_is_no_tag(tmp_path):
    path = tmp_path / "tagged.conll"
    path.write_text("a\tO\nb\tCOMMA\n\n", "utf-8")
    result = of_file(str(path), [Sentence(["a", "b"], ["0", "COMMA"])])
    assert (result.scores.overall.gold, result.scores.overall.correct) == (1, 1)
    assert list(result.notes) == ["tags that stand for no mark are read as O: 0"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["auto", *SCHEMES])
@given(st.lists(st.lists(TAGS, min_size=1, max_size=5), min_size=1, max_size=5))
@example([["B-x"], ["O"]])
@example([["B-x", "I-x", "O"], ["B-y"]])
@example([["S-x", "B-x", "E-x"]])
@example([["O"]])
def test_a_file_beside_itself_is_all_right(name, mode, taggings):
    """Whatever the scheme is said to be, and however ill-formed the tags."""
    sentences = [Sentence(["a"] * len(tags), tags) for tags in taggings]
    scores = of_tagged("x", sentences, sentences, Scoring(named(name), mode=mode)).scores
    assert (scores.correct_tokens, scores.correct_sentences) == (scores.tokens, scores.sentences)
    assert scores.overall.gold == scores.overall.predicted == scores.overall.correct
    assert scores.tokens == sum(map(len, taggings))
