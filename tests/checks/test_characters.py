"""Characters that nobody meant are told to the letter, those of any script are let alone."""

import unicodedata

import pytest
from checking import (
    findings,
    folder,  # noqa: F401  a fixture
    mended,
    rows,
    told,
)

# Characters.

TWO_SCRIPTS = "mixes letters of two scripts that look alike"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("bos\u200bton", "invisible: 'bos\\u200bton' holds U+200B ZERO WIDTH SPACE"),
        ("bos\u200cton", "invisible: 'bos\\u200cton' holds U+200C ZERO WIDTH NON-JOINER"),
        ("\ufeffboston", "invisible: '\\ufeffboston' holds U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("a\u202eb\u00adc", "invisible: 'a\\u202eb\\xadc' holds U+202E RIGHT-TO-LEFT OVERRIDE, U+00AD SOFT HYPHEN"),
        ("10\u00a0000", "invisible: '10\\xa0000' holds U+00A0 NO-BREAK SPACE"),
        ("a\x00b", "control: 'a\\x00b' holds U+0000 (a control character)"),
        ("it\x92s", "control: 'it\\x92s' holds U+0092 (a control character; '’' in Windows-1252)"),
        ("caf\ufffd", "character: 'caf�' holds U+FFFD, in whose place another character was lost"),
        ("\ue000", "character: '\\ue000' holds U+E000 (of private use)"),
        ("\u0378", f"character: '\\u0378' holds U+0378 (not assigned in Unicode {unicodedata.unidata_version})"),
        ("cafe\u0301", "nfc: 'cafe\\u0301' is not in NFC, the usual form; there it is 'café'"),
        ("p\u0430ypal", f"scripts: 'pаypal' {TWO_SCRIPTS}: U+0430 CYRILLIC SMALL LETTER A"),
        ("Mосква", f"scripts: 'Mосква' {TWO_SCRIPTS}: U+004D LATIN CAPITAL LETTER M"),
        ("Αir", f"scripts: 'Αir' {TWO_SCRIPTS}: U+0391 GREEK CAPITAL LETTER ALPHA"),
        ("cafÃ©", "mojibake: 'cafÃ©' looks like UTF-8 read as Windows-1252; it would be 'café'"),
        ("weâ€™re", "mojibake: 'weâ€™re' looks like UTF-8 read as Windows-1252; it would be 'we’re'"),
        ("weâ\x80\x99re", "mojibake: 'weâ\\x80\\x99re' looks like UTF-8 read as Windows-1252; it would be 'we’re'"),
        ("Ð\x9fÑ\x80", "mojibake: 'Ð\\x9fÑ\\x80' looks like UTF-8 read as Windows-1252; it would be 'Пр'"),
        ("ðŸ˜€", "mojibake: 'ðŸ˜€' looks like UTF-8 read as Windows-1252; it would be '😀'"),
    ],
)
def test_characters_that_nobody_meant(word, expected):
    assert told(rows("a/O", f"{word}/O", "b/O")) == [f"train.conll:2: {expected}"]
    assert told(f"# intent = {word}\n" + rows("a/O")) == [f"train.conll:1: {expected}"]


@pytest.mark.parametrize(
    "words",
    [
        "می\u200cخواهم کتاب\u200cها",  # Persian
        "क्\u200dष श्री\u200c क़",  # Hindi, with U+0958 written apart
        "👩\u200d👩\u200d👧 👍🏽 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "μm αβ Δt hν 5µm IT-отдел Wi-Fi-роутер",
        "É» « Ça » SÃO ROMÂ … “naïve” Größe",
        "Điện tử sẽ được ﬁnden 한국어 ภาษาไทย עִבְרִית اَلْعَرَبِيَّةُ",
        "我 要 听 吴雨霏 ｡ 、 ․",
        "don’t – — − × ½ €5 ™ ♪",
    ],
)
def test_what_is_legitimate_is_let_alone(words):
    text = rows(*(f"{word}/O" for word in words.split()))
    assert told(text) == []
    assert mended(text)[0] == text


def test_one_word_in_two_normal_forms():
    text = rows("café/O", "x/O") + rows("cafe\u0301/O", "café/O")
    assert told(text) == [
        "train.conll:1: nfc: 'café' is in NFC here but not in train.conll:4: two words to the network",
        "train.conll:4: nfc: 'cafe\\u0301' is not in NFC, the usual form; there it is 'café'",
    ]


def test_a_character_is_told_wherever_it_stands():
    """What was looked up once as harmless stays so, and what was not is told again."""
    text = rows("é/O", "\u200b1/O") + rows("é/O", "\u200b1/B-\u200bx")
    assert [found.where for found in findings(text) if found.kind == "invisible"] == [
        "train.conll:2",
        "train.conll:5",
        "train.conll:5",
    ]
