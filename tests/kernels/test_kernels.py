"""What loads the kernels."""

import inspect

import pytest

from rnntag import kernels as package
from rnntag.kernels.compiling import compiler


def test_kernels_are_loaded_by_their_names_and_no_others():
    loaded = package.load(["embed", "viterbi"])
    assert {name: kernel.__name__ for name, kernel in loaded.items()} == {"embed": "embed", "viterbi": "viterbi"}


def test_a_name_that_no_module_has_is_a_key_error():
    with pytest.raises(KeyError, match="lstm_sideways"):
        package.load(["embed", "lstm_sideways"])


def test_whoever_is_to_be_told_of_compiling_is_named_when_kernels_are_loaded(monkeypatch):
    monkeypatch.setattr(compiler, "notice", compiler.notice)
    sentences = []
    package.load([], sentences.append)
    compiler.say("of this test")
    package.load([])
    compiler.say("of this test")
    assert sentences == ["of this test"]


def test_a_kernel_has_one_signature_and_compiles_no_other(kernels):
    for name in ("lstm_forward", "crf_gold", "adam"):
        kernel = getattr(kernels, name)
        (signature,) = kernel.signatures
        assert len(signature) == len(inspect.signature(kernel.py_func).parameters)
        with pytest.raises(TypeError):
            kernel(*["words"] * len(signature))
