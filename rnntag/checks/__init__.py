"""Checks corpora: all that is wrong with files of tagged sentences, and mended copies of them.

A file is read more than once: first to see how many columns it has and in which scheme it is tagged, then to judge
each line by that. Of columns no more than a hash of each sentence is kept; other formats are held in memory.

    findings     what is found, and which of it is shown
    columns      lines of columns, whatever is wrong with them
    characters   characters that nobody meant
    tags         schemes and labels
    duplicates   sentences that stand somewhere twice
    mending      lines as they should have been
    sources      files that can be read again
    report       what is found in several files, counted

Its face: `Checks`, `COLUMNS`, `Finding`, `Change`; `Report` (report).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from rnntag import formats
from rnntag.checks import columns, tags
from rnntag.checks.characters import CharacterCheck, not_in_nfc
from rnntag.checks.duplicates import Duplicates
from rnntag.checks.findings import Change, Finding, quoted
from rnntag.checks.sources import ColumnFile, ParsedFile, rewindable
from rnntag.corpora.tally import DOCUMENT
from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.formats import TAGGED, Reading

__all__ = ["COLUMNS", "Change", "Checks", "Finding"]

COLUMNS = "conll"  # the format that is read line by line, and that can be mended
LONG = 1000  # characters of a token
CONVERSION = "convert the file first: iconv -f latin1 -t utf-8"


class Checks:
    """Checks files, one after the other, and then what only all of them together tell.

    scheme     what the tags mean; None is to recognise it, file by file
    reading    which columns hold tokens and tags, and the like
    sentences  how many have been read
    tokens     how many have been read
    """

    def __init__(self, scheme: Scheme | None = None, reading: Reading = TAGGED) -> None:
        self.scheme, self.reading = scheme, reading
        self.sentences, self.tokens = 0, 0
        self._files: list[tuple[str, tags.TransitionCounts, Scheme]] = []
        self._labels: dict[str, tags.Label] = {}
        self._duplicates, self._characters = Duplicates(), CharacterCheck()

    def file(self, path: str, format: str, copy: BinaryIO | None = None) -> Iterator[Finding | Change]:
        """What is wrong with a file (``-`` is standard input).

        copy  where the mended lines go, of columns only; then it is the copy that is judged, and what was changed for
              it comes as well

        Raises CorpusError for a file that cannot be opened, or cannot be mended because it is no text.
        """
        if format != COLUMNS or (self.reading.sentence and copy is None):
            yield from self._parsed(ParsedFile(path, format, self.reading))
            return
        with rewindable(path) as stream:
            source = formats.source_name(path)
            fault = columns.foreign(stream, source, named=bool(self.reading.token or self.reading.tag))
            if fault and copy is not None:
                raise CorpusError(fault.fact, where=fault.where, hint=fault.hint)
            if fault:
                yield fault
            else:
                yield from self._columns(ColumnFile(stream, source, self.reading, mend=copy is not None), copy)

    @property
    def schemes(self) -> list[str]:
        """Names of the schemes of the files, each once."""
        return list(dict.fromkeys(scheme.name for _, _, scheme in self._files))

    def close(self) -> Iterator[Finding]:
        """What is wrong with all files together."""
        yield from tags.mixed_schemes(self._files)
        yield from self._duplicates.disagreement()
        yield from tags.rare_labels(self._labels)

    def _columns(self, file: ColumnFile, copy: BinaryIO | None) -> Iterator[Finding | Change]:
        """What is wrong with a file of columns, and what is changed in its copy."""
        survey = _Survey(file.source, file.sentences, self.scheme)
        self._register(survey)
        if copy is None:
            yield from survey.mixed
            for block in file.blocks():
                yield from self._block(block, file, survey)
            yield from columns.line_faults(file.lines, file.source)
        else:
            for block, changes in file.mended(survey.scheme, survey.broken, copy):
                yield from changes
                yield from self._block(block, file, survey)
            yield from file.mended_ends()
        yield from columns.layout_faults(file.layout, file.source)

    def _block(self, block: columns.Block, file: ColumnFile, survey: _Survey) -> Iterator[Finding]:
        """What is wrong with the lines of a sentence."""
        for index, kind, fact in self._characters.faults([*block.comments, *block.rows]):
            hint = CONVERSION if kind == "encoding" else None
            yield Finding(f"{file.source}:{block.line + index}", kind, fact, hint)
        if block.rows:
            found = file.layout.sentence(block)
            yield from columns.row_faults(block, found, file.layout)
            yield from self._sentence(found, survey)

    def _parsed(self, read: ParsedFile) -> Iterator[Finding]:
        """What is wrong with a file of another format."""
        for fault in read.faults:
            yield Finding(fault.where or read.source, "format", fault.fact, fault.hint)
        survey = _Survey(read.source, read.sentences, self.scheme)
        self._register(survey)
        yield from survey.mixed
        for found in read.sentences():
            rows = list(map("\t".join, zip(found.tokens, found.tags or (), strict=True)))
            for index, kind, fact in self._characters.faults(rows):
                yield Finding(found.where(index), kind, fact)
            yield from self._sentence(found, survey)

    def _register(self, survey: _Survey) -> None:
        """Take notice of the scheme and the labels of a file."""
        self._files.append((survey.source, survey.counts, survey.scheme))
        for label, (spans, where) in survey.counts.labels(survey.scheme).items():
            before = self._labels.get(label, tags.Label(0, where))
            self._labels[label] = tags.Label(before.spans + spans, before.where)

    def _sentence(self, found: Sentence, survey: _Survey) -> Iterator[Finding]:
        """What is wrong with a sentence, whatever the format it came in."""
        self.sentences += 1
        self.tokens += len(found)
        if len(found) > DOCUMENT:
            yield Finding(found.where(), "length", f"a sentence of {len(found)} tokens", "a blank line ends a sentence")
        if max(map(len, found.tokens)) > LONG:
            index, token = next((at, token) for at, token in enumerate(found.tokens) if len(token) > LONG)
            yield Finding(found.where(index), "length", f"a token of {len(token)} characters, {quoted(token)}")
        if survey.not_nfc:
            yield from survey.other_forms(found)
        if survey.broken or not tags.is_tagged(found):
            yield from tags.orphans(survey.scheme, found)
        yield from self._duplicates.add(found)


class _Survey:
    """What must be known of a whole file before its sentences can be judged.

    counts   which tag follows which
    scheme   what most sentences keep to
    broken   transitions that it does not allow
    mixed    whether other sentences keep to another
    not_nfc  places of the tokens that are not in NFC, by the form they have there
    """

    def __init__(self, source: str, read: Callable[[], Iterable[Sentence]], scheme: Scheme | None) -> None:
        self.source, self.counts = source, tags.TransitionCounts()
        self.mixed: list[Finding] = []
        self.not_nfc: dict[str, str] = {}
        for found in read():
            self.counts.add(found)
            for index, form in not_in_nfc(found.tokens):
                self.not_nfc.setdefault(form, found.where(index))
        self.scheme = scheme or self.counts.scheme()
        self.broken = self.counts.broken(self.scheme)
        if self.broken and not scheme:
            self.scheme, self.mixed = tags.prevailing(self.counts, self.scheme, read())
            self.broken = self.counts.broken(self.scheme)

    def other_forms(self, found: Sentence) -> Iterator[Finding]:
        """The words that stand elsewhere in another form than NFC; each comes once."""
        for form in dict.fromkeys(found.tokens):
            if form in self.not_nfc:
                fact = f"{quoted(form)} is in NFC here but not in {self.not_nfc.pop(form)}: two words to the network"
                yield Finding(found.where(found.tokens.index(form)), "nfc", fact)
