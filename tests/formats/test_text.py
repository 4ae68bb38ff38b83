"""Running text as a format: where texts end, and sentences written as one text or each afresh."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from restored import TAGS, TEXTS

from rnntag import formats
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, SpecError
from rnntag.formats.output import Output
from rnntag.formats.text import ENOUGH, LONGEST
from rnntag.punctuation.marks import Marks
from rnntag.punctuation.task import WORDS, Task

TOKENS = SCHEMES["tokens"]


def written(sentences, name="text", **how):
    writer = formats.FORMATS[name].running(**how)
    return "".join([writer(each, TOKENS) for each in sentences]) + writer.close()


IWSLT = Marks.parse("COMMA=,;: PERIOD=.! QUESTION=?")


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
        (found,) = formats.read(stream, "case", "plain", formats.Reading(cut=Task(task).cut))
        assert [sentence.tokens for sentence in found] == expected


# The format: writing


def sentence(words_, tags, *comments, text=None):
    return Sentence(words_.split(), tags.split(), None, comments, "case", 1, text=text)


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
    tokens, offsets = WORDS(text)
    given = Sentence(tokens, ["O", "COMMA", "PERIOD", "PERIOD"], text=text, offsets=offsets)
    assert written([given, given]) == " So  it, is;yes.\t\n So  it, is;yes.\t\n"
    given = Sentence(["so", "yes"], ["COMMA", "PERIOD"], text="so   yes")
    assert written([given]) == "So,   yes.\n"


def test_marks_at_the_end_of_a_line_count_for_the_next():
    def line(text):
        tokens, offsets = WORDS(text)
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
        tokens, offsets = WORDS(text)
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
