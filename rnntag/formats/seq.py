"""Reads and writes folders of three files in step, a sentence a line, in which the corpora of slot filling come.

    seq.in    flights from new york     words, parted by white space
    seq.out   O O B-city I-city         a tag a word
    label     flight                    the intent; a corpus without intents lacks the file

Where tags are not asked for, seq.out may be missing too. Goo et al., "Slot-gated modeling for joint slot filling and
intent prediction", NAACL 2018, and those who came after.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.files.lines import bursts
from rnntag.files.sources import check_source, lines_of, open_source
from rnntag.formats.columns import check_intent, check_tags
from rnntag.formats.table_row import Reading

WORDS, TAGS, INTENTS = "seq.in", "seq.out", "label"
IN_STEP = "each line of the one has its line in the other"


def read_seq(path: str, reading: Reading) -> Iterator[Iterable[Sentence]]:
    """The sentences of a folder. Raises CorpusError where its files are not in step."""
    source, beside = os.path.join(path, WORDS), _Beside(path, reading)
    with open_source(source) as stream:
        for number, lines in bursts(stream, source, lenient=reading.skip is not None, seen=reading.seen):
            yield reading.made(beside.sentence, enumerate(lines, number))
    beside.close()


class _Beside:
    """Reads the other files in step with the words."""

    def __init__(self, path: str, reading: Reading) -> None:
        self.path, self.number, self._reading = path, 0, reading
        needed = {TAGS: reading.tagged, INTENTS: False}
        paths = {name: os.path.join(path, name) for name in needed}
        there = [name for name in needed if needed[name] or os.path.exists(paths[name])]
        for name in there:
            check_source(paths[name])
        self.lines = {name: lines_of(paths[name], reading.skip is not None, reading.seen) for name in there}

    def sentence(self, numbered: tuple[int, str]) -> Sentence:
        """The sentence of a line of words, and of the same line of the other files."""
        number, line = numbered
        self.number = number
        tokens, found = line.split(), {name: next(lines, None) for name, lines in self.lines.items()}
        for name, other in {WORDS: line, **found}.items():
            self._reading.check_decoded(other or "", os.path.join(self.path, name), number)
            if other is None and tokens:
                raise self._fault(name, number, f"the file has ended, but {WORDS} has this line", IN_STEP, [line])
        tags = (found[TAGS] or "").split() if TAGS in found else None
        if tags is not None and len(tags) != len(tokens):
            fact = f"{len(tags)} tag{'s' * (len(tags) != 1)}, but {len(tokens)} word{'s' * (len(tokens) != 1)}"
            hint = "each word of a line has its tag in the other file"
            raise self._fault(TAGS, number, fact, hint, [line, found[TAGS] or ""])
        intent = (found.get(INTENTS) or "").strip() or None
        return Sentence(tokens, tags, source=os.path.join(self.path, WORDS), line=number, intent=intent)

    def close(self) -> None:
        """Raise CorpusError if more than blank lines are left."""
        for name, lines in self.lines.items():
            for number, line in enumerate(lines, self.number + 1):
                if line.strip():
                    fact = f"one line more than {WORDS} has"
                    self._reading.fault(self._fault(name, number, fact, IN_STEP, [line]))

    def _fault(self, name: str, number: int, fact: str, hint: str, lines: list[str]) -> CorpusError:
        where = f"{os.path.join(self.path, name)}:{number}"
        return CorpusError(fact, where=where, quote=[(number, line) for line in lines], hint=hint)


class SeqPieces:
    """Writes sentences as lines of the files; one that begins later gets blank lines for what was before."""

    def __init__(self) -> None:
        self.count = 0  # sentences
        self.begun: set[str] = set()
        self.tagged: bool | None = None  # whether sentences have tags, as soon as one has words

    def __call__(self, sentence: Sentence, scheme: Scheme) -> dict[str, str]:
        _check(sentence)
        tags = sentence.tags
        if sentence.tokens:
            if self.tagged is not None and self.tagged != (tags is not None):
                fact = "this sentence has no tags, but others have" if self.tagged else "only some sentences have tags"
                raise CorpusError(fact, where=sentence.where(), hint=f"{TAGS} has tags for all words, or is missing")
            self.tagged = tags is not None
        lines = {
            WORDS: " ".join(sentence.tokens),
            TAGS: None if tags is None else " ".join(tags),
            INTENTS: sentence.intent,
        }
        pieces = {}
        for name, line in lines.items():
            if line is not None or name in self.begun:
                pieces[name] = "\n" * (0 if name in self.begun else self.count) + f"{line or ''}\n"
                self.begun.add(name)
        self.count += 1
        return pieces


def _check(sentence: Sentence) -> None:
    """Raise CorpusError for what cannot stand in a line."""
    tokens = sentence.tokens
    if " ".join(tokens).split() != tokens:
        broken = next(token for token in tokens if token.split() != [token])
        hint = "white space parts the words of a line"
        raise CorpusError(f"token {broken!r} cannot stand in {WORDS}", where=sentence.where(), hint=hint)
    check_tags(sentence)
    check_intent(sentence)
