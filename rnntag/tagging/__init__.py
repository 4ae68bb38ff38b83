"""Sentences in, tags out: best paths, probabilities, n-best lists, forced tags, streams."""
