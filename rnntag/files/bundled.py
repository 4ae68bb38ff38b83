"""Finds what the wheel carries: a model that answers at once, and the sample corpora."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]

MODEL = _PACKAGE / "bundled.rnntag"
# In the wheel the corpora lie inside the package; in a checkout, beside it.
_PLACES = _PACKAGE / "sample_corpora", _PACKAGE / "../sample_corpora"
_SAMPLES = next((place for place in _PLACES if place.is_dir()), _PACKAGE)


def sample(corpus: str, part: str) -> Path:
    """The file of one part (train, dev, test) of a sample corpus."""
    folder = (_SAMPLES / corpus).resolve()
    return next(folder.glob(f"{part}.*"), folder / part)
