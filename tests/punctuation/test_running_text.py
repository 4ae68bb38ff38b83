"""Tags back to text, and running text as a format: what is put in, and that nothing else is changed."""

import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rnntag import formats
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, SpecError
from rnntag.formats.output import Output
from rnntag.formats.text import ENOUGH, LONGEST
from rnntag.punctuation.marks import SPACED, Marks, customary
from rnntag.punctuation.restorer import FULL, HALF, Restorer
from rnntag.punctuation.task import Task, tagged_words, words

TOKENS = SCHEMES["tokens"]
IWSLT = Marks.parse("COMMA=,;: PERIOD=.! QUESTION=?")


def pieces(text, tags, restorer, ahead=None):
    """What is written for each token of a text, and at its end; ``ahead`` is how far the restorer sees."""
    tokens, offsets = words(text)
    starts = [*[start for start, _ in offsets[1:]], len(text)]
    end = 0
    for token, (start, stop), tag, after in zip(tokens, offsets, tags, starts, strict=False):
        following = text[stop : stop + ahead] if ahead else text[stop : after + 1]
        yield text[end:start], token, restorer.token(text[end:start], token, tag, following)
        end = stop
    yield text[end:], "", restorer.end(text[end:])


def restored(text, tags, marks=None, sentences=False, ahead=None):
    tags = tags.split() if isinstance(tags, str) else tags
    return "".join(written for *_, written in pieces(text, tags, Restorer(marks, sentences), ahead))


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
    count = len(words(text)[0])
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


# One sentence a line


@pytest.mark.parametrize(
    ("text", "tags", "expected"),
    [
        ("yes no", "PERIOD O", "Yes.\nNo\n"),
        ("yes no", "END O", "Yes\nNo\n"),
        (" yes. no?  so", "O O O", "Yes.\nNo?\nSo\n"),
        ("yes\nno\n", "O PERIOD", "Yes no.\n"),
        ("yes\n\n\nno\n\n", "PERIOD PERIOD", "Yes.\n\nNo.\n"),
        ("yes\n \nno", "O O", "Yes\n\nno\n"),
        ("\n\nyes", "O", "Yes\n"),
        ('"yes" (no) "so"', "O PERIOD O O PERIOD O O O O", '"Yes."\n(No.)\n"So"\n'),
        ("« oui\u202f» non", "O PERIOD O O", "« Oui.\u202f»\nNon\n"),
        ("„ja“ nein", "O PERIOD O O", "„Ja.“\nNein\n"),
        ("why? - so", "O O", "Why?\n- So\n"),
        ("你好世界", "O PERIOD O PERIOD", "你好。\n世界。\n"),
        ("你\n好世 \n 界\na\nb", "O O O O O O", "你好世界 a b\n"),
        ("“好”“是”他，", "O PERIOD O O PERIOD COMMA O", "“好。”\n“是。”，他，\n"),
        ("“好。”“是！”，他", "O O O O O O O", "“好。”\n“是！”，他\n"),
        ("他，\n我", "O O", "他，我\n"),
        ("at 3.5 x/?y mr. smith. so", "O O O O O O O O", "At 3.5 x/?y mr. smith.\nSo\n"),
        ("", "", ""),
        (" \n ", "", ""),
        ("…", "", "…\n"),
    ],
)
@pytest.mark.parametrize("ahead", [None, 1])
def test_one_sentence_a_line(text, tags, expected, ahead):
    assert restored(text, tags, sentences=True, ahead=ahead) == expected


def test_a_line_is_ended_at_once_where_white_space_follows():
    restorer = Restorer(sentences=True)
    assert restorer.token("", "yes", "PERIOD", " ") == "Yes.\n"
    assert restorer.token("  ", "no", "PERIOD", '"') == "No."
    assert restorer.token("", '"', "O", " ") == '"'
    assert restorer.token(" ", "so", "O", "\n") == "\nSo"
    assert restorer.fresh() == ""
    assert restorer.end(" \n\n") == "\n"
    assert restorer.end("\n") == ""


# Nothing else is changed

