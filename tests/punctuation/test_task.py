"""Ordinary text as tokens and tags: which marks are tags of which words, in several scripts."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from punctuated import IWSLT, shown

from rnntag.data.tokenisation import cut
from rnntag.errors import SpecError
from rnntag.punctuation.marks import (
    FORM_OF,
    SPACED,
    customary,
)
from rnntag.punctuation.signs import SIGNS
from rnntag.punctuation.task import WORDS, Task, case_of, tagged_words, without_signs

TEXTS = st.text(st.sampled_from("abЯ1 \n.,;:?!-–—…¿\"'“”()«»你是。，、；：？！《》「」かナक।؟"), max_size=40)


# Texts and their tags


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        ("Well, is it late? Yes. He said it!", "well/COMMA is it late/QUESTION yes/PERIOD he said it/EXCLAMATION"),
        (
            "I came; I saw: then — so it was – I - left--all",
            "i came/COMMA i saw/COMMA then/COMMA so it was/COMMA i/COMMA left/COMMA all",
        ),
        ("Really?! No!... Yes...?", "really/QUESTION no/EXCLAMATION yes/QUESTION"),
        ("“Come,” he said, “now”; (so) I came.", "“ come/COMMA ” he said/COMMA “ now ”/COMMA ( so ) i came/PERIOD"),
        ('"Yes," she said. "No", I said.', '" yes/COMMA " she said/PERIOD " no "/COMMA i said/PERIOD'),
        ("Don't pay 3.5 or 1,000 at 10:30.", "don't pay 3.5 or 1,000 at 10 30/PERIOD"),
        ("See https://a.example/x?y=1, please.", "see https / / a.example / x y = 1/COMMA please/PERIOD"),
        ("pre- and post-war 1990–1995, Paris–London", "pre and post-war 1990 1995/COMMA paris london"),
        ("it is -5 or so- yes", "it is 5 or so yes"),
        ("5—6 eggs—fresh ones", "5 6 eggs/COMMA fresh ones"),
        ("... and, well… yes. Hm… Yes", "and/COMMA well yes/PERIOD hm/PERIOD yes"),
        ("“…and (?) so", "“ and ( ) so"),
        ("«Oui», dit-il ; « Non ! »", "« oui »/COMMA dit-il/COMMA « non/EXCLAMATION »"),
        ("„Ja“, sagte er. »Nein«, sagte sie.", "„ ja “/COMMA sagte er/PERIOD » nein «/COMMA sagte sie/PERIOD"),
        ("¿Qué? ¡Hola!", "qué/QUESTION hola/EXCLAMATION"),
        ("هل؟ نعم، حسنا؛", "هل/QUESTION نعم/COMMA حسنا/COMMA"),
        ("क्या? हाँ।", "क्या/QUESTION हाँ/PERIOD"),
        ("ok👍, 50%!", "ok 👍/COMMA 50 %/EXCLAMATION"),
        ("", ""),
        ("?! ...", ""),
    ],
)
def test_texts_of_spaced_scripts(text, tagged):
    assert shown(text) == tagged


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        ("他说：“我来了。”", "他 说/COLON “ 我 来 了/PERIOD ”"),
        ("所谓“自由”，就是……", "所 谓 “ 自 由 ”/COMMA 就 是/PERIOD"),
        (
            "我读了《红楼梦》、《西游记》；好吗？好！",
            "我 读 了 《 红 楼 梦 》/PAUSE 《 西 游 记 》/SEMICOLON 好 吗/QUESTION 好/EXCLAMATION",
        ),
        ("他——我的朋友——来了?!", "他/COMMA 我 的 朋 友/COMMA 来 了/QUESTION"),
        ("“……不知道！”——他说", "“ 不 知 道/EXCLAMATION ”/COMMA 他 说"),
        ('他说"……不",走了.', '他 说 "/PERIOD 不 "/COMMA 走 了/PERIOD'),
        ("我用Python3.5写,你呢?10：30见。", "我 用 python3.5 写/COMMA 你 呢/QUESTION 10 30 见/PERIOD"),
        ("２０１９—２０２０年,3．5倍｡", "２０１９ ２０２０ 年/COMMA 3 5 倍/PERIOD"),
    ],
)
def test_texts_in_chinese(text, tagged):
    assert shown(text) == tagged


def test_a_text_in_japanese():
    text = "今日は、いい天気ですね。「本当？」と言った…"
    assert shown(text) == "今 日 は/COMMA い い 天 気 で す ね/PERIOD 「 本 当/QUESTION 」 と 言 っ た/PERIOD"


def test_a_mark_belongs_to_the_word_before_it_across_the_ends_of_lines():
    assert shown("so\n, well\n\n. Yes") == "so/COMMA well/PERIOD yes"


@pytest.mark.parametrize(
    ("token", "way"),
    [
        ("well", ""),
        ("Well", "CAP"),
        ("USA", "CAPS"),
        ("U.S", "CAPS"),
        ("I", "CAP"),
        ("I'm", "CAP"),
        ("iPhone", ""),
        ("McDonald", "CAP"),
        ("E-mail", "CAP"),
        ("3D", "CAP"),
        ("3DTV", "CAPS"),
        ("3.5", ""),
        ("Éa", "CAP"),
        ("他", ""),
        ("“", ""),
    ],
)
def test_how_a_word_was_written(token, way):
    assert case_of(token) == way
    assert tagged_words(token, SPACED, case=True) == ([token.lower()], [way or "O"])


def test_case_stands_behind_the_mark():
    assert shown("Well, the USA. “So”, I", case=True) == "well/COMMA+CAP the usa/PERIOD+CAPS “ so/CAP ”/COMMA i/CAP"


@given(TEXTS)
@example("a.b .c\u0301. 1.\u3000-\n“?")
def test_what_is_learned_has_the_tokens_of_what_is_tagged(text):
    marks = customary(text)
    tokens, tags = tagged_words(text, marks)
    assert tokens == [token.lower() for token in WORDS(text)[0]]
    assert set(tags) <= {"O", *(name for name, _ in marks.names)}
    again, cased = tagged_words(text, marks, case=True)
    assert again == tokens
    assert [tag.partition("+")[0] if tag not in ("CAP", "CAPS") else "O" for tag in cased] == tags


@given(TEXTS)
def test_words_are_the_tokens_without_marks_at_their_places(text):
    tokens, offsets = WORDS(text)
    assert [text[start:end] for start, end in offsets] == tokens
    assert tokens == [token for token in cut(text, True)[0] if token not in FORM_OF]


# Quotation marks and brackets


@pytest.mark.parametrize(
    ("tagged", "without"),
    [
        ("说/COLON “ 我 了/PERIOD ”", "说/COLON 我 了/PERIOD"),
        ("由 ”/COMMA 就", "由/COMMA 就"),
        ("了/PERIOD ”/COMMA 他", "了/PERIOD 他"),
        ("“/COMMA a ) ”/COMMA ’/PERIOD", "a/COMMA"),
        ("Oslo/CAP )/PERIOD", "Oslo/PERIOD+CAP"),
        ("rock ' n ' roll", "rock n roll"),
        ("« »", ""),
    ],
)
def test_without_signs_their_marks_go_to_the_token_before(tagged, without):
    pairs = [word.partition("/") for word in tagged.split()]
    found = zip(*without_signs([pair[0] for pair in pairs], [pair[2] or "O" for pair in pairs]), strict=True)
    assert " ".join(token if tag == "O" else f"{token}/{tag}" for token, tag in found) == without


@given(TEXTS)
def test_no_sign_is_left_and_no_other_token_is_lost(text):
    tokens, tags = tagged_words(text, customary(text))
    found, kept = without_signs(tokens, tags)
    assert found == [token for token in tokens if token not in SIGNS]
    assert len(kept) == len(found)


# Tasks


@pytest.mark.parametrize("task", [Task("punctuation"), Task("sentences"), Task("punctuation", IWSLT, True)])
def test_a_task_can_be_stored(task):
    assert Task.from_dict(task.as_dict()) == task


def test_a_task_of_another_name():
    with pytest.raises(SpecError) as caught:
        Task("poetry")
    assert str(caught.value) == "'poetry' is not a task\nhint: there are: punctuation, sentences"


def test_lessons():
    lines = ["Well, yes.", "好，好吗？"]
    assert Task("punctuation", IWSLT).lesson(lines) == (
        ["well", "yes", "好", "好", "吗"],
        ["COMMA", "PERIOD", "COMMA", "O", "QUESTION"],
    )
    assert Task("sentences").lesson(["Well, yes.", "", "Go"]) == (
        ["Well", ",", "yes", ".", "Go"],
        ["O", "O", "O", "END", "END"],
    )
    assert Task("punctuation").cut("Well, yes.") == (["Well", "yes"], [(0, 4), (6, 9)])
    assert Task("sentences").cut("Well.") == (["Well", "."], None)
