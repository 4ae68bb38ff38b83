r"""Text with its spans marked in place: ``flights from [new york](fromloc) to [boston](toloc)``.

A backslash takes the meaning from the sign after it: from ``\``, ``[`` and ``]`` in words, and from ``\``,
``(`` and ``)`` in labels. An intent stands behind a TAB at the end of the line.
"""

from __future__ import annotations

import re

from rnntag.formats.plain import ending
from rnntag.scheme import Scheme
from rnntag.sentence import Sentence

IN_WORDS = re.compile(r"[\\\[\]]")
IN_LABELS = re.compile(r"[\\()]")
ESCAPED = r"\\\g<0>"


def write_inline(sentence: Sentence, scheme: Scheme) -> str:
    words = sentence.tokens
    if IN_WORDS.search("".join(words)):
        words = [IN_WORDS.sub(ESCAPED, word) for word in words]
    pieces = []
    done = 0
    for start, end, label in scheme.spans(sentence.tags or ()):
        pieces += words[done:start]
        pieces.append(f"[{' '.join(words[start:end])}]({IN_LABELS.sub(ESCAPED, label)})")
        done = end
    pieces += words[done:]
    return " ".join(pieces) + ending(sentence)
