"""Tags back to text: what is put in, and that nothing else is changed."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from restored import TAGS, TEXTS, pieces, restored

from rnntag.errors import SpecError
from rnntag.punctuation.marks import SPACED, Marks, customary
from rnntag.punctuation.restorer import FULL, HALF, Restorer
from rnntag.punctuation.task import WORDS, tagged_words


def bare(text):
    """A text in small letters and without what `tagged_words` makes tags of."""
    return re.sub(r"\s*[—–](?=\s)|[,.;:?!…،؛؟।，。、：；？！—]", "", text.lower())


# There and back

SPACED_TEXTS = [
    "Well, is it late? Yes. He said it.",
    "“Come,” he said, “now”, and (so it was) I came! Did I?",
    '"So," she said. "Why?" (It is late.)',
    "Что это? Это кот, а это дом.",
    "هل هذا بيت؟ نعم، هذا بيت.",
    "क्या यह घर है? हाँ, यह घर है।",
    "The cat and I, you know, are in. I'm glad.",
]

EASTERN_TEXTS = [
    "他说：“我来了。”",
    "他说：“我读了《红楼梦》。”",
    "所谓“自由”，就是“不受约束”吗？不是！",
    "苹果、梨、香蕉都有；橘子（很甜）没有。",
    "“你来吗？”，他问。",
    "今日は、いい天気ですね。「本当？」と、言った。",
    "我用Python写，你用什么？",
]


@pytest.mark.parametrize("text", SPACED_TEXTS + EASTERN_TEXTS)
@pytest.mark.parametrize("ahead", [None, 1])
def test_a_well_formed_text_comes_back_from_its_words_and_tags(text, ahead):
    for case in (False, True):
        _, tags = tagged_words(text, customary(text), case)
        if case or text.upper() == text.lower() or "Python" not in text:
            assert restored(bare(text), tags, ahead=ahead) == text


@pytest.mark.parametrize("text", SPACED_TEXTS + EASTERN_TEXTS)
def test_what_is_punctuated_already_is_left_as_it_is(text):
    _, tags = tagged_words(text, customary(text), case=True)
    for found in (tags, ["O"] * len(tags)):
        assert restored(text, found) == text


def test_capitals_come_back_where_tags_tell_of_them():
    text = "In the USA Mr McDonald met NASA, X-ray in hand. What?"
    assert restored(bare(text), tagged_words(text, SPACED, case=True)[1]) == text.replace("McD", "Mcd")


# Letter by letter


@pytest.mark.parametrize(
    ("text", "tags", "expected"),
    [
        ("yes no", "PERIOD PERIOD", "Yes. No."),
        ("yes  no \n", "COMMA ?QUESTIONMARK", "Yes,  no? \n"),
        ("yes no", "END EOS", "Yes No"),
        ("yes no", "O O", "Yes no"),
        ("iPhone mcDonald 3d so", "PERIOD PERIOD PERIOD O", "iPhone. mcDonald. 3d. So"),
        ("NASA Is Here", "O O O", "NASA Is Here"),
        ("nasa ibm's 3d straße ß", "CAPS CAPS CAP CAPS CAPS", "NASA IBM'S 3D STRAßE ß"),
        ("wait yes", "-DASH COLON", "Wait — yes:"),
        ("क है هذا", "DASH PERIOD DASH", "क — है। هذا —"),
        ("a, b; c? d", "PERIOD COMMA COMMA COMMA", "A, b; c? D,"),
        ("oui ? non", "QUESTION O", "Oui ? Non"),
        ("so - yes -5 no", "COMMA COMMA COMMA O", "So - yes, -5, no"),
        ("at 10:30 x/?y=1 a", "O COMMA O COMMA O O O O", "At 10:30 x/?y=1 a"),
        ("mr. smith said e.g. no. so", "O O O O O O", "Mr. smith said e.g. no. So"),
        ("well... maybe. yes", "O O O", "Well... maybe. Yes"),
        ("“so” 'yes'", "COMMA O COMMA O COMMA O", "“So”, 'yes,'"),
        ("50% (of) it", "COMMA COMMA COMMA COMMA COMMA O", "50%, (of,), it"),
        ("good👍 yes", "PERIOD PERIOD O", "Good👍. Yes"),
        ("¿qué? sí", "QUESTION O", "¿Qué? Sí"),
        ("", "", ""),
        (" … \n", "", " … \n"),
        ("- so", "O", "- So"),
    ],
)
def test_what_is_put_in(text, tags, expected):
    count = len(WORDS(text)[0])
    tags = tags.split()
    assert restored(text, [*tags[:count], *["O"] * (count - len(tags))]) == expected


@pytest.mark.parametrize(
    ("text", "tags", "expected"),
    [
        ("你好世界", "O COMMA O PERIOD", "你好，世界。"),
        ("好吗", "O QUESTION", "好吗？"),
        ("甲乙丙", "PAUSE COLON ;SEMICOLON", "甲、乙：丙；"),
        ("他来了", "DASH … EXCLAMATION", "他——来……了！"),
        ("我用 Python 3 写", "O O COMMA PERIOD O", "我用 Python， 3。 写"),
        ("用 Python", "O PERIOD", "用 Python。"),
        ("Python写", "COMMA O", "Python，写"),
        ("他说 ok", "O O PERIOD", "他说 ok。"),
        ("你好 hello there 你好", "O PERIOD O PERIOD O PERIOD", "你好。 Hello there. 你好。"),
        ("I said 你好 to", "O COMMA O COMMA O", "I said, 你好， to"),
        ("（好）", "O O PERIOD", "（好）。"),
        ("“好”", "COMMA O COMMA", "“好”，"),
        ("你好你好你好 hello there ok", "O O O O O PERIOD O PERIOD PERIOD", "你好你好你好。 Hello there. Ok."),
        ("うん好", "O COMMA COMMA", "うん、好、"),
        ("a、b", "PAUSE PAUSE", "A、b,"),
        ("ไทย", "O O PERIOD", "ไทย."),
    ],
)
def test_what_is_put_in_beside_scripts_without_spaces(text, tags, expected):
    assert restored(text, tags) == expected


def test_a_japanese_comma_is_one_while_kana_are_remembered():
    assert restored("は" + "中" * 29, ["O"] * 29 + ["COMMA"]).endswith("中、")
    assert restored("は" + "中" * 31, ["O"] * 31 + ["COMMA"]).endswith("中，")


def test_the_english_i():
    assert restored("so i left", "O O O") == "So i left"
    assert restored("what i'm i’ve i'll i'd i", "O O O O O O") == "What I'm I’ve I'll I'd I"
    assert restored("the cat and i", "O O O O") == "The cat and I"
    assert restored("pies i kot", "O O O") == "Pies i kot"
    assert restored("it i", "COMMA CAP") == "It, I"


def test_another_text_begins_with_a_capital():
    restorer = Restorer()
    assert restorer.token("", "so", "O", " ") == "So"
    assert restorer.fresh() == ""
    assert restorer.token(",\n\n", "so", "O", " ") == ",\n\nSo"
    assert restorer.token(" ", "so", "O", "") == " so"
    assert restorer.end(" \n") == " \n"
    assert restorer.token("", "so", "O", "") == "So"


def test_own_marks():
    own = Marks.parse("x=;, STOP=! S=*")
    assert restored("a b c 好", "x STOP S x", own) == "A; b! C* 好；"
    assert restored("好的 b c", "STOP S x .", own) == "好！的* b； c."


@pytest.mark.parametrize("tag", ["B-city", "NOUN", "x"])
def test_a_tag_that_is_no_mark(tag):
    with pytest.raises(SpecError) as caught:
        restored("a", [tag])
    assert str(caught.value) == f"'{tag}' is no punctuation mark\nhint: --to text is for models that punctuate"


PUT_IN = {"", *",.?:،؟।、。，？：", *FULL.values(), *HALF.values()}


@given(TEXTS, st.data(), st.sampled_from([None, 1]))
@example("a.\n\nb", None, None)
def test_only_marks_are_put_in_and_only_capitals_made(text, data, ahead):
    count = len(WORDS(text)[0])
    tags = ["PERIOD"] * count if data is None else data.draw(st.lists(TAGS, min_size=count, max_size=count))
    for gap, token, written in pieces(text, tags, Restorer(), ahead):
        assert written.startswith(gap)
        word, mark = written[len(gap) :][: len(token)], written[len(gap) + len(token) :]
        assert all(new == old or (new.lower() == old and new != old) for new, old in zip(word, token, strict=True))
        assert mark in PUT_IN
