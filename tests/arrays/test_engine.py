"""The two engines: the same functions, taking the same."""

import inspect
from typing import get_args, get_type_hints

import pytest

from rnntag.arrays import engine
from rnntag.arrays.engine import FUNCTIONS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_kernel_and_its_twin_take_the_same(kernels, plain, name):
    kernel, twin = getattr(kernels, name), getattr(plain, name)
    assert list(inspect.signature(kernel.py_func).parameters) == list(inspect.signature(twin).parameters)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_typed_field_takes_as_many(plain, name):
    taken, _ = get_args(get_type_hints(engine.Engine)[name])
    assert len(taken) == len(inspect.signature(getattr(plain, name)).parameters)


def test_each_is_made_once(kernels, plain):
    assert (engine.kernels(), engine.plain()) == (kernels, plain)
    assert engine.kernels() is kernels
    assert engine.plain() is plain
    assert (kernels.name, plain.name) == ("kernels", "plain")


def test_without_compiling_the_twins_stand_in(monkeypatch, plain):
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    assert engine.kernels() is plain
