"""Marks by their names, in all their forms, and what tags of any model mean."""

import pytest
from punctuated import IWSLT, shown

from rnntag.errors import SpecError
from rnntag.punctuation.marks import (
    CHINESE,
    JAPANESE,
    SPACED,
    Marks,
    Meaning,
    check_tags,
    customary,
    is_punctuation,
    meaning,
    says_nothing,
)

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
        ("O o _SPACE 0 none NO_PUNCT OO O_LOWER LOWER 无", Meaning()),
        ("COMMA comma ,COMMA , ， ، 逗号 逗號 COMMA_LOWER ,O DOUHAO", Meaning(",")),
        ("PERIOD .PERIOD FULL_STOP FULLSTOP full-stop 。 . 句号 DOT .O", Meaning(".", True)),
        ("QUESTION QuestionMark ?QUESTIONMARK question_mark ？ QMARK 问号 ?O", Meaning("?", True)),
        ("EXCLAMATION !EXCLAMATIONMARK ! EXCLAM EXCLAMATION_POINT 感叹号 叹号 !O", Meaning("!", True)),
        ("! ?!", None),
        ("DUN DUNHAO 顿号 頓號 PAUSE 、", Meaning("、")),
        ("PERIOD_UPPER period_upper PERIOD_CAP .U .+CAP", Meaning(".", True, "CAP")),
        ("COMMA_ALLCAPS COMMA_CAPS ,+CAPS", Meaning(",", False, "CAPS")),
        ("'U", Meaning("'", False, "CAP")),
        ("O_UPPER OU UPPER CAP", Meaning(case="CAP")),
        ("END_UPPER", Meaning("", True, "CAP")),
        (":COLON colon : ：", Meaning(":")),
        (";SEMICOLON SEMICOLON", Meaning(";")),
        ("-DASH DASH — --", None),
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


@pytest.mark.parametrize(
    "tag",
    [
        "B-city",
        "NOUN",
        "",
        "+",
        "COMMA+",
        "COMMA+UP",
        "I-COMMA",
        "O+B",
        "<pad>",
        "UU",
        "_UPPER_",
        "PERIOD_X",
        "1",
        "U",
        "PER",
    ],
)
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


def test_what_says_nothing_in_other_letters():
    assert all(map(says_nothing, ("0", "_SPACE", "OO", "O_LOWER", "o")))
    assert not any(map(says_nothing, ("O", "COMMA", "CAP", "END", "NOUN", "1")))
    assert not says_nothing("0", Marks.parse("0=~"))
