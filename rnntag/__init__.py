"""rnntag: a sequence tagger for the shell, recurrent networks compiled for the CPU.

    import rnntag

    tagger = rnntag.load("model.rnntag")
    for sentence in tagger.tag([["flights", "to", "boston"]]):
        print(sentence.tokens, sentence.tags)
"""

from __future__ import annotations

import os

# Threads take whole shards and batches; a second pool of threads inside each matrix product only gets in their way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
