"""Knows what the numbers are called that stand for tags: names that are given, or that lie beside the data.

Hugging Face stores tags as numbers, and their names in the description of the data (``dataset_info.json``), in a
model's ``config.json`` or in a list that whoever made the data put beside it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from rnntag.errors import CorpusError
from rnntag.files.sources import lines_of

# Files beside the data, the surest first.
DESCRIPTIONS = tuple(f"{name}.json" for name in ("dataset_info", "dataset_infos", "features", "config"))
DESCRIPTIONS += ("id2label.json", "label2id.json")
LISTS = ("labels.txt", "tags.txt", "label_list.txt", "label_names.txt", "classes.txt", "tag_names.txt")
LARGEST = 1 << 24  # bytes of a description


class Names(NamedTuple):
    """The names of tags, from 0, and the file that has them."""

    names: tuple[str, ...]
    file: str


def parsed(given: str) -> tuple[str, ...]:
    """The names that a user gives: a file of them, one a line, or the names themselves, parted by commas.

    Raises CorpusError for a file that cannot be read, and for a name that is none.
    """
    is_file = "," not in given or os.path.exists(given)
    listed = list(lines_of(given)) if is_file else given.split(",")
    names = tuple(name.strip() for name in listed)
    while is_file and names and not names[-1]:
        names = names[:-1]
    for number, name in enumerate(names):
        if name.split() != [name]:
            fact = f"the name of tag {number} " + (f"holds white space: '{name}'" if name else "is empty")
            raise CorpusError(fact, where=f"{given}:{number + 1}" if is_file else "--tag-names")
    if not names:
        raise CorpusError("no names of tags", where=given or "--tag-names", hint="a name a line, or O,B-city,I-city")
    return names


def beside(source: str, key: str) -> Names | None:
    """The names that lie in the folder of a file, of the tags that its records have under a key; None for none.

    A file that is not what its name says is passed over.
    """
    folder = os.path.dirname(source)
    if not os.path.isfile(source):
        return None
    for name in DESCRIPTIONS:
        path = os.path.join(folder, name)
        if os.path.isfile(path) and path != source and (names := described(_content(path), key)):
            return Names(names, path)
    for name in LISTS:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return Names(parsed(path), path)
    return None


def _content(path: str) -> object:
    """The value in a JSON file; None for what is none."""
    if os.path.getsize(path) > LARGEST:
        return None
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (ValueError, RecursionError, OSError):
        return None


def described(content: object, key: str) -> tuple[str, ...] | None:
    """The names that a description of data has for the tags under a key, or a model's for its labels."""
    for found in _objects(content):
        if type(feature := found.get(key)) is dict and (names := _class_label(feature)):
            return names
    if type(content) is not dict:
        return None
    if type(numbers := content.get("label2id")) is dict or all(type(value) is int for value in content.values()):
        numbers = numbers if type(numbers) is dict else content
        return _in_order({str(number): label for label, number in numbers.items()})
    return _in_order(content.get("id2label", content))


def _objects(content: object, depth: int = 6) -> Iterator[dict[str, Any]]:
    """All objects in a value, itself first."""
    if depth and type(content) is dict:
        yield content
        for value in content.values():
            yield from _objects(value, depth - 1)


def _class_label(feature: dict[str, Any]) -> tuple[str, ...] | None:
    """The names of a feature: ``{"feature": {"names": [...], "_type": "ClassLabel"}}``, in any of its spellings."""
    for found in _objects(feature, 4):
        names = found.get("names")
        if type(names) is dict:  # numbers as strings, as YAML has them
            names = list(_in_order(names) or ())
        if type(names) is list and names and all(type(name) is str and name.split() == [name] for name in names):
            return tuple(names)
    return None


def _in_order(labels: object) -> tuple[str, ...] | None:
    """The values of an object whose keys are the numbers from 0 on."""
    if type(labels) is not dict or not labels:
        return None
    names = [labels.get(str(number)) for number in range(len(labels))]
    sound = all(type(name) is str and name.split() == [name] for name in names)
    return tuple(str(name) for name in names) if sound else None
