"""rnntag: a sequence tagger for the shell, recurrent networks compiled for the CPU."""

__version__ = "0.1.0"
