"""Models that are taught once."""

from lessons import models  # noqa: F401  a fixture
