"""Restores marks and capitals from tags, token by token; all that is kept of the text are a few facts.

What is written is the text that came, with marks put in and letters made capitals, and nothing else changed; or the
same, one sentence a line. Marks that stand in the text already stay, and none is put beside them.
"""

from __future__ import annotations

import re

from rnntag.data.bio import CAPITAL, CAPITALS
from rnntag.data.tokenisation import EAST
from rnntag.punctuation.marks import FINAL, FORM_OF, KANA, Marks, Meaning, check_tags, meaning
from rnntag.punctuation.sentence_lines import SentenceLines
from rnntag.punctuation.signs import ELLIPSIS, SIGNS, ends_sentence, is_within, opens

HALF = {"、": ",", "—": " —", "–": " –", "-": " -"}  # how marks are written, where that is not their commonest form
FULL = {",": "，", ".": "。", "…": "……", "?": "？", "!": "！", ":": "：", ";": "；", "—": "——", "–": "——", "-": "——"}
ARABIC, INDIC = HALF | {",": "،", ";": "؛", "?": "؟"}, HALF | {".": "।"}
EASTERN = re.compile(rf"[{EAST}\u3001-\u303f\uff01-\uff60]")

_MARKS = "".join(form for form, mark in FORM_OF.items() if mark not in "–-¿¡")
_FINAL = "".join(form for form, mark in FORM_OF.items() if mark in FINAL)
STANDING = re.compile(rf"\s*(?:[{_MARKS}]|[–-](?:[–\s-]|$))")  # a mark ahead of the end of a token

# Words that only a language has in which "i" is a capital.
ENGLISH = frozenset(
    ("the", "and", "of", "you", "your", "that", "this", "what", "when", "was", "with", "they", "she", "it's")
)
SAYING = frozenset(
    ("he", "she", "they", "said", "asked", "cried", "shouted", "whispered", "replied", "answered", "called")
)
QUOTES = frozenset("”’\"'")
FIRST_PERSON = re.compile(r"i['’](?:m|ve|ll|d)")
REMEMBERED = 30  # tokens of eastern scripts for which kana are remembered
BALANCE = 8  # tokens by which scripts can be ahead of each other


