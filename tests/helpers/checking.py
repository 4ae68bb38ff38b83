"""Files to be checked, and what is found in them."""

import io

import pytest
from hypothesis import strategies as st

from rnntag import checks
from rnntag.checks import Change, Checks
from rnntag.data.bio import SCHEMES
from rnntag.formats.table_row import TAGGED

IDENTITY = {"repeat", "leak", "conflict", "disagreement", "once", "spelling"}  # of sentences and labels, not of lines


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Files have short names."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(text, name="train.conll"):
    with open(name, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
    return name


def findings(*texts, scheme=None, reading=TAGGED, format=checks.COLUMNS):
    """All that is told of train.conll and dev.conll, and of both together."""
    names = [written(text, name) for text, name in zip(texts, ("train.conll", "dev.conll"), strict=False)]
    checking = Checks(SCHEMES[scheme] if scheme else None, reading)
    return [found for name in names for found in checking.file(name, format)] + list(checking.close())


def told(*texts, ignored=IDENTITY, **settings):
    """As the command line would write it."""
    return [str(found) for found in findings(*texts, **settings) if found.kind not in ignored]


def mended(text, scheme=None, reading=TAGGED):
    """The copy, the changes, and what is still wrong."""
    copy, checking = io.BytesIO(), Checks(SCHEMES[scheme] if scheme else None, reading)
    found = [*checking.file(written(text), checks.COLUMNS, copy), *checking.close()]
    changes = [each for each in found if isinstance(each, Change)]
    return copy.getvalue().decode("utf-8", "surrogateescape"), changes, [each for each in found if each not in changes]


def rows(*pairs):
    """``word/TAG`` pairs as a sentence of columns."""
    return "".join("\t".join(pair.rsplit("/", 1)) + "\n" for pair in pairs) + "\n"


def sound(count):
    return "".join(rows(f"go{number}/O", "to/O", "new/B-city", "york/I-city") for number in range(count))


# Tags and schemes.

TAGS = {
    name: ["O", *(scheme.tag(prefix, kind) for prefix in sorted(scheme.prefixes) for kind in "xy")]
    for name, scheme in SCHEMES.items()
}


def tagged(taggings):
    return "".join(rows(*(f"w/{tag}" for tag in tags)) for tags in taggings)


# Whatever is written in a file.

PIECES = [
    *(
        "a",
        "b",
        "é",
        "e\u0301",
        "\u200b",
        "\u200c",
        "\ufeff",
        "\u00a0",
        "\u202f",
        "\u00ad",
        "\u3000",
        "\x00",
        "\x92",
        "\x81",
    ),
    *(
        "Ã©",
        "م",
        "б",
        "\udce9",
        "#",
        "# x",
        "#\u00a0y",
        " ",
        "\t",
        "\t",
        "\t",
        "\r",
        "\n",
        "\n",
        "\n",
        "\r\n",
        "\n\n",
        "O\n",
    ),
    *("\tO\n", "\tI-x\n", "\tB-x\n", " I-x\n", "\tE-x\n", "O", "B-x", "I-x", "E-x", "S-x", "B-y", "I-y", "B", "odd"),
]

ANYTHING = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)

LINE = st.tuples(
    st.sampled_from(["a", "b", "é", "e\u0301", "a\u200bb", "10\u00a0000", "\u00a0", "x y", " z", "\u200b", "#"]),
    st.sampled_from(["\t", "\t", "\t", " ", "\tN\t", "\u00a0", " \t "]),
    st.sampled_from(["O", "B-x", "I-x", "B-y", "I-y", "E-x", "S-y", "odd", "B-\u200bx", "I-x ", ""]),
    st.sampled_from(["\n", "\n", "\n", "\n\n", "\n\n", "\r\n", "\n# intent = a\u00a0b\n", "\n\n# c\u200b\n"]),
).map("".join)

FILES = ANYTHING | st.lists(LINE, max_size=12).map("".join)
