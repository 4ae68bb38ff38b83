"""Takes from files of pretrained word vectors what a corpus needs."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from rnntag.corpora.splits import Tell, discard
from rnntag.corpora.vector_files import Vectors, read_vectors
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.formats import source_name


class Coverage(NamedTuple):
    """How much of some text has a vector; a word has one under its own spelling or, failing that, in lower case.

    words_found, tokens_found  how many distinct words and how many tokens have one
    words, tokens              how many there are
    width                      of the vectors
    """

    words_found: int
    words: int
    tokens_found: int
    tokens: int
    width: int

    def __str__(self) -> str:
        share = 100 * self.tokens_found / max(self.tokens, 1)
        return f"vectors: {self.words_found:,} of {self.words:,} words ({share:.1f} % of tokens), width {self.width:,}"


def coverage(vectors: Vectors, counts: Mapping[str, int]) -> Coverage:
    """How many of these words, and of their occurrences, have a vector."""
    known = set(vectors.words)
    found = [count for word, count in counts.items() if word in known or word.lower() in known]
    return Coverage(len(found), len(counts), sum(found), sum(counts.values()), vectors.table.shape[1])


def check_coverage(vectors: Vectors, counts: Mapping[str, int], source: str | os.PathLike[str]) -> None:
    """Raise CorpusError if the vectors that ``source`` gave have next to nothing to do with these words.

    source   path of the vectors, for the message
    """
    # Figures and punctuation are in every file whatever its language, and so are a few short words that occur
    # often: counted are words with a letter, each once. One in twenty is far below what fitting vectors reach,
    # even for a jargon. Languages that share a script share more, so what is caught is another script, words
    # cut otherwise, capitals throughout, or a file that holds something else.
    lettered = {word: count for word, count in counts.items() if any(map(str.isalpha, word))}
    seen = coverage(vectors, lettered)
    if 20 * seen.words_found < seen.words:
        fact = f"has only {seen.words_found:,} of the corpus's {seen.words:,} words"
        hint = "are they of the same language, tokenised alike, and spelled in lower case?"
        raise CorpusError(fact, where=source_name(source), hint=hint)


def pretrained(
    path: str | os.PathLike[str], train: list[Sentence], dev: list[Sentence], keep: int, tell: Tell = discard
) -> Vectors:
    """The vectors of the words of a training set and ``keep`` more; ``tell`` gets a sentence about how many have one.

    Raises CorpusError for a file that is no such file, or that has hardly any of the words.
    """
    counts = Counter(token for sentence in (*train, *dev) for token in sentence.tokens)
    vectors = read_vectors(path, counts, keep)
    check_coverage(vectors, counts, path)
    tell(str(coverage(vectors, counts)))
    return vectors
