"""Finds characters that are not what they look like, or that nobody meant to write, and removes them.

What is legitimate in its script is let alone: the joiners U+200C and U+200D after Arabic, Syriac, Mongolian and Indic
letters and in emoji (Unicode Standard 15.0, 23.2), Greek letters beside Latin ones (μm), U+3000.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from rnntag.checks.findings import quoted

# Zero width, soft hyphen, byte order mark; marks and overrides of direction; invisible operators.
INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\u3164\ufeff\uffa0"
)
NO_BREAK = "\u00a0\u2007\u202f"
JOINED = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\u1cd0-\u1cff\ua840-\ua8ff\ufb50-\ufdff\ufe70-\ufefc"
EMOJI = "\u00a9\u00ae\u2190-\u2bff\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f"
JOINERS = "\u200c\u200d"
STRAY_JOINER = re.compile(rf"(?<![{JOINED}{EMOJI}])[{JOINERS}]")
HIDDEN = re.compile(f"[{INVISIBLE}{NO_BREAK}{JOINERS}]")
LOST = "\ufffd"

LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
CYRILLIC = "\u0400-\u052f"
# Those of either script that are drawn like letters of the other (Unicode Technical Standard 39), and the Greek ones.
LATIN_LOOKALIKES = "ABCEHIJKMOPSTXYaceijopsxy"
OTHER_LOOKALIKES = "АВЕЅІЈКМНОРСТУХаеорсухѕіјһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"
SCRIPTS = re.compile(
    rf"[{LATIN}][{OTHER_LOOKALIKES}]|[{OTHER_LOOKALIKES}][{LATIN}]|[{CYRILLIC}][{LATIN_LOOKALIKES}]|[{LATIN_LOOKALIKES}][{CYRILLIC}]"
)

_WINDOWS = {byte: bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)}
_BYTES = {char: byte for byte, char in _WINDOWS.items() if char}
# UTF-8 read as Windows-1252 or Latin-1: the lead of a sequence as a letter, and what continues it as anything from
# U+0080 to U+00BF. As É» and the like may be meant, other leads of two bytes than Â and Ã must come twice in a row.
_NEXT = "[\u0080-\u00bf" + "".join(_BYTES) + "]"
MOJIBAKE = re.compile(
    rf"(?:[\u00c2\u00c3]{_NEXT}|[\u00c4-\u00df][\u0080-\u009f])+|(?:[\u00c4-\u00df]{_NEXT}){{2,}}"
    rf"|(?:[\u00e0-\u00ef]{_NEXT}{{2}})+|(?:[\u00f0-\u00f4]{_NEXT}{{3}})+"
)

_NO_BREAKS = re.compile(f"[{NO_BREAK}]")
_REMOVED = re.compile(rf"[{INVISIBLE}\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def repaired(text: str) -> str:
    """The text in NFC, without invisible and control characters; those of U+0080 to U+009F as Windows-1252 has them.

    TAB, LF, CR and no-break spaces are let alone.
    """
    text = _REMOVED.sub("", text)
    if text.isascii():
        return text
    pieces, done = [], 0
    for run in MOJIBAKE.finditer(text):  # what was misread as a whole is not put right by halves
        if _decoded(run) is not None:
            pieces += [text[done : run.start()].translate(_WINDOWS), run[0]]
            done = run.end()
    text = STRAY_JOINER.sub("", "".join((*pieces, text[done:].translate(_WINDOWS))))
    return unicodedata.normalize("NFC", text)


def spaced(text: str) -> str:
    """The text with plain spaces in the place of no-break ones, but for those in what was misread as a whole."""
    pieces, done = [], 0
    for run in MOJIBAKE.finditer(text):
        if _decoded(run) is not None:
            pieces += [_NO_BREAKS.sub(" ", text[done : run.start()]), run[0]]
            done = run.end()
    return "".join((*pieces, _NO_BREAKS.sub(" ", text[done:])))


class CharacterCheck:
    """Checks the characters of lines; each distinct one is looked up once."""

    def __init__(self) -> None:
        self.harmless = {chr(code) for code in range(0x20, 0x7F)} | {"\t", "\n"}

    def faults(self, lines: list[str]) -> Iterator[tuple[int, str, str]]:
        """What is wrong in these lines: the index of the line, the kind and the fact."""
        text = "\n".join(lines)
        odd = set(text) - self.harmless
        if odd:
            self.harmless |= {char for char in odd if not _kind(char)}
            odd -= self.harmless
        if odd or not (
            text.isascii()
            or (unicodedata.is_normalized("NFC", text) and not SCRIPTS.search(text) and not MOJIBAKE.search(text))
        ):
            for index, line in enumerate(lines):
                for word in re.split("[\t ]", line):
                    for kind, fact in _faults(word):
                        yield index, kind, fact


def _kind(char: str) -> str | None:
    """What is wrong with a character, wherever it stands; of joiners, what may be wrong."""
    category = unicodedata.category(char)
    if category == "Cs":
        return "encoding"
    if category == "Cc":
        return "control"
    if HIDDEN.match(char):
        return "invisible"
    return "character" if category in ("Co", "Cn", "Zl", "Zp") or char == LOST else None


def _faults(word: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the characters of a word: the kind and the fact."""
    if word.isascii() and word.isprintable():
        return
    meant = _meant(word)
    kinds: dict[str, list[str]] = {}
    own = MOJIBAKE.sub(lambda run: "" if _decoded(run) is not None else run[0], word) if meant else word
    for char in dict.fromkeys(own):
        kind = _kind(char)
        if kind and not (char in JOINERS and not STRAY_JOINER.search(word)):
            kinds.setdefault(kind, []).append(char)
    for kind, chars in kinds.items():
        yield kind, _fact(word, chars)
    if meant:
        yield "mojibake", f"{quoted(word)} looks like UTF-8 read as Windows-1252; it would be {quoted(meant)}"
    if SCRIPTS.search(word):
        yield "scripts", f"{quoted(word)} mixes letters of two scripts that look alike: {_names(_foreign(word))}"
    if not unicodedata.is_normalized("NFC", word):
        usual = unicodedata.normalize("NFC", word)
        yield "nfc", f"{quoted(word)} is not in NFC, the usual form; there it is {quoted(usual)}"


