"""Names the marks of ordinary text, each of which is a tag of the word before it.

A mark is meant in all its forms: ``?`` is also the full-width ``？`` and the Arabic ``؟``. So is ``.``: the Chinese
``。`` is one, and where it has no name of its own the ellipsis, which is written as three of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from rnntag.data.bio import CAPITAL, CAPITALS, CASES
from rnntag.data.tokenisation import EAST
from rnntag.errors import SpecError

NONE = "O"
END = "END"  # a sentence ends, and no more is said
FORMS = {  # the marks there are, each with its other forms
    ",": "，،፣﹐",
    "、": "､",
    ".": "。．｡।۔။។።։﹒",
    "…": "⋯",
    "?": "？؟⁇⁈﹖",
    "!": "！‼⁉﹗",
    ":": "：﹕",
    ";": "；؛;﹔",
    "—": "―⸺⸻",
    "–": "",
    "-": "－",
    "¿": "",
    "¡": "",
}
FORM_OF = {form: mark for mark, forms in FORMS.items() for form in (mark, *forms)}
ALL = "".join(FORM_OF)
FINAL = frozenset(".…?!")  # after these a sentence has ended
STRENGTH = {  # which one counts where several stand together; any other name is weaker, and then the first counts
    name: rank
    for rank, name in enumerate(("PAUSE", "COMMA", "COLON", "SEMICOLON", "PERIOD", "EXCLAMATION", "QUESTION"), 1)
}
CALLED = {  # each mark, and what tags of other tools call it
    ",": "COMMA DOUHAO 逗号 逗號 読点",
    ".": "PERIOD FULLSTOP STOP DOT JUHAO 句号 句號 句点",
    "?": "QUESTION QUESTIONMARK QMARK WENHAO 问号 問號 疑問符",
    "!": "EXCLAMATION EXCLAMATIONMARK EXCLAMATIONPOINT EXCLAM EXCL EXMARK TANHAO GANTANHAO 叹号 感叹号 驚嘆號 感嘆符",
    "、": "PAUSE DUN DUNHAO ENUMERATIONCOMMA ENUMCOMMA 顿号 頓號",
    ":": "COLON MAOHAO 冒号 冒號",
    ";": "SEMICOLON SEMI FENHAO 分号 分號",
    "—": "DASH EMDASH POZHEHAO 破折号 破折號",
    "–": "ENDASH",
    "-": "HYPHEN",
    "…": "ELLIPSIS SHENGLUEHAO 省略号 刪節號",
}
WRITTEN = {name: mark for mark, names in CALLED.items() for name in names.split()}
ENDS = (END, "EOS", "BREAK")
NOTHING = (NONE, "0", "SPACE", "NONE", "NULL", "EMPTY", "BLANK", "NOPUNCT", "NOPUNCTUATION", "无")
WAYS = {  # what tags of other tools call the case of a word, behind the name of its mark or alone
    "CAP": CAPITAL,
    "UPPER": CAPITAL,
    "CAPITAL": CAPITAL,
    "TITLE": CAPITAL,
    "CAPS": CAPITALS,
    "ALLCAPS": CAPITALS,
    "LOWER": "",
}
EXAMPLE = "'COMMA=,;: PERIOD=.! QUESTION=?'"
WIDER = 0xFEE0  # from a sign of ASCII to the same in full width
NAME = re.compile(r"[\w-]+")
PAIR = re.compile(f"(?P<mark>[O'{re.escape(ALL)}])(?P<case>[OU])")  # a mark or none, and whether the word has a capital
KANA = re.compile(r"[\u3041-\u30fa\uff66-\uff9f]")
SAMPLED = 10_000  # characters
LEAST_HAN, LEAST_KANA = 0.25, 0.1  # shares of the letters, and of those of East Asia, that tell a script


@dataclass(frozen=True)
class Marks:
    """Which marks are tags, and what these are called.

    names  each tag and the characters it stands for; the first of them is how it is written
    """

    names: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if not self.names:
            raise SpecError("no mark is named", hint=f"--marks {EXAMPLE}")
        seen: dict[str, str] = {}  # each mark as its commonest form
        for name, characters in self.names:
            if not NAME.fullmatch(name) or name.upper() in (NONE, *CASES):
                raise SpecError(f"a mark cannot be called '{name}'", hint="letters, digits, _ and -, but not O or CAP")
            if name in seen.values():
                raise SpecError(f"'{name}' is named twice", hint=f"give all its characters together: {EXAMPLE}")
            if not characters:
                raise SpecError(f"'{name}' has no characters", hint=f"--marks {EXAMPLE}")
            for character in characters:
                if character.isalnum() or character.isspace() or character == "_":
                    raise SpecError(f"'{character}' is no mark", hint=f"--marks {EXAMPLE}")
                if seen.setdefault(form := FORM_OF.get(character, character), name) != name:
                    fact = f"'{character}' is {seen[form]} as well as {name}"
                    raise SpecError(fact, hint="a mark has one name, in all its forms")

    @classmethod
    def parse(cls, text: str) -> Marks:
        """Marks as users write them: ``COMMA=,;: PERIOD=.! QUESTION=?``. Raises SpecError for what is none."""
        parts = [part.partition("=") for part in text.split()]
        return cls(tuple((name, characters) for name, _, characters in parts))

    def __str__(self) -> str:
        return " ".join(f"{name}={characters}" for name, characters in self.names)

    @cached_property
    def tag_of(self) -> dict[str, str]:
        """The tag of each character that is a mark; empty for a mark that has none."""
        named = {FORM_OF.get(character, character): name for name, characters in self.names for character in characters}
        named.setdefault("…", named.get(".", ""))
        return {form: named.get(mark, "") for form, mark in FORM_OF.items()} | {
            form: name for mark, name in named.items() if mark not in FORMS for form in _widths(mark)
        }

    @cached_property
    def strength(self) -> dict[str, int]:
        """How much the tag of each mark counts where several stand together, from 1; no tag counts 0."""
        return {"": 0} | {name: 1 + STRENGTH.get(name, 0) for name, _ in self.names}


def _widths(character: str) -> str:
    """A character, in half and in full width where it has both."""
    code = ord(character)
    half = code - WIDER if 0x21 <= code - WIDER < 0x7F else code
    return chr(half) + chr(half + WIDER) if 0x21 <= half < 0x7F else character


SPACED = Marks.parse("COMMA=,;:—–- PERIOD=.… QUESTION=? EXCLAMATION=!")  # those of the TED talks of IWSLT
CHINESE = Marks.parse("COMMA=,—–- PAUSE=、 PERIOD=.… QUESTION=? EXCLAMATION=! COLON=: SEMICOLON=;")
JAPANESE = Marks.parse("COMMA=、,:;—–- PERIOD=.… QUESTION=? EXCLAMATION=!")


@cache  # large classes take some milliseconds, which whoever has no text should not wait for
def _scripts() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Kana, Han, and letters of all other scripts."""
    han = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
    return KANA, han, re.compile(rf"[^\W\d_{EAST}]")