TEXTS = st.text(st.sampled_from("abiЯσßİ1 \n.,;:?!-–—…¿\"'“”()«»\xa0你是。，、；：？！《》「」かナक।؟א👍"), max_size=40)
TAGS = st.sampled_from(
    ["O", "COMMA", "PERIOD", "QUESTION", "PAUSE", "COLON", "DASH", "END", "CAP", "CAPS", "COMMA+CAP", "PERIOD+CAPS"]
)
PUT_IN = {"", *",.?:،؟।、。，？：", *FULL.values(), *HALF.values()}


@given(TEXTS, st.data(), st.sampled_from([None, 1]))
@example("a.\n\nb", None, None)
def test_only_marks_are_put_in_and_only_capitals_made(text, data, ahead):
    count = len(words(text)[0])
    tags = ["PERIOD"] * count if data is None else data.draw(st.lists(TAGS, min_size=count, max_size=count))
    for gap, token, written in pieces(text, tags, Restorer(), ahead):
        assert written.startswith(gap)
        word, mark = written[len(gap) :][: len(token)], written[len(gap) + len(token) :]
        assert all(new == old or (new.lower() == old and new != old) for new, old in zip(word, token, strict=True))
        assert mark in PUT_IN


@given(TEXTS, st.data(), st.sampled_from([None, 1]))
def test_one_sentence_a_line_differs_in_nothing_but_white_space(text, data, ahead):
    count = len(words(text)[0])
    tags = data.draw(st.lists(TAGS, min_size=count, max_size=count))
    lines, running = restored(text, tags, sentences=True, ahead=ahead), restored(text, tags, ahead=ahead)
    assert "".join(lines.split()) == "".join(running.split())
    assert "\n\n\n" not in lines
    assert lines[:1] != "\n"
    assert lines == "" or lines[-2:].strip("\n ") or lines.endswith("\n")
    assert all(line.strip() == line.strip("\xa0 ") for line in lines.split("\n"))


@given(st.lists(st.sampled_from(["so", "Yes", "i", "你好", "は", "3"]), max_size=8), st.data())
def test_blank_lines_stay_and_no_sentence_goes_on_behind_its_end(found, data):
    ends = data.draw(
        st.lists(st.sampled_from([" ", "\n", "\n\n", "\n \n\n"]), min_size=len(found), max_size=len(found))
    )
    text = "".join(word + end for word, end in zip(found, ends, strict=True))
    tags = data.draw(
        st.lists(st.sampled_from(["O", "PERIOD", "COMMA"]), min_size=(n := len(words(text)[0])), max_size=n)
    )
    lines = restored(text, tags, sentences=True)
    blocks = [block for block in re.split(r"\n\s*\n", text) if block.strip()]
    assert len(lines.strip().split("\n\n") if lines.strip() else []) == len(blocks)
    assert not re.search(r"[.。].", lines)


# The format: reading


def read(text, tagged=True, task=None, step=None):
    stream = io.BytesIO(text.encode())
    if step:
        whole = stream.read1
        stream.read1 = lambda size: whole(step)
    found = formats.read(stream, "case", "text", formats.Reading(tagged, task=task))
    return [sentence for burst in found for sentence in burst]


def seen(sentences):
    return [(sentence.tokens, sentence.tags, sentence.comments, sentence.where()) for sentence in sentences]


def test_a_paragraph_is_a_text():
    text = "\n\nWell,\r\nyes. So\n \n他说：“好。”\n"
    assert seen(read(text)) == [
        (["well", "yes", "so"], ["COMMA", "PERIOD", "O"], ("# doc = case:3",), "case:3"),
        (["他", "说", "“", "好", "”"], ["O", "COLON", "O", "PERIOD", "O"], ("# doc = case:6",), "case:6"),
    ]
    untagged = read(text, tagged=False)
    assert [sentence.tags for sentence in untagged] == [None, None]
    assert [sentence.tokens for sentence in untagged] == [sentence.tokens for sentence in read(text)]


def test_what_is_to_be_learned_is_told_by_the_task():
    (found,) = read("Well; Yes!", task=Task("punctuation", IWSLT, True))
    assert found.tags == ["COMMA+CAP", "PERIOD+CAP"]
    (found,) = read("Well, yes\nSo (no)\n", task=Task("sentences"))
    assert (found.tokens, found.tags) == (
        ["Well", ",", "yes", "So", "(", "no", ")"],
        ["O", "O", "END", "O", "O", "O", "END"],
    )


