"""What a format is: how it is read, how it is written, what its files are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from rnntag.scheme import Scheme
from rnntag.sentence import Sentence


@dataclass(frozen=True)
class Reading:
    """What is wanted of an input.

    tagged      its tags, and a fault where it has none; else they are part of what is kept
    token, tag  the columns of tokens and tags, where there are columns: a number from 1, or a name from the header;
                None is the format's own choice
    characters  raw text is cut at punctuation and in scripts without spaces as well; None is the format's own choice
    """

    tagged: bool = False
    token: str | None = None
    tag: str | None = None
    characters: bool | None = None


UNTAGGED = Reading()
TAGGED = Reading(tagged=True)


class Reader(Protocol):
    """Lines in, sentences out, as soon as they are complete."""

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        """The sentences that are complete with these lines, of which the first has this number."""
        ...

    def close(self) -> Iterator[Sentence]:
        """What is left at the end of the input."""
        ...


Writer = Callable[[Sentence, Scheme], str]
Pieces = Callable[[Sentence, Scheme], dict[str, str]]


class Format(NamedTuple):
    """A row of the table of formats.

    about         what it is, in a few words, for help
    suffixes      how the names of its files end, ``.gz`` and the like taken off; of a folder, those in it
    reader        made with the name of the source and what is wanted
    writer        from a sentence and its scheme to text, line ends included
    frame         what stands before all sentences, between two, and after all
    folder        whether it is a folder of files, rather than one stream; then the two below take the place of
                  reader and writer
    read_folder   the sentences of a folder
    pieces        made for one output; from a sentence to what it adds to each file of the folder, by the file's name
    certain       whether it can hold probabilities
    """

    about: str
    suffixes: tuple[str, ...] = ()
    reader: Callable[[str, Reading], Reader] | None = None
    writer: Writer | None = None
    frame: tuple[str, str, str] = ("", "", "")
    read_folder: Callable[[str, Reading], Iterator[Iterable[Sentence]]] | None = None
    pieces: Callable[[], Pieces] | None = None
    certain: bool = False

    @property
    def folder(self) -> bool:
        return self.read_folder is not None
