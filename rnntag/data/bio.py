"""Schemes of tags: how one tag a token writes down spans, and which tag may follow which.

A tag is ``O`` or ``PREFIX-TYPE``. A scheme is a row of a table with three columns of prefixes: the ones it
has, the ones that carry on a span of the same type, and the ones that leave a span unfinished. Everything
else follows.

    bio      B-x opens a span, I-x carries it on (also called IOB2 or BIO2)
    bioes    as bio, but the last token is E-x and a span of one token is S-x
    bmes     bioes that writes M-x for I-x
    bilou    bioes that writes L-x for E-x and U-x for S-x
    iob1     I-x opens and carries on; B-x only parts a span from one of the same type right before it
    tokens   one tag a token, no spans of several: parts of speech, punctuation marks
    parts    as tokens, but a tag may be several joined by +: COMMA+CAP is a mark, and how the word is written

Reading spans is lenient and the same for all but ``tokens``: the rules of conlleval, the script of the
CoNLL-2000 shared task (Tjong Kim Sang and Buchholz 2000), by which an I-x after O starts a span. `check` is
the strict reader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rnntag.data.sentence import Span
from rnntag.errors import SpecError

SPAN_PREFIXES = frozenset("BIES")
OPEN = frozenset("BI")  # after these a span of the same type can go on
MEANT = {"M": "I", "L": "E", "U": "S"}  # what other letters stand for
MIXED = 100  # spans that open with I- for each B- that parts nothing: with fewer a corpus is not IOB1
CASES = CAPITAL, CAPITALS = "CAP", "CAPS"  # how a word was written, behind its mark: its first letter, or all of them

Transition = tuple[str | None, str | None]


@lru_cache(maxsize=4096)
def split(tag: str) -> tuple[str, str]:
    """The prefix of a tag, as B, I, E or S, and its type: what stands after the first hyphen."""
    prefix, _, kind = tag.partition("-")
    return MEANT.get(prefix, prefix), kind


def read_spans(tags: Sequence[str]) -> list[Span]:
    """The spans conlleval sees in any tags, however ill-formed.

    The script knows no S, and no B after an E of the same type; both open a span here, as in seqeval.
    """
    spans = []
    start, label = 0, None  # label is None while no span is open
    for index, tag in enumerate(tags):
        prefix, kind = split(tag)
        if label is not None and not (kind == label and prefix in ("I", "E")):
            spans.append(Span(start, index, label))
            label = None
        if label is None and prefix in SPAN_PREFIXES:
            start, label = index, kind
        if label is not None and prefix in ("E", "S"):
            spans.append(Span(start, index + 1, label))
            label = None
    if label is not None:
        spans.append(Span(start, len(tags), label))
    return spans


@dataclass(frozen=True, eq=False)  # those below are all there are: compared and hashed by identity
class Scheme:
    """One way of writing spans as tags.

    name        as users write it
    prefixes    those it knows besides O; none means that a tag has no parts
    carrying    those that must follow an open span of their own type
    unfinished  those that must be followed by a carrying tag of their own type
    letters     how the prefixes are written, each after the one it stands for, where that is another
    joint       what joins several tags of one token
    """

    name: str
    prefixes: frozenset[str]
    carrying: frozenset[str] = frozenset()
    unfinished: frozenset[str] = frozenset()
    letters: str = ""
    joint: str = ""

    def __reduce__(self) -> tuple[Callable[[str], Scheme | None], tuple[str]]:
        """Pickled by name: in another process it is the one of that process."""
        return named, (self.name,)

    def tag(self, prefix: str, kind: str) -> str:
        """The tag of a prefix and a type."""
        place = self.letters[::2].find(prefix)
        return f"{prefix if place < 0 else self.letters[2 * place + 1]}-{kind}"

    def knows(self, tag: str) -> bool:
        """Whether this is a tag of the scheme at all."""
        if not self.prefixes or tag == "O":
            return True
        prefix, kind = split(tag)
        return prefix in self.prefixes and self.tag(prefix, kind) == tag

    def allowed(self, previous: str | None, following: str | None) -> bool:
        """Whether ``following`` may come right after ``previous``; None is the border of the sentence."""
        before, before_kind = split(previous) if previous is not None else ("", "")
        after, after_kind = split(following) if following is not None else ("", "")
        if following is not None and not self.knows(following):
            return False
        if after in self.carrying:
            return before in OPEN and before_kind == after_kind
        return before not in self.unfinished

    def legal(self, tags: Sequence[str]) -> tuple[list[list[bool]], list[bool], list[bool]]:
        """The transitions that a set of Y tags allows: which tag may follow which, begin a sentence, and end one.

        transitions  [Y][Y]  whether the tag of the column may follow the tag of the row
        begin        [Y]     whether the tag may open a sentence
        end          [Y]     whether the tag may close a sentence

        A tag from which no end can be reached (B-x in BIOES where the set has no E-x) may not be entered, so
        whoever follows the transitions never has to go back.
        """
        parts = [split(tag) for tag in tags]
        # What carries a span on may do so right after any open tag of its type: one that finishes is enough.
        finished = {
            kind
            for tag, (prefix, kind) in zip(tags, parts, strict=True)
            if prefix in self.carrying - self.unfinished and self.knows(tag)
        }
        useful = [
            self.knows(tag) and (prefix not in self.unfinished or kind in finished)
            for tag, (prefix, kind) in zip(tags, parts, strict=True)
        ]
        begin = [use and prefix not in self.carrying for use, (prefix, _) in zip(useful, parts, strict=True)]
        end = [prefix not in self.unfinished for prefix, _ in parts]
        columns: dict[str, list[int]] = {}  # the carrying tags of each type
        for column, (prefix, kind) in enumerate(parts):
            if prefix in self.carrying and useful[column]:
                columns.setdefault(kind, []).append(column)
        transitions = []
        for prefix, kind in parts:
            row = [False] * len(tags) if prefix in self.unfinished else begin.copy()
            if prefix in OPEN:
                for column in columns.get(kind, ()):
                    row[column] = True
            transitions.append(row)
        return transitions, begin, end

    def spans(self, tags: Sequence[str]) -> list[Span]:
        """The spans that these tags write down, in order."""
        if self.prefixes:
            return read_spans(tags)
        if self.joint:
            return [
                Span(at, at + 1, part) for at, tag in enumerate(tags) for part in tag.split(self.joint) if part != "O"
            ]
        return [Span(index, index + 1, tag) for index, tag in enumerate(tags) if tag != "O"]

    def tags(self, spans: Iterable[Span], length: int) -> list[str]:
        """The tags that write down these spans, which are in order and do not overlap."""
        tags = ["O"] * length
        for start, end, label in spans:
            if not self.prefixes:
                known = tags[start] if self.joint else "O"
                tags[start:end] = [label if known == "O" else f"{known}{self.joint}{label}"] * (end - start)
                continue
            tags[start:end] = [self.tag("I", label)] * (end - start)
            if self.allowed(tags[start - 1] if start else None, f"B-{label}"):
                tags[start] = f"B-{label}"
            if "E" in self.prefixes:
                tags[end - 1] = self.tag("E" if end - start > 1 else "S", label)
        return tags

    def rewritten(self, tags: Sequence[str], scheme: Scheme) -> list[str]:
        """The spans that tags of this scheme write down, written in another."""
        return list(tags) if scheme is self else scheme.tags(self.spans(tags), len(tags))


SCHEMES = {
    scheme.name: scheme
    for scheme in (
        Scheme("bio", prefixes=frozenset("BI"), carrying=frozenset("I")),
        *(
            Scheme(name, frozenset("BIES"), carrying=frozenset("IE"), unfinished=frozenset("BI"), letters=letters)
            for name, letters in (("bioes", ""), ("bmes", "IM"), ("bilou", "ELSU"))
        ),
        Scheme("iob1", prefixes=frozenset("BI"), carrying=frozenset("B")),
        Scheme("tokens", prefixes=frozenset()),
        Scheme("parts", prefixes=frozenset(), joint="+"),
    )
}


def named(name: str) -> Scheme | None:
    """The scheme of this name; None for ``auto``, which is to recognise it. Raises SpecError for any other."""
    if name not in SCHEMES and name != "auto":
        raise SpecError(f"'{name}' is not a scheme", hint=f"there are: auto, {', '.join(SCHEMES)}")
    return SCHEMES.get(name)


def transitions(tags: Sequence[str]) -> Iterable[Transition]:
    """Each tag with the one before it; None is the border of the sentence."""
    return zip((None, *tags), (*tags, None), strict=True)


def detect(taggings: Iterable[Sequence[str]]) -> Scheme:
    """The scheme that the tags of a corpus are written in, as `detect_from` sees it."""
    counts: Counter[Transition] = Counter()
    for tags in taggings:
        counts.update(transitions(tags))
    return detect_from(counts)


def detect_from(counts: Mapping[Transition, int]) -> Scheme:
    """The scheme of a corpus in which transitions are so frequent.

    Where most tags are neither O nor PREFIX-TYPE it is ``tokens``, or ``parts`` if some end in +CAP or +CAPS; a few
    odd ones among many of that form are faults, for `check` to report. Else it is the scheme that the corpus breaks
    least often, so that no slip among many sound tags makes another one of it. What mixes ``iob1`` with ``bio`` is
    ``bio``: a B- that opens a span is right to whoever reads it.
    """
    distinct = {tag for _, tag in counts if tag is not None} - {"O"}
    spans = {tag for tag in distinct if split(tag)[0] in SPAN_PREFIXES and split(tag)[1]}
    if len(spans) < len(distinct) and len(spans) <= len(distinct) / 2:
        parts = {part for tag in distinct for part in tag.split("+")[1:]}
        return SCHEMES["parts" if parts and parts <= set(CASES) else "tokens"]

    def broken(name: str) -> tuple[int, int]:
        """How often a scheme is broken, and by how many tags that it does not have."""
        scheme = SCHEMES[name]
        often = sum(count for pair, count in counts.items() if not scheme.allowed(*pair))
        return often, sum(not scheme.knows(tag) for tag in distinct)

    faults, _ = broken("bio")
    if not faults:
        return SCHEMES["bio"]
    best = min(("bio", "bioes", "bmes", "bilou"), key=broken)
    return SCHEMES["iob1" if best == "bio" and broken("iob1")[0] * MIXED <= faults else best]
