"""Describes a format: how it is read, how it is written, what its files are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple, Protocol, TypedDict, TypeVar

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.errors import CorpusError, NothingReadError
from rnntag.files.lines import undecoded
from rnntag.punctuation.marks import Marks
from rnntag.punctuation.task import Task

R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True)
class Reading:
    """How an input is to be read.

    tagged      its tags, and a fault where it has none; else they are part of what is kept
    token, tag  the columns of tokens and tags, where there are columns: a number from 1, or a name from the header; in
                records of JSON, what they are called there; None is the format's own choice
    sentence    the column that numbers sentences, likewise; None: blank lines part them, or the format knows
    names       what the numbers are called that stand for tags, from 0
    characters  raw text is cut at punctuation and in scripts without spaces as well; None is the format's own choice
    cut         how plain text is cut; None: as ``characters`` says
    task        what ordinary text is to teach, or has taught whoever is to tag it
    skip        gets what is wrong with a record, which is then left out; None: the fault is raised
    seen        gets the bytes of each read
    tell        gets what was guessed or left out
    """

    tagged: bool = False
    token: str | None = None
    tag: str | None = None
    sentence: str | None = None
    names: tuple[str, ...] | None = None
    characters: bool | None = None
    cut: Cut | None = None
    task: Task | None = None
    skip: Callable[[CorpusError], None] | None = None
    seen: Callable[[bytes], object] | None = None
    tell: Callable[[str], None] | None = None

    def fault(self, error: CorpusError) -> None:
        """Raise what is wrong with one record, or hand it on where such a record is left out.

        Raises that CorpusError.
        """
        if self.skip is None or isinstance(error, NothingReadError):
            raise error
        self.skip(error)

    def made(self, make: Callable[[R], T], records: Iterable[R]) -> Iterator[T]:
        """What is made of each record, but for those that end in a fault."""
        for record in records:
            try:
                found = make(record)
            except CorpusError as error:  # noqa: PERF203  each record has its own fault
                self.fault(error)
            else:
                yield found

    def numbered(self, lines: Iterable[str], number: int, source: str) -> Iterable[tuple[int, str]]:
        """Lines that are records with their numbers, the first of which this is; those that are no UTF-8 are faults."""
        pairs = enumerate(lines, number)
        return self._decoded(pairs, source) if self.skip else pairs

    def _decoded(self, pairs: Iterable[tuple[int, str]], source: str) -> Iterator[tuple[int, str]]:
        for at, line in pairs:
            if error := undecoded(line, source, at):
                self.fault(error)
            else:
                yield at, line

    def check_decoded(self, text: str, source: str, number: int) -> None:
        """Raise the fault of a text, read for a reader that skips, in which a byte is not UTF-8."""
        if self.skip and (error := undecoded(text, source, number)):
            raise error

    def note(self, sentence: str) -> None:
        """Tell what was guessed or left out, if anyone listens."""
        if self.tell is not None:
            self.tell(sentence)


UNTAGGED = Reading()
TAGGED = Reading(tagged=True)


class Reader(Protocol):
    """Takes lines and gives sentences, each as soon as it is complete. Raises CorpusError for faulty lines."""

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        """The sentences that are complete with these lines, of which the first has this number."""
        ...

    def close(self) -> Iterator[Sentence]:
        """The sentences that the end of the input completes."""
        ...


class RunningWriter(Protocol):
    """A writer to which the sentences of one output are one text."""

    def __call__(self, sentence: Sentence, scheme: Scheme) -> str: ...

    def close(self) -> str:
        """The text that the end of the output completes."""
        ...


Writer = Callable[[Sentence, Scheme], str]
Pieces = Callable[[Sentence, Scheme], dict[str, str]]


class TextStyle(TypedDict, total=False):
    """How sentences are written as running text; see `rnntag.formats.text.TextWriter`."""

    marks: Marks | None
    running: bool
    english: bool
    capitals: bool


class Format(NamedTuple):
    """A row of the table of formats. What reads and writes is named, ``module.name``, and loaded when it is wanted.

    about           what it is, in a few words, for help
    suffixes        how the names of its files end, ``.gz`` and the like taken off; of a folder, those in it
    reads           of a stream: a `Reader`, made with the name of the source and a `Reading`
    writes          from a sentence and its scheme to text, line ends included (`Writer`)
    writes_running  made for one output in its `TextStyle`; the same, as one text (`RunningWriter`)
    writes_counted  made for one output, whose sentences it counts; the same (`RunningWriter`)
    frame           what stands before all sentences, between two, and after all
    reads_file      of a file that is not lines: from its path and a `Reading` to lists of sentences
    reads_folder    of a folder of files: from its path and a `Reading` to lists of sentences
    writes_folder   made for one output; from a sentence to what it adds to each file of the folder (`Pieces`)
    certain         whether it can hold probabilities
    ends            the byte after which what is read may be cut, where lines may be of any length
    """

    about: str
    suffixes: tuple[str, ...] = ()
    reads: str = ""
    writes: str = ""
    writes_running: str = ""
    writes_counted: str = ""
    frame: tuple[str, str, str] = ("", "", "")
    reads_file: str = ""
    reads_folder: str = ""
    writes_folder: str = ""
    certain: bool = False
    ends: bytes = b"\n"

    @property
    def folder(self) -> bool:
        """Whether it is a folder of files, rather than one stream."""
        return bool(self.reads_folder)

    @property
    def reader(self) -> Callable[[str, Reading], Reader] | None:
        reader: Callable[[str, Reading], Reader] | None = _named(self.reads)
        return reader

    @property
    def writer(self) -> Writer | None:
        writer: Writer | None = _named(self.writes)
        return writer

    @property
    def running(self) -> Callable[..., RunningWriter] | None:
        writer: Callable[..., RunningWriter] | None = _named(self.writes_running)
        return writer

    @property
    def counted(self) -> Callable[[], RunningWriter] | None:
        writer: Callable[[], RunningWriter] | None = _named(self.writes_counted)
        return writer

    @property
    def read_file(self) -> Callable[[str, Reading], Iterator[Iterable[Sentence]]] | None:
        reader: Callable[[str, Reading], Iterator[Iterable[Sentence]]] | None = _named(self.reads_file)
        return reader

    @property
    def read_folder(self) -> Callable[[str, Reading], Iterator[Iterable[Sentence]]] | None:
        reader: Callable[[str, Reading], Iterator[Iterable[Sentence]]] | None = _named(self.reads_folder)
        return reader

    @property
    def pieces(self) -> Callable[[], Pieces] | None:
        writer: Callable[[], Pieces] | None = _named(self.writes_folder)
        return writer


@cache
def _named(place: str) -> Any:  # whoever asks knows its type
    """The class or function of this name in a module of this package; None for no name."""
    module, _, name = place.rpartition(".")
    return getattr(import_module(f"rnntag.formats.{module}"), name) if place else None
