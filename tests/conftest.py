"""The two engines, made once."""

import pytest
from shell import trained  # noqa: F401  a fixture

import rnntag  # before NumPy: it sets the number of BLAS threads  # noqa: F401
from rnntag import engine


@pytest.fixture(scope="session")
def kernels():
    return engine.kernels()


@pytest.fixture(scope="session")
def plain():
    return engine.plain()


@pytest.fixture(params=["plain", "kernels"])
def either(request):
    """One engine, then the other."""
    return request.getfixturevalue(request.param)