def sizes(text, **how):
    return [(len(sentence), *sentence.comments) for sentence in read(text, **how)]


def test_a_long_text_ends_with_a_sentence_that_ends_with_its_line():
    words_ = "a " * (ENOUGH - 2)
    assert sizes(f"{words_}be.\nso.\n") == [(ENOUGH - 1, "# doc = case:1"), (1, "# doc = case:2")]
    assert sizes(f"{words_}.\nso.\n") == [(ENOUGH - 1, "# doc = case:1")]
    assert sizes(f"{words_}b c\ndo.”\nso.\n") == [(ENOUGH + 2, "# doc = case:1"), (1, "# doc = case:3")]
    lines = "a b\n" * ENOUGH
    assert sizes(lines, task=Task("sentences")) == [(ENOUGH, "# doc = case:1"), (ENOUGH, "# doc = case:51")]


def test_a_very_long_text_is_cut_and_goes_on():
    line = "a " * 1500 + ","
    found = read(f"{line}\n{line}\n{line}\nb c.\nd.\n")
    assert [len(sentence) for sentence in found] == [LONGEST, 1000, 1502, 1]
    assert [sentence.comments for sentence in found] == [("# doc = case:1",), (), (), ("# doc = case:5",)]
    assert [sentence.tags.count("COMMA") for sentence in found] == [1, 1, 1, 0]


def test_a_text_that_goes_on_ends_with_the_next_sentence_that_ends_with_its_line():
    found = read("a " * LONGEST + "\nb c\nd do.\nso.\n")
    assert seen(found)[1:] == [
        (["b", "c", "d", "do"], ["O", "O", "O", "PERIOD"], (), "case:2"),
        (["so"], ["PERIOD"], ("# doc = case:4",), "case:4"),
    ]


@given(
    st.lists(st.sampled_from(["Well, yes.", "a b", "", " ", "他说：“好。”", "x. " * 60, "y " * 1100]), max_size=12),
    st.integers(1, 50),
)
def test_texts_do_not_depend_on_how_their_bytes_arrive(lines, step):
    text = "\n".join([*lines, "End."])
    assert seen(read(text, step=step)) == seen(read(text))


def test_what_nobody_sees_is_no_part_of_a_word():
    (found,) = read("\ufeffco\xadope\u200brate,\x00 \x1b\u202eyes\x7f.\n\x07\n")
    assert (found.tokens, found.tags) == (["cooperate", "yes"], ["COMMA", "PERIOD"])


def test_a_text_without_marks_teaches_nothing():
    for task in (None, Task("punctuation", case=True), Task("punctuation", IWSLT)):
        with pytest.raises(CorpusError) as caught:
            read("So it\nis (now)\n\n…\n", task=task)
        assert str(caught.value) == (
            "case: no punctuation\nhint: a text teaches by the marks after its words; "
            "--task sentences is for lines that are sentences"
        )
    assert len(read("so it is", tagged=False)) == 1
    assert read("") == read(" \n…\n") == []


def test_plain_text_is_cut_as_the_task_does_it():
    stream = io.BytesIO("Well, yes.\n你好。\n".encode())
    for task, expected in (
        ("punctuation", [["Well", "yes"], ["你", "好"]]),
        ("sentences", [["Well", ",", "yes", "."], ["你", "好", "。"]]),
    ):
        stream.seek(0)
        (found,) = formats.read(stream, "case", "plain", formats.Reading(task=Task(task)))
        assert [sentence.tokens for sentence in found] == expected
        assert [[s.text[a:b] for a, b in s.offsets] for s in found] == expected


# The format: writing


def sentence(words_, tags, *comments, text=None):
    return Sentence(words_.split(), tags.split(), None, comments, "case", 1, text=text)


def written(sentences, name="text", **how):
    writer = formats.FORMATS[name].running(**how)
    return "".join([writer(each, TOKENS) for each in sentences]) + writer.close()


