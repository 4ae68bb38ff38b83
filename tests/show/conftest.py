"""Fixtures of this room."""

from answers import files  # noqa: F401
