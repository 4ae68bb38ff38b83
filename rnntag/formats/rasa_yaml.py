"""Finds examples in the YAML that Rasa writes: a part of YAML, read strictly, so that nothing else passes for it.

    version: "3.1"
    nlu:
    - intent: greet
      examples: |
        - hello
    - intent: order
      examples:
      - text: |
          a [coffee](drink)
        metadata: ...

Sections other than ``nlu``, and items other than intents, are passed over by their indentation alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from rnntag.errors import CorpusError

KEY = re.compile(r"""(\s*)(- +)?(["']?)([\w ./-]+?)\3:(?:\s+(.*?))?\s*""")
COMMENT = re.compile(r"(?:^|\s)#.*$")
QUOTED = re.compile(r"""(["'])([^"'\\]*)\1""")
BLOCK = re.compile(r"\|[+-]?")
ODD = "&*!>{[@`%\"'"  # how values begin that are more than words
KINDS = ("synonym", "regex", "lookup")


class Example(NamedTuple):
    """An example with its marks, the intent it stands under, and its line."""

    text: str
    intent: str
    line: int


class YamlExamples:
    """Finds examples.

    fault     gets what is wrong with an example, which is then left out
    left_out  what else there is, each kind once
    """

    def __init__(self, source: str, fault: Callable[[CorpusError], None]) -> None:
        self.source, self._skip = source, fault
        self.left_out: dict[str, None] = {}
        self._in_nlu = False
        self._item = -1  # indentation of the items of nlu
        self._intent: str | None = None  # of the item, if it is one
        self._examples = -1  # indentation of "examples:", once it has come
        self._block = False  # whether it is a block of lines "- hello"
        self._dash = -1  # indentation of the lines of that block, or of the items of a list of examples
        self._text = -1  # indentation of the key "text" of an item, until its block has come
        self._had_text = False  # whether it has begun to come
        self._at = 1

    def feed(self, number: int, lines: list[str]) -> Iterator[Example]:
        """The examples in these lines, of which the first has this number. Raises CorpusError for other YAML."""
        for self._at, line in enumerate(lines, number):
            text = line.rstrip()
            if not text or text in ("---", "..."):
                continue
            indent = len(text) - len(text.lstrip(" "))
            if self._in_nlu and text[indent] == "\t":
                raise self._fault("a TAB indents a line", text, "YAML is indented by spaces")
            found = self._line(text, indent)
            if found is not None and self._intent is not None:
                yield Example(found, self._intent, self._at)

    def close(self) -> Iterator[Example]:
        return iter(())

    def _line(self, text: str, indent: int) -> str | None:
        """The example in a line; None if it holds none."""
        if self._block and indent > self._examples:
            return self._in_block(text, indent)
        if self._text >= 0:
            if indent > self._text:
                return self._of_text(text)
            self._text = -1
        if text.lstrip().startswith("#"):
            return None
        if indent == 0 and not text.startswith("-"):
            self._section(text)
            return None
        if not self._in_nlu:
            return None
        if self._item < 0:
            self._item = indent
        if indent < self._item or (indent == self._item and not text.lstrip().startswith("- ")):
            raise self._fault("the line stands between the items of nlu", text, "an item begins with '- intent: NAME'")
        if indent == self._item:
            self._new_item(text)
        elif self._intent is not None:
            self._within(text, indent)
        return None

    def _section(self, text: str) -> None:
        """A key of the whole file."""
        name, value = self._key(text)
        self._in_nlu, self._item = name == "nlu", -1
        self._leave_examples()
        self._intent = None
        if name == "nlu" and value:
            raise self._fault("nlu is no list of items", text, "its items stand below it: '- intent: NAME'")
        if name not in ("nlu", "version"):
            self.left_out[name] = None

    def _new_item(self, text: str) -> None:
        """An item of nlu."""
        self._leave_examples()
        name, value = self._key(text)
        self._intent = self._plain(value, text) if name == "intent" else None
        if name != "intent":
            self.left_out[name] = None
            if name not in KINDS:
                hint = "an item begins with intent, synonym, regex or lookup"
                raise self._fault(f"an item that begins with '{name}'", text, hint)

    def _within(self, text: str, indent: int) -> None:
        """A key of an intent, or of one of its examples in a list."""
        name, value = ("", "") if KEY.fullmatch(text) is None else self._key(text)
        if self._examples < 0:
            if name == "examples":
                self._examples, self._block = indent, bool(BLOCK.fullmatch(value))
                if value and not self._block:
                    raise self._fault("the examples are no block of lines", text, "write 'examples: |' above them")
            return
        dashed = text.lstrip().startswith("- ")
        if indent < self._examples or (indent == self._examples and not dashed):
            self._leave_examples()
            self._within(text, indent)
            return
        self._dash = indent if dashed and self._dash < 0 else self._dash
        if dashed and indent == self._dash:
            if name != "text" or not BLOCK.fullmatch(value):
                raise self._fault("an example that is no block", text, "write 'examples: |' above lines like '- hello'")
            self._text, self._had_text = indent + 2, False  # that of the key, behind the dash

    def _in_block(self, text: str, indent: int) -> str | None:
        """The example of a line of a block, where each begins with a dash."""
        if self._dash < 0:
            self._dash = indent
        inside = text.strip()
        if indent != self._dash or not inside.startswith("- "):
            if inside != "-":
                self._skip(self._fault("no example", text, "an example is a line of its own, '- to [Oslo](city)'"))
            return None
        return inside[2:].strip() or None

    def _of_text(self, text: str) -> str | None:
        """The example that is the block of a text, if this is its first line."""
        if self._had_text:
            self._skip(self._fault("an example of several lines", text, "an example is a line"))
            return None
        self._had_text = True
        return text.strip()

    def _leave_examples(self) -> None:
        self._examples, self._block, self._text, self._dash = -1, False, -1, -1

    def _key(self, text: str) -> tuple[str, str]:
        """The key of a line and what stands behind it, without a comment. Raises CorpusError for a line without one."""
        match = KEY.fullmatch(text)
        if match is None:
            raise self._fault("this is not the YAML of Rasa", text, "what is read are examples under 'nlu:'")
        return match[4], COMMENT.sub("", match[5] or "").strip()

    def _plain(self, value: str, text: str) -> str:
        """A name as it is meant. Raises CorpusError for what is more than words."""
        if quoted := QUOTED.fullmatch(value):
            return quoted[2]
        if not value or value[0] in ODD or ": " in value:
            raise self._fault("the intent is no plain name", text, "write '- intent: NAME'")
        return value

    def _fault(self, fact: str, text: str, hint: str) -> CorpusError:
        return CorpusError(fact, where=f"{self.source}:{self._at}", quote=[(self._at, text)], hint=hint)
