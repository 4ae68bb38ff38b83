"""Knows what tools call the columns of a table of tokens, and so which row is a header and what stands where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

# Names as `plain_name` has them. Of several columns that could hold the tags the one named first here is taken: whoever
# has entities beside parts of speech trains on the entities.
TOKENS = "token tokens word words form forms wordform surface surface_form term tok wort mot palabra"
WHOLE = "text sentence sentences utterance query question message content"  # of rows that are sentences
TAGS = (
    "tag tags ner ner_tag ner_tags ner_label label labels entity entities entity_type ne named_entity slot slots "
    "slot_tag slot_tags bio bio_tag iob iob_tag iob2 bioes tag_label gold gold_tag chunk chunks chunk_tag chunk_tags "
    "punct punctuation upos pos pos_tag pos_tags tag_pos xpos"
)
SENTENCES = (
    "sentence sentence_id sentence_idx sentence_index sentence_number sentence_no sentence_num sent sent_id sent_idx "
    "sent_index sent_number sent_no sent_num sentid sentenceid sid s_id utterance utterance_id utt utt_id"
)
TEXTS = "doc doc_id docid document document_id text_id paragraph paragraph_id par_id file file_id filename"
ROLES = {
    "token": [*TOKENS.split(), *WHOLE.split()],
    "tag": TAGS.split(),
    "sentence": SENTENCES.split(),
    "text": TEXTS.split(),
    "intent": ["intent", "intents"],
}
SEPARATORS = (",", ";", "\t", "|")
SIGNS = re.compile(r"\W+")


class Header(NamedTuple):
    """Where the columns of a table are; those that it does not have are None.

    names  what each is called
    text   the one that numbers texts, each of several sentences
    """

    names: list[str]
    token: int | None = None
    tag: int | None = None
    sentence: int | None = None
    text: int | None = None
    intent: int | None = None

    @property
    def borders(self) -> list[int]:
        """The columns whose changes part sentences."""
        return [place for place in (self.text, self.sentence) if place is not None]

    @property
    def others(self) -> list[str]:
        """The names of columns that may hold tags as well as the one that was taken."""
        taken = (self.token, self.tag, *self.borders)
        return [name for at, name in enumerate(self.names) if at not in taken and plain_name(name) in ROLES["tag"]]

    @property
    def is_of_sentences(self) -> bool:
        """Whether the column of tokens is called as one whose cells are sentences."""
        return self.token is not None and plain_name(self.names[self.token]) in WHOLE.split()


def recognised(cells: Sequence[str]) -> Header:
    """The header that a row of cells is, as far as its names are known."""
    names = [plain_name(cell) for cell in cells]
    exact = [cell.strip().casefold() for cell in cells]  # of "Sentence #" and "Sentence" the second has the text
    places: dict[str, int | None] = {}
    for role, known in ROLES.items():
        ways = (names, exact) if role == "sentence" else (exact, names)
        found = (at for name in known for way in ways for at, other in enumerate(way) if other == name)
        places[role] = next((at for at in found if at not in places.values()), None)
    return Header(list(cells), **places)


def header_separator(line: str) -> str | None:
    """What parts the names of a line that names columns of tokens and of tags; None for any other line."""
    for separator in filter(line.__contains__, SEPARATORS):
        header = recognised([cell.strip(' "') for cell in line.split(separator)])
        if header.token is not None and header.tag is not None:
            return separator
    return None


def separator_of(line: str) -> str:
    """What parts the cells of a line: what makes it a header, else what stands there most often."""
    return header_separator(line) or max(SEPARATORS, key=line.count)


def plain_name(name: str) -> str:
    """A name without its signs, in small letters: ``Sentence #`` is ``sentence``, ``NER Tag`` is ``ner_tag``."""
    return SIGNS.sub("_", name.strip()).strip("_").casefold()
