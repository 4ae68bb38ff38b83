"""Runs the command line for ``python -m rnntag``."""

from rnntag.cli import main

main()
