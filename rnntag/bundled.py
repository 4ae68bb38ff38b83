"""What the wheel carries: a model that answers at once, and the sample corpora."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent

MODEL = _HERE / "bundled.rnntag"
# In the wheel the corpora lie inside the package; in a checkout, beside it.
_SAMPLES = next((_HERE / place for place in ("sample_corpora", "../sample_corpora") if (_HERE / place).is_dir()), _HERE)


def sample(corpus: str, part: str) -> Path:
    """The file of one part (train, dev, test) of a sample corpus."""
    folder = (_SAMPLES / corpus).resolve()
    return next(folder.glob(f"{part}.*"), folder / part)
