"""Fixtures of this room."""

from taggings import files  # noqa: F401
