"""Corpora: which sentences train, which decide when to stop, and what looks wrong with them."""
