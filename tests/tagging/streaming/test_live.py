"""A stream as bytes: what is broken, and that all that came in goes out, once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rnntag.data.tokenisation import Cut
from rnntag.errors import CorpusError
from rnntag.punctuation.task import WORDS
from rnntag.tagging.streaming import live
from rnntag.tagging.streaming.live import ColumnWriter, Live

WAYS = [WORDS, Cut(characters=True), Cut(characters=False)]


class Letters:
    """In the place of a path: a token's tag is how many came before it; each waits for ``lag`` others."""

    def __init__(self, lag=0):
        self.lag, self.count, self.waiting, self.ended = lag, 0, 0, []

    def tag(self, tokens, ends=False):
        self.waiting += len(tokens)
        ready = self.waiting if ends else max(0, self.waiting - self.lag)
        self.waiting -= ready
        tags = [f"t{self.count + place}" for place in range(ready)]
        self.count += ready
        if ends:
            self.ended.append(self.count)
        return tags


class Copy:
    """In the place of a form: what came in goes out."""

    def token(self, gap, token, tag, following):
        return gap + token

    def fresh(self):
        return ""

    def end(self, rest):
        return rest


def streamed(data, way=WORDS, form=None, lag=0, cuts=()):
    out, path = [], Letters(lag)
    stream = Live(way, path, form or Copy(), out.append, "<stdin>")
    try:
        for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
            stream.feed(data[start:end])
        stream.close()
    except CorpusError as fault:
        return out, path, str(fault)
    return out, path, None


def test_a_word_of_a_megabyte_is_a_word(monkeypatch):
    data = b"x" * (1 << 20) + b" y "
    out, _, fault = streamed(data, cuts=range(1 << 16, 1 << 20, 1 << 16))
    assert fault is None
    assert "".join(out).encode() == data


def test_a_word_without_end_is_refused_once_what_came_before_is_written(monkeypatch):
    monkeypatch.setattr(live, "LONGEST", 100)
    out, _, fault = streamed(b"one two\n" + b"x" * 101, lag=5, cuts=[8])
    assert fault == "<stdin>:2: no word ends within 100 characters\nhint: is this text?"
    assert "".join(out) == "one two"


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(st.sampled_from("ab'’.-, \n\r你。“”\u0301\u200d👩\t\x00\x1b"), max_size=30),
    cuts=st.lists(st.integers(0, 60), max_size=8).map(sorted),
    lag=st.integers(0, 4),
    way=st.sampled_from(WAYS),
)
def test_whatever_comes_goes_out_once_and_in_order(text, cuts, lag, way):
    data = text.encode()
    cuts = [min(place, len(data)) for place in cuts]
    out, path, fault = streamed(data, way, lag=lag, cuts=cuts)
    assert fault is None
    assert "".join(out) == text
    assert path.waiting == 0
    columns, same, _ = streamed(data, way, ColumnWriter(), lag, cuts)
    whole, other, _ = streamed(data, way, ColumnWriter(), lag)
    assert "".join(columns) == "".join(whole)
    assert same.ended == other.ended


def test_what_is_final_is_written_at_once():
    out = []
    stream = Live(WORDS, Letters(1), Copy(), out.append, "x")
    for data, expected in (
        (b"one ", ""),
        (b"two ", "one"),
        (b"thr", "one"),
        (b"ee ", "one two"),
        (b"\n\n", "one two three"),
        (b"four ", "one two three"),
    ):
        stream.feed(data)
        assert "".join(out) == expected
    stream.close()
    assert "".join(out) == "one two three \n\nfour "


def test_a_blank_line_ends_a_text_and_a_line_end_does_not():
    for data, ended in ((b"a b\nc d", [4]), (b"a b\n\nc d", [2, 4]), (b"a b\n \r\n\n\nc", [2, 3]), (b"\n\n\na", [1])):
        assert streamed(data, lag=9)[1].ended == ended, data
    assert streamed(b"a b.\n\n", lag=9)[1].ended == [2]
    out, _, _ = streamed(b"a b\n\nc\n", form=ColumnWriter())
    assert "".join(out) == "a\tt0\nb\tt1\n\nc\tt2\n\n"


def test_a_stream_that_ends_within_a_character_says_so_after_all_before_it():
    data = "你好 世".encode()[:-1]
    for cuts in ([], [len(data) - 1], [3, 6]):
        out, path, fault = streamed(data, lag=3, cuts=cuts)
        assert "".join(out) == "你好 "
        assert path.waiting == 0
        assert fault == "<stdin>:1: the stream ends within a character\nhint: what came before it is written"


def test_a_byte_that_is_not_utf_8_ends_it_after_all_before_it():
    for cuts in ([], [9], [10], [11]):
        out, path, fault = streamed(b"one\ntwo \xff three", lag=3, cuts=cuts)
        assert "".join(out) == "one\ntwo "
        assert path.waiting == 0
        assert fault == "<stdin>:2: byte 0xff is not UTF-8\nhint: what came before it is written"


def test_a_character_that_a_bad_byte_breaks_off_is_the_one_that_is_told():
    out, _, fault = streamed(b"one \xe4\xff two", cuts=[5])
    assert "".join(out) == "one "
    assert fault == "<stdin>:1: byte 0xe4 is not UTF-8\nhint: what came before it is written"


@given(st.lists(st.integers(0, 40), max_size=3))
def test_bytes_that_are_no_text_can_be_told_and_replaced(cuts):
    data = b"one\ntw\xffo \xc3\n\xe6\xb1 x \xe6\xb1"
    told, out = [], []
    stream = Live(WORDS, Letters(), Copy(), out.append, "<stdin>", skip=told.append)
    places = sorted(min(cut, len(data)) for cut in cuts)
    for start, end in zip([0, *places], [*places, len(data)], strict=True):
        stream.feed(data[start:end])
    stream.close()
    assert "".join(out) == "one\ntw\ufffdo \ufffd\n\ufffd x \ufffd"
    assert [str(fault) for fault in told] == [
        "<stdin>:2: byte 0xff is not UTF-8",
        "<stdin>:2: byte 0xc3 is not UTF-8",
        "<stdin>:3: byte 0xe6 is not UTF-8",
        "<stdin>:3: byte 0xe6 is not UTF-8",
    ]