def customary(text: str) -> Marks:
    """The marks that are usual in the script of a text, as far as its beginning tells."""
    text = text[:SAMPLED]
    if text.isascii():
        return SPACED
    kana, han, others = (len(script.findall(text)) for script in _scripts())
    if kana + han < max(1, LEAST_HAN * (kana + han + others)):
        return SPACED
    return JAPANESE if kana >= LEAST_KANA * (kana + han) else CHINESE


class Meaning(NamedTuple):
    """What a tag says of the word before it.

    mark  the one that follows, in its commonest form, or nothing
    ends  whether a sentence ends
    case  CAP or CAPS, or nothing
    """

    mark: str = ""
    ends: bool = False
    case: str = ""


@lru_cache(maxsize=4096)
def meaning(tag: str, marks: Marks | None = None) -> Meaning | None:
    """What a tag means by these marks, or as it is commonly spelled: in any case, or as the mark itself.

    ``,COMMA``, ``PERIOD_UPPER`` and ``,U`` are known as well. None for a tag that is no punctuation.
    """
    tag = tag.removeprefix("B-")  # as spans of one token come back from other formats
    name, plus, case = tag.partition("+")
    if tag in CASES:
        name, plus, case = NONE, "+", tag
    if plus and case not in CASES:
        return None
    own = dict(marks.names) if marks else {}
    if name in own or (name and not name.strip(ALL)):
        character = own.get(name, name)[0]
        mark = FORM_OF.get(character, character)
        return Meaning(mark, mark in FINAL, case)
    found = _spelled(name)
    return found if found is None or found.case else found._replace(case=case)


def _spelled(name: str) -> Meaning | None:
    """What a name means that is no mark itself, by itself or with the case of its word behind it."""
    if pair := PAIR.fullmatch(name):
        mark = FORM_OF.get(pair["mark"], pair["mark"].strip("O"))
        return Meaning(mark, mark in FINAL, CAPITAL if pair["case"] == "U" else "")
    head, _, way = name.upper().rpartition("_")
    for spelled, case in ((name.upper(), ""), (head or NONE, WAYS.get(way))):
        spelled = spelled.lstrip(ALL).replace("_", "").replace("-", "")  # ,COMMA and .PERIOD of punctuator2
        mark = WRITTEN.get(spelled, "")
        if case is not None and (mark or spelled in (*ENDS, *NOTHING)):
            return Meaning(mark, mark in FINAL or spelled in ENDS, case)
    return None


def says_nothing(tag: str, marks: Marks | None = None) -> bool:
    """Whether a tag says that no mark follows its word, in other letters than ``O``."""
    return tag != NONE and meaning(tag, marks) == Meaning()


def is_punctuation(tags: Iterable[str], marks: Marks | None = None) -> bool:
    """Whether tags are those of a model that punctuates: each has a meaning, and some say more than nothing."""
    meant = [meaning(tag, marks) for tag in tags]
    return None not in meant and any(found.mark or found.ends for found in meant if found)


def puts_marks(tags: Iterable[str], marks: Marks | None = None) -> bool:
    """Whether tags are those of a model that punctuates, and does not only tell where sentences end."""
    meant = [meaning(tag, marks) for tag in tags]
    return None not in meant and any(found.mark for found in meant if found)


def check_tags(tags: Iterable[str], marks: Marks | None = None) -> None:
    """Raise SpecError for a tag that is no punctuation."""
    for tag in tags:
        if meaning(tag, marks) is None:
            raise SpecError(f"'{tag}' is no punctuation mark", hint="--to text is for models that punctuate")