PIECES = [
    sentence("we 've got it", "O O O PERIOD", "# doc = a"),
    sentence("then it", "COMMA O"),
    sentence("'s over he says", "O PERIOD O O"),
    Sentence([], []),
    sentence("so be it", "O O O"),
    sentence("good bye", "O PERIOD", "# doc = b"),
    sentence("bye", "PERIOD"),
]


@pytest.mark.parametrize(
    ("name", "running", "expected"),
    [
        ("text", True, "We've got it.\nThen, it\n's over. He says\n\nSo be it\n\nGood bye.\nBye.\n"),
        ("text", False, "We've got it.\nThen, it\n's over. He says\n\nSo be it\nGood bye.\nBye.\n"),
        ("sentences", True, "We've got it.\nThen, it's over.\nHe says\n\nSo be it\n\nGood bye.\nBye.\n"),
        ("sentences", False, "We've got it.\nThen, it\n's over.\nHe says\n\nSo be it\nGood bye.\nBye.\n"),
    ],
)
def test_sentences_follow_one_another_as_one_text_or_each_starts_afresh(name, running, expected):
    assert written(PIECES, name, running=running) == expected


def test_a_text_goes_on_in_the_next_line():
    given = [sentence("so it", "O O"), sentence("is he", "PERIOD O"), sentence("is", "PERIOD")]
    assert written(given) == "So it\nis. He\nis.\n"
    assert written(given, running=False) == "So it\nIs. He\nIs.\n"
    assert written(given, "sentences") == "So it is.\nHe is.\n"
    assert written(given, "sentences", running=False) == "So it\nIs.\nHe\nIs.\n"
    assert written([Sentence(["so"], None)]) == "So\n"
    assert written([]) == written([], "sentences") == ""


def test_the_text_that_came_in_stays():
    text = " so  it, is;yes\t"
    tokens, offsets = words(text)
    given = Sentence(tokens, ["O", "COMMA", "PERIOD", "PERIOD"], text=text, offsets=offsets)
    assert written([given, given]) == " So  it, is;yes.\t\n So  it, is;yes.\t\n"
    given = Sentence(["so", "yes"], ["COMMA", "PERIOD"], text="so   yes")
    assert written([given]) == "So,   yes.\n"


def test_marks_at_the_end_of_a_line_count_for_the_next():
    def line(text):
        tokens, offsets = words(text)
        return Sentence(tokens, ["O"] * len(tokens), text=text, offsets=offsets)

    assert (
        written(map(line, ["so it is.", "yes,", "no", "---", "so", "", "x"])) == "So it is.\nYes,\nno\n---\nSo\n\nX\n"
    )
    given = ["so it is.", "yes,", "no", "", "", "", "x?", "", ""]
    assert written(map(line, given)) == "So it is.\nYes,\nno\n\n\n\nX?\n\n\n"
    assert written(map(line, given), "sentences") == "So it is.\nYes, no\n\nX?\n"


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("do n't it 's we ’re I 'd SHE 'LL", "Don't it's we’re I'd SHE'LL"),
        (
            "so , he said : yes ! no … ( why ? ) [ x ]",
            "So, he said: yes! no… (why?) [x]",
        ),
        ('" a " b " c \' d \' e " f', '"A" b "c \'d\' e" f'),
        ("the dogs ' bowls", "The dogs' bowls"),
        ("`` a '' b", "``A'' b"),
        ("$ 5 or 50 % - x / y", "$5 or 50% - x / y"),
        ("他 说 ： “ 我 用 Python 写 。 ” 好", "他说：“我用 Python 写。”好"),
        ("he “ 你 好 ” x", "He “你好” x"),
        ("《 红 楼 梦 》 （ 好 ） ok", "《红楼梦》（好） ok"),
        ("", ""),
    ],
)
def test_tokens_are_joined_as_a_person_would_write_them(tokens, text):
    tags = ["O"] * len(tokens.split())
    assert written([Sentence(tokens.split(), tags)]) == f"{text}\n"


