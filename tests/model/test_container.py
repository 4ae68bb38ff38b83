"""The container: every byte is under the checksum, and what it holds is read back."""

import json
import random

import numpy as np
import pytest
import safetensors.numpy

from rnntag.errors import ModelError
from rnntag.model.container import TYPES, ZEROS, packed, unpacked

DOCUMENT = {"tags": ["O", "B-夜", "\\ud800", "\0"], "record": {"f1": 87.5}}
TENSORS = {
    "a": np.arange(6, dtype=np.float32).reshape(2, 3),
    "b": np.arange(3, dtype=np.int8),
    "none": np.zeros((0, 4)),
}
DAMAGED = "is damaged: its checksum is not that of its bytes"


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "some.rnntag")


@pytest.fixture
def content():
    return packed(DOCUMENT, TENSORS, "0.1.0")


def written(path, content):
    with open(path, "wb") as file:
        file.write(content)
    return path


def fact(path, content):
    with pytest.raises(ModelError) as told:
        unpacked(written(path, content))
    return told.value.fact


def test_what_is_read_is_what_was_written(path, content):
    document, tensors = unpacked(written(path, content))
    assert {name: document[name] for name in DOCUMENT} == DOCUMENT
    assert tensors.keys() == TENSORS.keys()
    for name, array in TENSORS.items():
        assert tensors[name].dtype == array.dtype
        np.testing.assert_array_equal(tensors[name], array)


@pytest.mark.parametrize("kind", ["f8", "f4", "i8", "i4", "i2", "i1", "?", "u8", "u4", "u2", "u1"])
def test_numbers_of_each_kind_are_read_back(path, kind):
    array = np.array([0, 1, 77], kind)
    found = unpacked(written(path, packed({}, {"a": array}, "0.1.0")))[1]["a"]
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


def test_the_bytes_are_those_that_safetensors_writes():
    kinds = {f"{kind} {number}": np.full(number, 1, kind) for kind in TYPES.values() for number in (3, 1)}
    for tensors in (TENSORS, kinds, {"夜": np.array(2.5), "c": np.asfortranarray(np.ones((2, 3), np.float32))}, {}):
        ours = packed(DOCUMENT, tensors, "0.1.0")
        header = json.loads(ours[8 : 8 + int.from_bytes(ours[:8], "little")])
        assert safetensors.numpy.save(tensors, header["__metadata__"]) == ours


def test_every_bit_is_under_the_checksum(path, content):
    rng, digits = random.Random(5), content.index(unpacked(written(path, content))[0]["checksum"].encode())
    for place in range(len(content)):
        for bit in range(8) if digits <= place < digits + len(ZEROS) else (rng.randrange(8),):
            damaged = bytearray(content)
            damaged[place] ^= 1 << bit
            fact(path, damaged)


def test_two_bytes_that_change_places_are_told(path, content):
    rng = random.Random(3)
    for _ in range(200):
        one, other = rng.randrange(len(content)), rng.randrange(len(content))
        changed = bytearray(content)
        changed[one], changed[other] = changed[other], changed[one]
        if changed != content:
            fact(path, changed)


def test_a_checksum_in_capitals_or_of_zeros_is_none(path, content):
    digits = unpacked(written(path, content))[0]["checksum"].encode()
    for other in (digits.upper(), ZEROS.encode(), digits[::-1], b""):
        assert fact(path, content.replace(digits, other.ljust(64))) == DAMAGED


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), "\ud800", ["\udfff"], {"\udc00": 1}])
def test_what_json_cannot_hold_is_refused(path, content, value):
    assert json.dumps(value)
    text = json.dumps(json.dumps(value))[1:-1].encode()
    assert fact(path, content.replace(b"87.5", text)) == "is not a model file"


def test_numbers_out_of_range_are_refused(path, content):
    assert fact(path, content.replace(b"87.5", b"1e999")) == "is not a model file"
