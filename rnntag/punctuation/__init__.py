"""Ordinary text as a lesson in its own punctuation, and tags of marks put back into text."""
