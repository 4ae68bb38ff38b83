"""A user's own text as it can be shown to a person: nothing that moves the cursor, nothing without end."""

from __future__ import annotations

# Controls become pictures of themselves; what has no picture, or turns the direction of writing, is a lost character.
CONTROLS = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
CONTROLS |= dict.fromkeys((*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD)
CONTROLS |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
KEPT = {code: picture for code, picture in CONTROLS.items() if code not in (0x09, 0x0A)}
LONGEST = 300


def shown(text: str) -> str:
    """Text with its controls made visible, but for TABs and line ends, and cut where it is very long."""
    text = text.translate(KEPT)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"
