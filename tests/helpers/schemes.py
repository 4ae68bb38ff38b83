"""Tags of every scheme."""

from itertools import pairwise

import pytest

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence

SPAN_SCHEMES = [scheme for scheme in SCHEMES.values() if scheme.prefixes]

TAG_SETS = {
    "bio": ["O", "B-a", "I-a", "B-b-c", "I-b-c"],
    "bioes": ["O", "B-a", "I-a", "E-a", "S-a", "B-b-c", "E-b-c"],
    "bmes": ["O", "B-a", "M-a", "E-a", "S-a", "B-b-c", "E-b-c"],
    "bilou": ["O", "B-a", "I-a", "L-a", "U-a", "B-b-c", "L-b-c"],
    "iob1": ["O", "B-a", "I-a", "B-b-c", "I-b-c"],
    "tokens": ["O", "NOUN", "B-a", "COMMA"],
    "parts": ["O", "COMMA", "CAP", "COMMA+CAP"],
}

every_scheme = pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)


def sentence(*tags, tokens=None, line=1):
    """A sentence of columns with these tags."""
    tokens = tokens or [f"w{index}" for index in range(len(tags))]
    return Sentence(tokens, list(tags), rows=list(tokens), source="crates.conll", line=line)


def well_formed(scheme, tags):
    """Whether each tag may stand where it does."""
    return all(scheme.allowed(previous, following) for previous, following in pairwise((None, *tags, None)))
