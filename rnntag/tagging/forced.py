"""Tags that must stand: constraints on decoding given with the input."""

from __future__ import annotations

FREE = "?"  # where a forced tag could stand: the tagger is to find one
