"""Strings to ids: grows while the training set is read, then frozen."""

from __future__ import annotations

from collections.abc import Iterable

UNKNOWN = 0


class Vocabulary:
    """Numbers strings in the order they come; id 0, `UNKNOWN`, stands for every string that came after freezing."""

    def __init__(self, strings: Iterable[str] = (), frozen: bool = False) -> None:
        self.strings = ["", *strings]
        self.ids = {string: number for number, string in enumerate(self.strings)}
        self.frozen = frozen

    def __len__(self) -> int:
        return len(self.strings)

    @property
    def entries(self) -> list[str]:
        """What it was made from: its strings, but for that of `UNKNOWN`."""
        return self.strings[1:]

    def id(self, string: str) -> int:
        """The id of a string, which is added unless the vocabulary is frozen."""
        number = self.ids.get(string)
        if number is None:
            if self.frozen:
                return UNKNOWN
            number = self.ids[string] = len(self.strings)
            self.strings.append(string)
        return number

    def id_of_any_case(self, string: str) -> int:
        """The id of a string or, where that is unknown, of the same in small letters; no string is added."""
        return self.ids.get(string) or self.ids.get(string.lower(), UNKNOWN)
