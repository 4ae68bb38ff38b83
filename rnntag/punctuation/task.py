"""Makes training data of ordinary text: its words as a stream has them, and the marks after them as their tags.

    Well, is it late?           well/COMMA is/O it/O late/QUESTION
    他说：“我来了。”              他/O 说/COLON “/O 我/O 来/O 了/PERIOD ”/O

Quotation marks and brackets are words of their own: a mark before a closing one belongs to the word before it, one
after it to the sign. Not every mark is one: those within what is written in one go (``10:30``, ``x/?y``), full stops
that only shorten a word, the numbers of a list, and what stands before all words say nothing of how a sentence goes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from types import NoneType
from typing import Any, NamedTuple

from rnntag.data.bio import CAPITAL, CAPITALS, CASES
from rnntag.data.tokenisation import Cut, Offsets, cut, tokens_of
from rnntag.errors import SpecError
from rnntag.punctuation.marks import END, FORM_OF, NONE, Marks, customary
from rnntag.punctuation.signs import ELLIPSIS, SIGNS, ends_sentence, is_within, opens

TASKS = PUNCTUATION, SENTENCES = "punctuation", "sentences"
DASHES = frozenset("—–-")
AHEAD = 12  # tokens among which the next word is looked for, where marks and signs stand between
ENUMERATOR = re.compile(r"\d{1,3}|[A-Za-z]")


@dataclass(frozen=True)
class Task:
    """What a model is to learn from ordinary text.

    name   punctuation: the marks after its words; sentences: the ends of those that stand one a line
    marks  which marks are tags; None is those usual in the script of each text
    case   whether a tag says how its word was written as well
    """

    name: str
    marks: Marks | None = None
    case: bool = False

    def __post_init__(self) -> None:
        if self.name not in TASKS:
            raise SpecError(f"'{self.name}' is not a task", hint=f"there are: {', '.join(TASKS)}")

    def lesson(self, lines: Sequence[str]) -> tuple[list[str], list[str]]:
        """The tokens of a text, and their tags."""
        if self.name == PUNCTUATION:
            text = "\n".join(lines)
            return tagged_words(text, self.marks or customary(text), self.case)
        found = [tokens_of(line, True) for line in lines]
        tags = [tag for tokens in found if tokens for tag in (*[NONE] * (len(tokens) - 1), END)]
        return list(chain.from_iterable(found)), tags

    @property
    def cut(self) -> Cut:
        """How a text that is to be tagged is cut."""
        return WORDS if self.name == PUNCTUATION else Cut(characters=True)

    def as_dict(self) -> dict[str, str | bool | None]:
        """The task as a model file stores it."""
        return {"name": self.name, "marks": None if self.marks is None else str(self.marks), "case": self.case}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Task:
        """The task that `as_dict` stored. Raises SpecError, TypeError or KeyError for what is none."""
        marks, case = values["marks"], values["case"]
        if not isinstance(marks, (str, NoneType)) or not isinstance(case, bool):
            raise TypeError("the task is none")
        return cls(values["name"], None if marks is None else Marks.parse(marks), case)


class _Words(Cut):
    """Cuts text into its tokens that are no marks."""

    def __call__(self, text: str) -> tuple[list[str], Offsets | None]:
        tokens, offsets = cut(text, True)
        kept = [place for place, token in enumerate(tokens) if token not in FORM_OF]
        if len(kept) == len(tokens):
            return tokens, offsets
        return [tokens[place] for place in kept], [offsets[place] for place in kept]


WORDS = _Words(characters=True)


def tagged_words(text: str, marks: Marks, case: bool = False) -> tuple[list[str], list[str]]:
    """The tokens of a punctuated text, in small letters and without marks, and their tags.

    Of several marks after a token the strongest is its tag. With ``case`` a tag says also how the token was written:
    CAP, its first letter in a capital, or CAPS, all of two or more.
    """
    tag_of, strength = marks.tag_of, marks.strength
    whole = PunctuatedText(text, *cut(text, True))
    tokens, names = [], []
    last = 0  # the place of the last token that is no mark
    for place, token in enumerate(whole.tokens):
        name = tag_of.get(token)
        if name is None:
            tokens.append(token)
            names.append("")
            last = place
        elif tokens and strength[name] > strength[names[-1]] and whole.is_mark(place, last):
            names[-1] = name
    if case:
        pairs = zip(names, map(case_of, tokens), strict=True)
        tags = [f"{name}+{way}" if name and way else name or way or NONE for name, way in pairs]
    else:
        tags = [name or NONE for name in names]
    return [token.lower() for token in tokens], tags


class PunctuatedText(NamedTuple):
    """A text and its tokens, marks among them, with their places."""

    text: str
    tokens: list[str]
    offsets: list[tuple[int, int]]

    def is_mark(self, place: int, last: int) -> bool:
        """Whether a token is a mark of its sentence; ``last`` is the place of the token before it that is none."""
        text, token, word = self.text, self.tokens[place], self.tokens[last]
        start, end = self.offsets[place]
        mark, before, after = FORM_OF.get(token, token), text[start - 1], text[end : end + 1]
        if word in SIGNS and opens(word, self._before(last)):
            return False
        if mark in DASHES:
            return self._is_dash(mark, before, after)
        if mark in ".:" and before.isdigit() and after.isdigit():
            return False
        if token.isascii() and is_within(before, after):
            return False
        if mark in ".、" and self._is_enumerator(last):
            return False
        if token == "." or mark == ELLIPSIS:
            following = next((each for each in self.tokens[place + 1 : place + AHEAD] if each[0].isalnum()), "")
            return ends_sentence(word, ELLIPSIS if "." in (before, after) else mark, following)
        return True

    def _is_dash(self, mark: str, before: str, after: str) -> bool:
        """Whether it is a dash, rather than a hyphen or what parts two numbers."""
        if mark == "—":
            return not (before.isdigit() and after.isdigit())
        return before in DASHES or after in DASHES or (before.isspace() and not after.strip())

    def _is_enumerator(self, place: int) -> bool:
        """Whether a token is the number of an item, at the head of a line."""
        first, _ = self.offsets[place]
        if not ENUMERATOR.fullmatch(self.tokens[place]):
            return False
        while self.text[first - 1 : first] in (" ", "\t"):
            first -= 1
        return first == 0 or self.text[first - 1] == "\n"

    def _before(self, place: int) -> str:
        """The character before a token, if there is one."""
        start = self.offsets[place][0]
        return self.text[start - 1 : start] if start else ""


def case_of(token: str) -> str:
    """CAPS for a token of capitals, two or more; CAP for one whose first letter is one; else nothing."""
    if token.islower():
        return ""
    letters = [character for character in token if character.isalpha()]
    if len(letters) > 1 and all(map(str.isupper, letters)):
        return CAPITALS
    return CAPITAL if letters and letters[0].isupper() else ""


def without_signs(tokens: Sequence[str], tags: Sequence[str]) -> tuple[list[str], list[str]]:
    """Tokens and tags without quotation marks and brackets, whose marks go to the token before, if that has none."""
    found: list[str] = []
    kept: list[str] = []
    for token, tag in zip(tokens, tags, strict=True):
        if token not in SIGNS:
            found.append(token)
            kept.append(tag)
        elif tag != NONE and kept and (kept[-1] == NONE or kept[-1] in CASES):
            kept[-1] = tag if kept[-1] == NONE else f"{tag}+{kept[-1]}"
    return found, kept
