"""Reads the training data of Rasa: examples under intents, with entities marked in their text.

    nlu:                                        ## intent:book_flight
    - intent: book_flight                       - to [Oslo](city)
      examples: |                               - from [Rome]{"entity": "city", "role": "from"}
        - to [Oslo](city)
        - from [Rome]{"entity": "city", "role": "from"}

The left is YAML, of which the part is read that Rasa writes; the right is Markdown, as Rasa had it before. An entity
with a role is a label of its own, ``city.from``, and so is one with a group. A value, and all that is no example
(synonyms, lookup tables, regular expressions, stories), is left out and told.

https://rasa.com/docs/rasa/training-data-format, and the expression of rasa/shared/nlu/training_data/entities_parser.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.errors import CorpusError
from rnntag.files.lines import undecoded
from rnntag.formats.charspans import CharSpan, annotated
from rnntag.formats.rasa_yaml import Example, YamlExamples
from rnntag.formats.table_row import UNTAGGED, Reading

ENTITY = re.compile(r"\[([^\[\]]+)\](?:\(([^:)]+?)(?::([^)]+))?\)|\{([^}]+?)\}|(\[\s*\{.*?\}\s*\]))")
HEADING = re.compile(r"##+\s*(intent|synonym|regex|lookup)\s*:\s*(.+?)\s*")
ITEM = re.compile(r"\s*[-*+]\s+(.*\S)\s*")
LABEL = re.compile(r"\S+")
TELLING = re.compile(r"(?!\s*#(?!#))\s*\S")  # a line that tells Markdown from YAML: not blank, and no comment of YAML


class RasaReader:
    """Reads an example as a sentence."""

    def __init__(self, source: str, reading: Reading = UNTAGGED) -> None:
        self.source, self.reading = source, reading
        self.cut = reading.cut or Cut(reading.characters is not False)
        self._examples: YamlExamples | MarkdownExamples | None = None  # not known yet
        self._values = self._brackets = 0  # of entities; that belong to no mark
        self._first = ""  # place of the first such bracket
        self._found = 0

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        if self._examples is None and (first := next(filter(TELLING.match, lines), None)):
            kind = MarkdownExamples if first.startswith(("##", "<!--")) else YamlExamples
            self._examples = kind(self.source, self.reading.fault)
        if self._examples:
            yield from self._sentences(self._examples.feed(number, lines))

    def close(self) -> Iterator[Sentence]:
        if self._examples:
            yield from self._sentences(self._examples.close())
            self._tell(self._examples)

    def _sentences(self, examples: Iterator[Example]) -> Iterator[Sentence]:
        for example in examples:
            self._found += 1
            try:
                if error := undecoded(f"{example.text}\t{example.intent}", self.source, example.line):
                    raise error
                text, spans = self._parted(example)
                intent, line = example.intent, example.line
                sentence = annotated(text, spans, self.cut, self.source, line, intent=intent)
            except CorpusError as error:
                self.reading.fault(error)
            else:
                yield sentence

    def _parted(self, example: Example) -> tuple[str, list[CharSpan]]:
        """The text of an example without its marks, and what they mark. Raises CorpusError for one without entity."""
        pieces: list[str] = []
        spans: list[CharSpan] = []
        done = length = 0
        for match in ENTITY.finditer(example.text):
            before, words = example.text[done : match.start()], match[1]
            self._look_for_brackets(before, example)
            length += len(before)
            spans.append(CharSpan(length, length + len(words), self._label(match, example)))
            pieces += (before, words)
            length += len(words)
            done = match.end()
        self._look_for_brackets(example.text[done:], example)
        return "".join((*pieces, example.text[done:])), spans

    def _look_for_brackets(self, text: str, example: Example) -> None:
        if "[" in text or "]" in text:
            self._first = self._first or f"{self.source}:{example.line}"
            self._brackets += 1

    def _label(self, match: re.Match[str], example: Example) -> str:
        """The label of a mark. Raises CorpusError for one that does not say its entity."""
        name, value, object_, several = match.group(2, 3, 4, 5)
        role = group = None
        if name is None:
            try:
                found = json.loads(several or f"{{{object_}}}")
            except (ValueError, RecursionError):
                found = None
            if type(found) is list and len(found) == 1:
                found = found[0]
            if type(found) is list:
                fact = f"'{match[1]}' is marked as several entities"
                hint = "a token has one tag: entities that lie in one another need a corpus each"
                raise self._fault(fact, hint, example)
            parts = found if type(found) is dict else {}
            name, value, role, group = map(parts.get, ("entity", "value", "role", "group"))
        self._values += value is not None
        labels = [part for part in (name, role, group) if part is not None]
        if type(name) is not str or not all(type(part) is str and LABEL.fullmatch(part) for part in labels):
            hint = 'a mark is [Oslo](city) or [Oslo]{"entity": "city", "role": "to"}, and names are words'
            raise self._fault(f"the mark on '{match[1]}' names no entity", hint, example)
        return ".".join(labels)

    def _fault(self, fact: str, hint: str, example: Example) -> CorpusError:
        where, quote = f"{self.source}:{example.line}", [(example.line, example.text)]
        return CorpusError(fact, where=where, quote=quote, hint=hint)

    def _tell(self, examples: YamlExamples | MarkdownExamples) -> None:
        """Tell what was left out. Raises CorpusError where there was no example."""
        others = ", ".join(examples.left_out)
        if not self._found:
            hint = f"what is there: {others}" if others else "examples stand under 'nlu:' and '- intent: NAME'"
            raise CorpusError("no examples of intents", where=self.source, hint=hint)
        if others:
            self.reading.note(f"{self.source}: only examples of intents are read, not: {others}")
        if self._values:
            self.reading.note(f"{self.source}: values of entities are left out ({self._values})")
        if self._brackets:
            fact = f"{self._first}: brackets that belong to no mark are taken as text"
            self.reading.note(fact + f" ({self._brackets} places)" * (self._brackets > 1))


class MarkdownExamples:
    """Finds examples in Markdown.

    fault     gets what is wrong with an example, which is then left out
    left_out  what else there is, each kind once
    """

    def __init__(self, source: str, fault: Callable[[CorpusError], None]) -> None:
        self.source, self._skip = source, fault
        self.left_out: dict[str, None] = {}
        self._intent: str | None = None  # None: what comes is no example
        self._comment = False

    def feed(self, number: int, lines: list[str]) -> Iterator[Example]:
        """The examples in these lines, of which the first has this number."""
        for at, line in enumerate(lines, number):
            if self._is_comment(line):
                continue
            if heading := HEADING.fullmatch(line):
                self._intent = heading[2] if heading[1] == "intent" else None
                if self._intent is None:
                    self.left_out[heading[1]] = None
            elif line.startswith("#"):
                self._intent = None
            elif self._intent is not None and line.strip():
                if item := ITEM.fullmatch(line):
                    yield Example(item[1], self._intent, at)
                else:
                    hint = "an example is '- to [Oslo](city)'"
                    self._skip(CorpusError("no example", where=f"{self.source}:{at}", quote=[(at, line)], hint=hint))

    def close(self) -> Iterator[Example]:
        return iter(())

    def _is_comment(self, line: str) -> bool:
        """Whether a line is part of ``<!-- ... -->``."""
        begins = self._comment or line.lstrip().startswith("<!--")
        self._comment = begins and "-->" not in line
        return begins
