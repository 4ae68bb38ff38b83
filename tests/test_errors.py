"""What is shown of a user's own text, and whom a warning is for."""

import pytest

import rnntag
from rnntag.errors import CONTROLS, CorpusError, shown, warn


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain – ünïcode 语义", "plain – ünïcode 语义"),
        ("a\tb\nc", "a\tb\nc"),
        ("\x1b[2Jgone\x07\x00", "␛[2Jgone␇␀"),
        ("\x7f\x9b31m", "␡\ufffd31m"),
        ("\u202eevil\u2066", "\ufffdevil\ufffd"),
        ("\ud800", "\ufffd"),
    ],
)
def test_nothing_moves_the_cursor(text, seen):
    assert shown(text) == seen
    assert shown(shown(text)) == seen
    assert not set(seen.translate(CONTROLS)) & {chr(code) for code in CONTROLS}


def test_nothing_is_without_end():
    assert shown("x" * 300) == "x" * 300
    assert shown("x" * 301) == "x" * 300 + "… (301 characters)"


def test_a_fault_shows_the_text_of_a_user_with_care():
    error = CorpusError("token '\x1b' is odd", where="a.conll:1", quote=[(1, "\x1b\tO" + "x" * 400)], hint="no\nmore")
    first, second, *rest = str(error).split("\n")
    assert first == "a.conll:1: token '␛' is odd"
    assert second == "    1  ␛\tO" + "x" * 297 + "… (403 characters)"
    assert rest == ["hint: no", "more"]


def test_a_place_keeps_its_line_and_a_hint_can_be_pasted():
    error = CorpusError("x" * 400, where=f"a\n{'b' * 4000}.conll:1234", hint="rnntag check " + "c" * 4000)
    first, hint = str(error).split("\n")
    assert first == f"a␊{'b' * 978}…{'b' * 9}.conll:1234: {'x' * 300}… (400 characters)"
    assert hint == f"hint: rnntag check {'c' * (1000 - 13)}… (4,013 characters)"
    path = "/".join(["b" * 200] * 4)
    assert str(CorpusError("odd", where=f"{path}:1", hint=f"rnntag check {path}")) == (
        f"{path}:1: odd\nhint: rnntag check {path}"
    )


def test_a_warning_is_that_of_whoever_called_the_package():
    with pytest.warns(rnntag.RnntagWarning) as caught:
        warn("warning: a.conll:1: odd\x1b")
    [told] = caught
    assert str(told.message) == "a.conll:1: odd␛"
    assert told.filename == __file__
    with pytest.warns(rnntag.RnntagWarning) as caught:
        rnntag.train([rnntag.Sentence(["a"], ["O"])] * 20, epochs=1, hidden=4, embedding=4)
    assert {each.filename for each in caught} == {__file__}
