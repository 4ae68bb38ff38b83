"""Ordinary text as tokens and tags: which marks are tags of which words, to the letter, in several scripts."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rnntag.data.tokenisation import cut
from rnntag.errors import SpecError
from rnntag.punctuation.marks import (
    CHINESE,
    FORM_OF,
    JAPANESE,
    SPACED,
    Marks,
    Meaning,
    check_tags,
    customary,
    is_punctuation,
    meaning,
)
from rnntag.punctuation.signs import SIGNS
from rnntag.punctuation.task import Task, case_of, tagged_words, without_signs, words

IWSLT = Marks.parse("COMMA=,;: PERIOD=.! QUESTION=?")
TEXTS = st.text(st.sampled_from("abЯ1 \n.,;:?!-–—…¿\"'“”()«»你是。，、；：？！《》「」かナक।؟"), max_size=40)


def shown(text, marks=None, case=False):
    """Tokens with their tags, as ``well/COMMA``."""
    pairs = zip(*tagged_words(text, marks or customary(text), case), strict=True)
    return " ".join(token if tag == "O" else f"{token}/{tag}" for token, tag in pairs)


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


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        ("Mr. Smith and Dr. No vs. St. Paul", "mr smith and dr no vs st paul"),
        ("J. R. Smith left. So did I. Then you", "j r smith left/PERIOD so did i/PERIOD then you"),
        ("The U.S. army, e.g. here, at 5 p.m. on", "the u.s army/COMMA e.g here/COMMA at 5 p.m on"),
        ("It is in the U.S. Then we left at 5 p.m.", "it is in the u.s/PERIOD then we left at 5 p.m/PERIOD"),
        ("Eggs, etc. and Smith Inc. on Dec. 5, No. 7.", "eggs/COMMA etc and smith inc on dec 5/COMMA no 7/PERIOD"),
        ("Eggs etc. Then no. He said no. “Yes”", "eggs etc/PERIOD then no/PERIOD he said no/PERIOD “ yes ”"),
        ("1. Open it.\n2. Close it: 7. No\na. b", "1 open it/PERIOD 2 close it/COMMA 7/PERIOD no a b"),
        ("1、打开。2、关", "1 打 开/PERIOD 2/PAUSE 关"),
    ],
)
def test_full_stops_that_end_no_sentence(text, tagged):
    assert shown(text) == tagged


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
    assert tokens == [token.lower() for token in words(text)[0]]
    assert set(tags) <= {"O", *(name for name, _ in marks.names)}
    again, cased = tagged_words(text, marks, case=True)
    assert again == tokens
    assert [tag.partition("+")[0] if tag not in ("CAP", "CAPS") else "O" for tag in cased] == tags


@given(TEXTS)
def test_words_are_the_tokens_without_marks_at_their_places(text):
    tokens, offsets = words(text)
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


# Marks


@pytest.mark.parametrize("text", ["COMMA=,;: PERIOD=.! QUESTION=?", "x_1-y=、 Ж=“", "EQUAL=="])
def test_marks_are_read_and_written(text):
    assert str(Marks.parse(f"  {text}\t")) == text
    assert Marks.parse(str(Marks.parse(text))) == Marks.parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" ", "no mark is named\nhint: --marks 'COMMA=,;: PERIOD=.! QUESTION=?'"),
        ("COMMA", "'COMMA' has no characters\nhint: --marks 'COMMA=,;: PERIOD=.! QUESTION=?'"),
        ("=,", "a mark cannot be called ''\nhint: letters, digits, _ and -, but not O or CAP"),
        ("A+B=,", "a mark cannot be called 'A+B'\nhint: letters, digits, _ and -, but not O or CAP"),
        ("o=,", "a mark cannot be called 'o'\nhint: letters, digits, _ and -, but not O or CAP"),
        ("CAPS=,", "a mark cannot be called 'CAPS'\nhint: letters, digits, _ and -, but not O or CAP"),
        ("COMMA=,a", "'a' is no mark\nhint: --marks 'COMMA=,;: PERIOD=.! QUESTION=?'"),
        (
            "A=, A=;",
            "'A' is named twice\nhint: give all its characters together: 'COMMA=,;: PERIOD=.! QUESTION=?'",
        ),
        ("A=, B=.，", "'，' is A as well as B\nhint: a mark has one name, in all its forms"),
    ],
)
def test_faults_of_marks(text, message):
    with pytest.raises(SpecError) as caught:
        Marks.parse(text)
    assert str(caught.value) == message


def test_named_marks_are_meant_in_all_their_forms_and_others_are_dropped():
    tagged = shown("好！吗？嗯、是…对：《了》 a؟ b ⁉ c — d", IWSLT)
    assert tagged == "好/PERIOD 吗/QUESTION 嗯 是/PERIOD 对/COMMA 《 了 》 a/QUESTION b/PERIOD c d"
    assert shown("好、是…对", Marks.parse("LIST=､ DOTS=… STOP=.")) == "好/LIST 是/DOTS 对"
    assert shown("a* b＊ c", Marks.parse("STAR=*")) == shown("a* b＊ c", Marks.parse("STAR=＊")) == "a/STAR b/STAR c"


def test_of_several_marks_the_strongest_counts_and_of_own_names_the_first():
    assert shown("好，！。？", CHINESE) == "好/QUESTION"
    own = Marks.parse("x=, y=! COMMA=;")
    assert shown("a!, b,! c,;", own) == "a/y b/x c/COMMA"


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("plain", SPACED),
        ("", SPACED),
        ("、。", SPACED),
        ("что это", SPACED),
        ("안녕하세요", SPACED),
        ("I said 你好 to the people there", SPACED),
        ("我用 Python 写代码", CHINESE),
        ("我喜欢のの这个字,很可爱,真的很好看啊,好看好看好看", CHINESE),
        ("今日は天気がいい", JAPANESE),
        ("ﾊﾟﾝを", JAPANESE),
    ],
)
def test_marks_that_are_customary_in_a_script(text, marks):
    assert customary(text) == marks


# Tags


@pytest.mark.parametrize(
    ("tags", "meant"),
    [
        ("O o _SPACE", Meaning()),
        ("COMMA comma ,COMMA , ， ،", Meaning(",")),
        ("PERIOD .PERIOD FULL_STOP 。 .", Meaning(".", True)),
        ("QUESTION QuestionMark ?QUESTIONMARK question_mark ？", Meaning("?", True)),
        ("EXCLAMATION !EXCLAMATIONMARK ! ?!", None),
        (":COLON colon : ：", Meaning(":")),
        (";SEMICOLON SEMICOLON", Meaning(";")),
        ("-DASH DASH — --", None),
        ("PAUSE 、", Meaning("、")),
        ("END EOS break", Meaning("", True)),
        ("CAP", Meaning(case="CAP")),
        ("COMMA+CAP ,+CAP", Meaning(",", False, "CAP")),
        ("QUESTION+CAPS", Meaning("?", True, "CAPS")),
        ("END+CAP", Meaning("", True, "CAP")),
    ],
)
def test_tags_of_any_model_are_understood(tags, meant):
    found = {meaning(tag) for tag in tags.split()}
    assert None not in found
    assert meant is None or found == {meant}
    assert is_punctuation([*tags.split(), "O", "PERIOD"])


def test_some_spellings():
    assert [meaning(tag).mark for tag in ("!", "?!", "-DASH", "—", "--", "...", "…")] == [
        "!",
        "?",
        "—",
        "—",
        "-",
        ".",
        "…",
    ]


@pytest.mark.parametrize("tag", ["B-city", "NOUN", "", "+", "COMMA+", "COMMA+UP", "I-COMMA", "O+B", "<pad>"])
def test_other_tags_are_no_punctuation(tag):
    assert meaning(tag) is None
    assert not is_punctuation(["O", "COMMA", tag])
    with pytest.raises(SpecError) as caught:
        check_tags(["O", tag])
    assert str(caught.value) == f"'{tag}' is no punctuation mark\nhint: --to text is for models that punctuate"


def test_own_names_mean_their_first_character():
    own = Marks.parse("clause=；, stop=!")
    assert meaning("clause", own) == Meaning(";")
    assert meaning("stop+CAP", own) == Meaning("!", True, "CAP")
    assert meaning("clause") is None
    assert is_punctuation(["O", "clause"], own)
    assert not is_punctuation(["O", "CAP"], own)
    check_tags(["O", "clause", "PERIOD"], own)


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
    assert Task("sentences").cut("Well.") == (["Well", "."], [(0, 4), (4, 5)])