@given(st.lists(TEXTS.map(lambda text: text.replace("\n", " ")), max_size=6), st.booleans(), st.data())
def test_lines_in_are_lines_out_with_marks_put_in(lines, running, data):
    given_ = []
    for text in lines:
        tokens, offsets = words(text)
        tags = data.draw(st.lists(TAGS, min_size=len(tokens), max_size=len(tokens)))
        given_.append(Sentence(tokens, tags, text=text, offsets=offsets))
    found = written(given_, running=running)
    assert found.count("\n") == len(lines)
    for new, old in zip(found.split("\n"), lines, strict=False):
        place = 0
        for character in new:
            if place < len(old) and character in (old[place], *_capital(old[place])):
                place += 1
        assert place == len(old)
    flat = "".join(found.split())
    assert "".join(written(given_, "sentences", running=running).split()) == flat


def _capital(letter):
    return [letter.upper()] if letter.upper().lower() == letter else []


def test_between_texts_is_one_blank_line_and_nothing_grows_with_more_of_them():
    for name in ("text", "sentences"):
        assert written([PIECES[0], Sentence([], []), PIECES[5]], name) == "We've got it.\n\nGood bye.\n"
        writer = formats.FORMATS[name].running()
        writer(PIECES[0], TOKENS)
        for _ in range(9):
            writer(Sentence([], []), TOKENS)
        assert writer._passed == "\n\n"


def test_each_line_of_text_is_written_at_once():
    writer = formats.FORMATS["sentences"].running()
    assert writer(sentence("so it", "PERIOD PERIOD"), TOKENS) == "So.\nIt.\n"
    writer = formats.FORMATS["text"].running()
    assert writer(sentence("so it", "O O"), TOKENS) == "So it\n"
    assert writer(sentence("is", "PERIOD"), TOKENS) == "is.\n"
    assert writer.close() == ""


def test_sentences_take_the_marks_they_are_told_of():
    own = Marks.parse("x=;, STOP=!")
    assert written([sentence("a b", "x STOP")], marks=own) == "A; b!\n"
    with pytest.raises(SpecError):
        written([sentence("a b", "x STOP")])


@pytest.mark.parametrize(("name", "expected"), [("text", "So\nit is.\nYes\n"), ("sentences", "So it is.\nYes\n")])
def test_an_output_is_one_text(name, expected, tmp_path, capsysbinary):
    given = [sentence("so", "O"), sentence("it is", "O PERIOD"), sentence("yes", "O")]
    with Output(name, TOKENS, str(tmp_path / "out"), marks=None, running=True) as out:
        out.write(given[:1])
        out.write([])
        out.write(given[1:])
    assert (tmp_path / "out").read_text("utf-8") == expected
    with Output(name, TOKENS) as out:
        out.write(given)
    assert capsysbinary.readouterr().out.decode() == expected == formats.write(given, name, TOKENS)
    with Output("conll", TOKENS, str(tmp_path / "columns"), marks=None, running=False) as out:
        out.write(given[:1])
    assert (tmp_path / "columns").read_text("utf-8") == "so\tO\n\n"


@given(
    st.lists(
        st.sampled_from(["Well, is it late?", "Yes.", "他说：“我来了。”", "So it was!", "(Now.)"]),
        min_size=1,
        max_size=9,
    ),
    st.data(),
)
def test_read_written_and_read_again_it_is_the_same(lines, data):
    ends = data.draw(st.lists(st.sampled_from(["\n", "\n\n"]), min_size=len(lines), max_size=len(lines)))
    given_ = read("".join(line + end for line, end in zip(lines, ends, strict=True)))
    again = read(written(given_))
    assert [(each.tokens, each.tags) for each in again] == [(each.tokens, each.tags) for each in given_]
    columns = io.BytesIO(formats.write(given_, "conll", TOKENS).encode())
    back = [each for burst in formats.read(columns, "case", "conll", formats.TAGGED) for each in burst]
    assert [(each.tokens, each.tags, each.comments) for each in back] == [
        (each.tokens, each.tags, each.comments) for each in given_
    ]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("“ why ” she asked", "“Why?” she asked"),
        ("“ why ” the man left", "“Why?” The man left"),
    ],
)
def test_who_spoke_goes_on_behind_what_was_said(words, shown):
    tags = ["O", "QUESTION", "O", *["O"] * (len(words.split()) - 3)]
    assert formats.write([Sentence(words.split(), tags)], "text", TOKENS) == shown + "\n"
