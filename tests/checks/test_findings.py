"""Findings as lines and as records, and how many of a kind are shown."""

from checking import folder  # noqa: F401  a fixture

from rnntag.checks import Change, Finding
from rnntag.checks.findings import KINDS, MENDABLE, Digest

# What is told.


def test_of_many_of_a_kind_the_first_and_the_number_are_shown():
    found = [Finding(f"f:{number}", kind, "x") for kind in ("repeat", "orphan") for number in range(1, 14)]
    digest, every = Digest(), Digest(every=True)
    for each in found:
        digest.add(each)
        every.add(each)
    assert [str(each) for each in digest] == [
        *(f"f:{number}: orphan: x" for number in range(1, 11)),
        "f:11: orphan: and 3 more from here on; --all shows each",
        *(f"f:{number}: repeat: x" for number in range(1, 4)),
        "f:4: repeat: and 10 more from here on; --all shows each",
    ]
    assert list(every) == [*found[13:], *found[:13]]
    assert digest.counts == every.counts == {"repeat": 13, "orphan": 13}
    one_more = Digest()
    for each in found[:4]:
        one_more.add(each)
    assert list(one_more) == found[:4]  # the line that counts one would be no shorter


def test_kinds_are_errors_or_notes():
    assert set(KINDS.values()) == {"error", "note"}
    assert KINDS.keys() >= MENDABLE


def test_a_record_has_the_place_in_parts():
    assert Finding("a:b.conll:7", "leak", "x").record() == {
        "file": "a:b.conll",
        "line": 7,
        "severity": "note",
        "kind": "leak",
        "fact": "x",
        "hint": None,
    }
    assert Change("f:7", "a\tO", "b\tO").record() == {
        "file": "f",
        "line": 7,
        "severity": "change",
        "kind": "mended",
        "before": "a\tO",
        "after": "b\tO",
    }
