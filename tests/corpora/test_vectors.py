"""How much of a corpus word vectors cover."""

import numpy as np
import pytest

from rnntag.corpora.vector_files import Vectors
from rnntag.corpora.vectors import Coverage, check_coverage, coverage
from rnntag.errors import CorpusError

# Coverage.

SOME = Vectors(["the", "Oslo", "to", "crates"], np.zeros((4, 100), np.float32))


def test_coverage_looks_a_word_up_as_it_is_spelled_then_in_lower_case():
    counts = {"the": 50, "The": 5, "Oslo": 3, "oslo": 2, "OSLO": 1, "ship": 39}
    found = coverage(SOME, counts)
    assert found == Coverage(words_found=3, words=6, tokens_found=58, tokens=100, width=100)
    assert str(found) == "vectors: 3 of 6 words (58.0 % of tokens), width 100"


def test_coverage_as_a_sentence():
    assert str(Coverage(8412, 11418, 963, 1000, 100)) == "vectors: 8,412 of 11,418 words (96.3 % of tokens), width 100"
    assert str(coverage(SOME, {})) == "vectors: 0 of 0 words (0.0 % of tokens), width 100"


def test_vectors_that_cover_next_to_nothing_are_a_fault():
    foreign = {f"wort{number}": 1 for number in range(1900)}
    shared = Vectors([f"w{number}" for number in range(100)], np.zeros((100, 2), np.float32))
    check_coverage(shared, foreign | dict.fromkeys(shared.words, 1), "de.vec")  # one in twenty
    with pytest.raises(CorpusError) as caught:
        check_coverage(shared, foreign | dict.fromkeys(shared.words[:99], 1), "de.vec")
    assert str(caught.value) == (
        "de.vec: has only 99 of the corpus's 1,999 words\n"
        "hint: are they of the same language, tokenised alike, and spelled in lower case?"
    )


def test_words_without_a_letter_and_frequent_ones_do_not_speak_for_vectors():
    signs = Vectors([".", ",", "1", "a"], np.zeros((4, 2), np.float32))
    with pytest.raises(CorpusError, match="has only 1 of the corpus's 41 words"):
        check_coverage(signs, {".": 900, ",": 900, "1": 50, "a": 999} | {f"汉{n}": 1 for n in range(40)}, "en.vec")
    check_coverage(signs, {"?": 5, "2": 1}, "en.vec")  # no word to judge by
    check_coverage(signs, {}, "en.vec")
