"""A mended copy is sound, keeps the number of each line, and is not changed when mended again."""

import re
from itertools import pairwise

import pytest
from checking import (
    FILES,
    IDENTITY,
    TAGS,
    findings,
    folder,  # noqa: F401  a fixture
    mended,
    rows,
    sound,
    tagged,
    written,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnntag.checks import characters
from rnntag.checks.findings import MENDABLE
from rnntag.data.bio import SCHEMES
from rnntag.formats import read_corpus

EACH_SCHEME = st.sampled_from([None, *SCHEMES])


@settings(deadline=None, max_examples=400)
@given(FILES, EACH_SCHEME)
@example("\tO\né\xa0\x92", None)  # UTF-8 read as Latin-1, and parted it would be no more
def test_mending_again_changes_nothing_and_a_line_keeps_its_number(text, scheme):
    copy, changes, _ = mended(text, scheme)
    again, none, _ = mended(copy, scheme)
    assert again == copy
    assert none == []
    before, after = (data.removeprefix("\ufeff").replace("\r\n", "\n").split("\n") for data in (text, copy))
    before[-1] = before[-1].removesuffix("\r")
    places = [number for number, (old, new) in enumerate(zip(before, after, strict=True), 1) if old != new]
    lines = [change for change in changes if change.before != "a byte order mark" and "in all)" not in change.before]
    assert [change.where for change in lines] == [f"train.conll:{number}" for number in places]
    assert [(change.before, change.after) for change in lines] == [(before[n - 1], after[n - 1]) for n in places]


@settings(deadline=None, max_examples=400)
@given(FILES, st.sampled_from(list(SCHEMES)))
def test_what_is_told_of_a_copy_is_what_a_check_of_it_tells(text, scheme):
    copy, _, left = mended(text, scheme)
    assert left == findings(copy, scheme=scheme)


@settings(deadline=None, max_examples=400)
@given(FILES, EACH_SCHEME)
def test_a_copy_is_clean_of_all_that_can_be_mended(text, scheme):
    copy, _, _ = mended(text, scheme)
    lines = copy.split("\n")
    for found in findings(copy, scheme=scheme):
        line = lines[int(found.where.rpartition(":")[2]) - 1]
        words = re.split("[\t ]", line)
        if found.kind == "invisible":  # only what would leave nothing, or spaces that part no columns
            hidden = [word for word in words if word and not characters.repaired(word)]
            assert hidden or re.search("[\u00a0\u2007\u202f]", line)
            assert hidden or "\t" not in line or any(not cell.strip() for cell in line.split("\t"))
        elif found.kind == "control":
            assert "\r" in line or any(word and not characters.repaired(word) for word in words)
        elif found.kind == "spaces":
            assert any(cell and not cell.strip(" ") for cell in line.split("\t"))
        assert found.kind not in ("nfc", "line-ends")


@settings(deadline=None, max_examples=300)
@given(st.data(), st.sampled_from([name for name in SCHEMES if SCHEMES[name].prefixes]), st.booleans())
def test_orphans_get_the_tags_of_the_spans_that_they_write_down(data, name, auto):
    scheme, other = SCHEMES[name], st.sampled_from(["O", "B-x", "I-x", "E-x", "S-x", "L-y", "M-x-z"])
    taggings = data.draw(st.lists(st.lists(st.sampled_from(TAGS[name]) | other, min_size=1, max_size=6), min_size=1))
    copy, _, left = mended(tagged(taggings), None if auto else name)
    assert [found for found in left if found.kind in ("orphan", "scheme")] == []
    read = [sentence.tags for sentence in read_corpus(written(copy))]
    assert [scheme.spans(tags) for tags in read] == [scheme.spans(tags) for tags in taggings]
    if not auto:
        kept = [all(scheme.allowed(*pair) for pair in pairwise((None, *tags, None))) for tags in taggings]
        assert all(new == old for new, old, legal in zip(read, taggings, kept, strict=True) if legal)


def test_a_tag_of_no_scheme_is_left_and_told():
    text = sound(1) + rows("a/I-city", "b/odd", "c/I-city", "d/I-city", "e/B")
    copy, changes, left = mended(text, "bio")
    assert copy == sound(1) + rows("a/B-city", "b/odd", "c/B-city", "d/I-city", "e/B")
    assert [str(change) for change in changes] == [
        "train.conll:6: mended: a\\tI-city -> a\\tB-city",
        "train.conll:8: mended: c\\tI-city -> c\\tB-city",
    ]
    assert [(found.where, found.kind) for found in left if found.kind == "orphan"] == [
        ("train.conll:7", "orphan"),
        ("train.conll:10", "orphan"),
    ]


def test_a_sentence_that_lacks_a_tag_keeps_the_others():
    text = "d\tO\ne\tI-city\n\na\tO\nb\nc\tI-city\nd\tO\ne\tI-city\n"
    assert mended(text, "bio")[0] == text.replace("I-", "B-", 1)


def test_a_copy_never_begins_with_a_byte_order_mark():
    assert mended("\ufeff\ufeff\tO\n" + sound(1))[0] == "\tO\n" + sound(1)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("bos\u200bton\u00a0x\tNN\tB-\u200bcity ", "boston x\tNN\tB-city"),
        (" boston \tNN \t O", "boston\tNN \tO"),
        ("boston  NN O", "boston\tNN\tO"),
        ("boston\u00a0NN\u00a0O", "boston\tNN\tO"),
        ("cafe\u0301\t\u200b\tO", "café\t\u200b\tO"),  # what would be empty stays
        (" \tNN\tO", " \tNN\tO"),
        ("a NN \r ", "a NN \r "),  # whose end would become a line end
        ("it\x92s\tN\x00N\tO", "it’s\tNN\tO"),
        ("\u200b", ""),
        ("New York\tO", "New York\tO"),  # columns that nobody can know
        ("see you O x", "see you O x"),
    ],
)
def test_what_a_line_is_mended_to(line, expected):
    text = "a\tNN\tO\n" * 3 + line + "\nb\tNN\tO\n"
    copy, changes, _ = mended(text)
    assert copy.split("\n")[3] == expected
    assert [(change.before, change.after) for change in changes] == ([(line, expected)] if line != expected else [])


def test_spaces_part_the_columns_of_a_copy_where_they_part_all():
    text = "# intent = x\u00a0y\n  go   O\nto\u00a0O\n1\u00a0000 O\nyork  I-city  \n\n#\u00a0O\n\n"
    copy, _, left = mended(text, "bio")
    assert copy == "# intent = x y\n  go   O\nto O\n1\u00a0000 O\nyork  B-city  \n\n#\u00a0O\n\n"
    assert [(found.where[-1], found.kind) for found in left if found.kind not in IDENTITY] == [
        ("4", "invisible"),
        ("7", "invisible"),
        ("7", "columns"),
    ]


@settings(deadline=None, max_examples=300)
@example("# x\x00Ã©", None)
@given(FILES, EACH_SCHEME)
def test_a_file_with_nothing_to_mend_is_copied_byte_for_byte(text, scheme):
    kinds = {found.kind for found in findings(text, scheme=scheme)}
    copy, changes, _ = mended(text, scheme)
    if not kinds & (MENDABLE | {"columns", "tag"}):
        assert copy == text
        assert changes == []
