"""The version is one, wherever it is told."""

from importlib import metadata
from importlib.metadata import PackageNotFoundError

import pytest

import rnntag
from rnntag.version import __version__


def test_the_package_has_the_version_of_its_module():
    assert rnntag.__version__ is __version__


def test_the_installed_package_has_it_too():
    try:
        installed = metadata.version("rnntag")
    except PackageNotFoundError:
        pytest.skip("rnntag is not installed")
    assert installed == __version__
