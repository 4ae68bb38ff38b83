"""The two engines, made once."""

import signal

import pytest
from hypothesis import settings
from shell import trained  # noqa: F401  a fixture

import rnntag  # before NumPy: it sets the number of BLAS threads  # noqa: F401
from rnntag.arrays import engine

settings.register_profile("rnntag", deadline=None)  # no timing in tests: a busy machine is no fault
settings.load_profile("rnntag")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a job in the background: what it starts would be deaf to Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)


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