class Restorer:
    """Puts marks and capitals into running text, as its tags say.

    marks      what its tags mean; None is their common names
    sentences  write one sentence a line (`SentenceLines`)
    english    whether the text is known to be English; else that is seen from its words
    capitals   make the first letter of a sentence one; else only what tags say

    The first letter of a sentence becomes a capital if its word has small letters only, and so does the English ``i``;
    all others where a tag says so. A mark is full-width in and beside Chinese and the like.

    Raises SpecError for a tag that is no punctuation.
    """

    def __init__(
        self, marks: Marks | None = None, sentences: bool = False, english: bool = False, capitals: bool = True
    ) -> None:
        self._capitals = capitals
        self._marks, self._lines = marks, SentenceLines() if sentences else None
        self._meanings: dict[str, Meaning] = {}
        self._begins = True  # whether a sentence begins with the next word
        self._word = ""  # the one before
        self._tail = ""  # the last character of what is written, white space aside
        self._east, self._kana, self._english = 0, 0, english  # what the text looks like

    def token(self, gap: str, token: str, tag: str, following: str) -> str:
        """What is written for a token.

        gap        what stood in the text between the token before and this one
        following  what stands right after it, one character or more; nothing at the end of the text
        """
        meant = self._meanings.get(tag) or self._look_up(tag)
        stop = 0
        if gap and not gap.isspace():
            stop = self._stop_in(gap, token)
            if stop:
                self._stop()
            elif self._tail and gap[0] in _MARKS:
                self._go_on()
        written = self._lines.between(gap, stop, token, self._tail, following) if self._lines else gap
        written += self._in_case(token, meant.case, following)
        before, previous = (gap or self._tail)[-1:], self._word[-1:]
        self._tail = token[-1]
        self._notice(token)
        if not (meant.mark or meant.ends) or STANDING.match(following) or (token in SIGNS and opens(token, before)):
            return written
        mark = self._form(meant.mark, token, previous, following) if meant.mark else ""
        if mark is None:
            return written
        self._tail = mark[-1:] or self._tail
        if not meant.ends:
            self._go_on()
        else:
            self._stop()
            mark += self._lines.ended(following) if self._lines else ""
        return written + mark

    def fresh(self) -> str:
        """Begin another text, and with it a sentence; nothing is written for that."""
        self._stop()
        self._tail, self._east = "", 0
        return ""

    def end(self, rest: str) -> str:
        """What is written for the rest of a text, which stood behind its last token."""
        written = self._lines.end(rest, self._tail) if self._lines else rest
        self.fresh()
        return written

    def _stop(self) -> None:
        """A sentence ends; of what the text looks like, the next one may well be otherwise."""
        self._begins, self._word, self._east = True, "", max(-1, min(1, self._east))

    def _go_on(self) -> None:
        """The sentence goes on, even if it seemed to have ended: “Why?”, he asked."""
        self._begins = False
        if self._lines:
            self._lines.goes_on()

    def _look_up(self, tag: str) -> Meaning:
        """The meaning of a tag that comes for the first time. Raises SpecError for one that has none."""
        check_tags((tag,), self._marks)
        self._meanings[tag] = found = meaning(tag, self._marks) or Meaning()
        return found

    def _stop_in(self, gap: str, token: str) -> int:
        """Where in the text between two tokens its last marks end, if they end a sentence; else 0."""
        end = len(gap)
        while end and gap[end - 1] not in _MARKS:
            end -= 1
        stop = gap[len(gap[:end].rstrip(_FINAL)) : end]
        if not stop:
            return 0
        if stop == gap and stop.isascii() and is_within(self._tail, token):
            return 0
        if not stop.strip(".…⋯"):
            kind = stop if stop == "." else ELLIPSIS
            if not ends_sentence(self._word, kind, token if token[0].isalnum() else ""):
                return 0
        return end

    def _form(self, mark: str, token: str, previous: str, following: str) -> str | None:
        """How a mark is written after a token; None where there is no room for it.

        previous  the last character of the word before
        """
        last = token[-1]
        beside = (last, previous, following if self._east < 0 else following.lstrip())
        if self._east > 0 or any(map(EASTERN.match, beside)):
            return "、" if mark == "," and self._kana else FULL.get(mark, mark)
        ahead = following[:1]
        if ahead.strip() and (ahead not in SIGNS or opens(ahead, last)):
            return None
        local = ARABIC if "\u0600" <= last < "\u0700" else INDIC if "\u0900" <= last < "\u0a00" else HALF
        return local.get(mark, mark)

    def _in_case(self, token: str, case: str, following: str) -> str:
        """A token with the capitals that its tag and its place give it."""
        if case == CAPITALS:
            return "".join(map(_raised, token))
        if case == CAPITAL:
            place = next((place for place, each in enumerate(token) if each.isalpha()), 0)
            return token[:place] + _raised(token[place]) + token[place + 1 :]
        first = self._begins and token.islower() and token[0].isalpha() and not self._is_said(token)
        if (first and self._capitals) or (token[0] == "i" and self._is_first_person(token, following)):
            return _raised(token[0]) + token[1:]
        return token

    def _is_said(self, token: str) -> bool:
        """Whether a word goes on behind a quotation, as in “Why?” she asked."""
        return self._tail in QUOTES and token in SAYING

    def _is_first_person(self, token: str, following: str) -> bool:
        """Whether a token is the English I."""
        return bool(FIRST_PERSON.fullmatch(token)) or (token == "i" and (self._english or following[:1] in ("'", "’")))

    def _notice(self, token: str) -> None:
        """Take note of a word that was written, and of the script and language that it tells of."""
        if not (token[0].isalnum() or token[-1].isalnum()):
            return
        self._begins, self._word = False, token
        if EASTERN.match(token):
            self._east = min(self._east + 1, BALANCE)
            self._kana = REMEMBERED if KANA.match(token) else max(self._kana - 1, 0)
        elif token[0].isalpha():
            self._east = max(self._east - 2, -BALANCE)
            self._english = self._english or token.lower() in ENGLISH


def _raised(letter: str) -> str:
    """The capital of a letter, if it has one of which it is the small letter."""
    capital = letter.upper()
    return capital if len(capital) == 1 and capital.lower() == letter else letter