def _fact(word: str, chars: list[str]) -> str:
    """What is said of characters of a word that are of one kind."""
    if "\udc80" <= chars[0] <= "\udcff":
        return f"byte 0x{ord(chars[0]) - 0xDC00:02x} of {quoted(word)} is not UTF-8"
    if chars == ["\r"]:
        return f"CR in the midst of a line, {quoted(word)}"
    if LOST in chars:
        return f"{quoted(word)} holds U+FFFD, in whose place another character was lost"
    return f"{quoted(word)} holds {_names(chars)}"


def _names(chars: Iterable[str]) -> str:
    """Code points and names of characters, each once."""
    each = dict.fromkeys(chars)
    return ", ".join([f"U+{ord(char):04X} {unicodedata.name(char, '') or _nameless(char)}" for char in each])


def _nameless(char: str) -> str:
    """What takes the place of the name of a character that Unicode gives none."""
    if meant := _WINDOWS.get(ord(char)):
        return f"(a control character; '{meant}' in Windows-1252)"
    names = {"Cc": "(a control character)", "Co": "(of private use)", "Cs": "(half a character)"}
    return names.get(unicodedata.category(char), f"(not assigned in Unicode {unicodedata.unidata_version})")


def _meant(word: str) -> str | None:
    """The word as it was before its bytes were misread; None if they were not."""
    found = MOJIBAKE.sub(lambda run: _decoded(run) or run[0], word)
    return None if found == word else found


def _decoded(run: re.Match[str]) -> str | None:
    """What the bytes behind some characters are in UTF-8; None if they are none."""
    try:
        return bytes(_BYTES.get(char, ord(char)) for char in run[0]).decode()
    except UnicodeDecodeError:
        return None


def _foreign(word: str) -> list[str]:
    """The letters of the script that has fewer of them in a word."""
    latin = re.findall(f"[{LATIN}]", word)
    other = re.findall("[\u0370-\u052f]", word)
    return latin if len(latin) < len(other) else other


def not_in_nfc(tokens: list[str]) -> Iterator[tuple[int, str]]:
    """The tokens that are not in NFC: the index of each, and its form there."""
    text = "\n".join(tokens)
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        for index, token in enumerate(tokens):
            if not unicodedata.is_normalized("NFC", token):
                yield index, unicodedata.normalize("NFC", token)
