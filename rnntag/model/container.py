"""A document and arrays as one file, every byte of which is under a checksum; safetensors lives here and nowhere else.

The file is in safetensors format, so other tools can read it: a header in JSON, then raw arrays. The header's one entry
of metadata, ``rnntag``, is the document, again in JSON, and one of the document's entries is the checksum: the SHA-256
of the whole file, taken while 64 zeros stand for the checksum's own digits.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import safetensors

from rnntag.arrays.ragged import Array
from rnntag.errors import ModelError

FORMAT = 5  # of what the file says; one higher wherever an older version would read it wrongly
DAMAGED = "it is cut short, damaged or some other file; train it again, or fetch it again"
LENGTH = 8  # bytes that tell how long the header is
LONGEST = 100_000_000  # bytes of a header, which safetensors reads
METADATA = "__metadata__"
# In the order in which safetensors has them in a file.
TYPES = {"U64": "<u8", "I64": "<i8", "F64": "<f8", "F32": "<f4", "U32": "<u4", "I32": "<i4", "U16": "<u2", "I16": "<i2"}
TYPES |= {"I8": "i1", "U8": "u1", "BOOL": "?"}
KINDS, ORDER = list(TYPES), list(map(np.dtype, TYPES.values()))
ZEROS = "0" * 64
DIGITS = re.compile("[0-9a-f]{64}")
Content = bytes | bytearray
LONE = ("\\ud", "\\uD")  # how an escape begins that may be half a character


def parts(document: Mapping[str, Any], tensors: Mapping[str, Array], version: str) -> list[bytes | memoryview]:
    """The file that holds a document and arrays, written by this version: its header, and the arrays as they lie.

    The bytes are those that safetensors would write, but that puts them together in memory, and ends the process where
    there is not enough of it.
    """
    ordered = sorted(tensors, key=lambda name: (ORDER.index(tensors[name].dtype), name))
    arrays = [tensors[name].reshape(-1).view(np.uint8).data for name in ordered]
    ends = [0, *accumulate(map(len, arrays))]
    whole = {"format": FORMAT, "version": version, "checksum": ZEROS, **document}
    header: dict[str, Any] = {METADATA: {"rnntag": json.dumps(whole, ensure_ascii=False)}}
    for name, place in zip(ordered, pairwise(ends), strict=True):
        dtype, shape = KINDS[ORDER.index(tensors[name].dtype)], tensors[name].shape
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": place}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % LENGTH)
    head = len(text).to_bytes(LENGTH, "little") + text
    digest = hashlib.sha256(head)
    for array in arrays:
        digest.update(array)
    return [head.replace(ZEROS.encode(), digest.hexdigest().encode(), 1), *arrays]


def packed(document: Mapping[str, Any], tensors: Mapping[str, Array], version: str) -> bytes:
    """The same as one."""
    return b"".join(parts(document, tensors, version))


def unpacked(path: str) -> tuple[dict[str, Any], dict[str, Array]]:
    """The document and the arrays of a file; the arrays are views of the file itself, and cannot be written to.

    Raises ModelError for a file that is not as it was written, is foreign or of another format; and OSError.
    """
    with open(path, "rb") as file:
        content = file.read()  # not mapped: whoever shortened it meanwhile would end the process
    return unpacked_bytes(content, path)


def unpacked_bytes(content: Content, path: str) -> tuple[dict[str, Any], dict[str, Array]]:
    """The same of the bytes of a file, which messages call by its path."""
    header, start = _header(content, path)
    document = _document(header, path)
    _check_format(document, path)
    digits = document.get("checksum")
    place = content.find(digits.encode()) if isinstance(digits, str) and DIGITS.fullmatch(digits) else -1
    if place < 0 or _checksum(content, place) != digits:
        raise ModelError("is damaged: its checksum is not that of its bytes", where=path, hint=DAMAGED)
    return document, {name: _array(entry, content, start) for name, entry in header.items() if name != METADATA}


def foreign(path: str) -> ModelError:
    """What is said of a file that is no model."""
    return ModelError("is not a model file", where=path, hint=DAMAGED)


def _header(content: Content, path: str) -> tuple[dict[str, Any], int]:
    """The header of a file, and where the arrays begin."""
    length = int.from_bytes(content[:LENGTH], "little")
    if not 0 < length <= min(LONGEST, len(content) - LENGTH):
        raise foreign(path)
    try:
        header = json.loads(content[LENGTH : LENGTH + length].decode())
    except (ValueError, RecursionError):
        raise foreign(path) from None
    if not isinstance(header, dict):
        raise foreign(path)
    return header, LENGTH + length


def _array(entry: dict[str, Any], content: Content, start: int) -> Array:
    """An array as its entry in the header tells; any of several exceptions for what is no entry."""
    return np.ndarray(entry["shape"], TYPES[entry["dtype"]], content, start + entry["data_offsets"][0])


def _not_ours(path: str) -> ModelError:
    """What is said of a file without a document."""
    try:
        with safetensors.safe_open(path, "numpy"):
            return ModelError("is a safetensors file, but not one of rnntag's", where=path)
    except safetensors.SafetensorError:
        return foreign(path)


def _document(header: dict[str, Any], path: str) -> dict[str, Any]:
    """The document, in which all numbers are finite and all characters whole."""
    metadata = header.get(METADATA)
    text = metadata.get("rnntag") if isinstance(metadata, dict) else None
    if not isinstance(text, str):
        raise _not_ours(path)
    try:
        document = json.loads(text, parse_constant=_finite, parse_float=_finite)
        if any(begin in text for begin in LONE):
            json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise foreign(path) from None
    if not isinstance(document, dict):
        raise foreign(path)
    return document


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is no number")
    return number


def _check_format(document: dict[str, Any], path: str) -> None:
    """Raise ModelError for a document of another format than this version's."""
    form, version = document.get("format"), document.get("version")
    if type(form) is not int or not isinstance(version, str):
        raise foreign(path)
    if form != FORMAT:
        age, hint = ("a later", "pip install --upgrade rnntag") if form > FORMAT else ("an earlier", "train it again")
        fact = f"was written by rnntag {version}, in {age} format than this one reads"
        raise ModelError(fact, where=path, hint=hint)


def _checksum(content: Content, place: int) -> str:
    """The checksum of a file whose own digits stand at ``place``."""
    view, digest = memoryview(content), hashlib.sha256()
    for part in (view[:place], ZEROS.encode(), view[place + len(ZEROS) :]):
        digest.update(part)
    return digest.hexdigest()
