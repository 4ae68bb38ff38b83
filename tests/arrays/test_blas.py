"""However many threads BLAS was told to take, rnntag's products are computed on one."""

import subprocess
import sys
import threading

import numpy as np
import pytest
from shell import COMMAND, LESSONS, environment, utterances

import rnntag
from rnntag.arrays import blas
from rnntag.arrays.blas import one_thread


@pytest.fixture
def numbers():
    """The numbers of threads that NumPy's BLAS has; two of each to begin with."""
    found = [*blas._numbers().of_process, *blas._numbers().of_thread]
    if not found:
        pytest.skip("this BLAS cannot be told how many threads to take")
    before = [number.get() for number in found]
    for number in found:
        number.set(2)
    yield lambda: {number.get() for number in found}
    for number, many in zip(found, before, strict=True):
        number.set(many)


def test_blas_takes_one_thread_and_then_as_many_as_before(numbers):
    with one_thread():
        assert numbers() == {1}
    assert numbers() == {2}


def test_it_can_be_nested_and_leaves_no_trace_of_a_fault(numbers):
    @one_thread()
    def fail():
        with one_thread():
            pass
        assert numbers() == {1}
        raise ValueError("of the caller")

    for _ in range(2):
        with pytest.raises(ValueError, match="of the caller"):
            fail()
        assert numbers() == {2}


def test_the_last_thread_that_leaves_gives_back_what_the_first_has_found(numbers):
    entered, leave = threading.Event(), threading.Event()

    def other():
        with one_thread():
            entered.set()
            assert leave.wait(60)
            seen.append(numbers())

    seen = []
    thread = threading.Thread(target=other)
    with one_thread():
        thread.start()
        assert entered.wait(60)
    leave.set()
    thread.join()
    assert (seen, numbers()) == ([{1}], {2})


def test_products_do_not_depend_on_what_blas_was_told(numbers):
    A = np.random.default_rng(1).normal(size=(999, 333)).astype(np.float32)
    with one_thread():
        alone = A.T @ A
    for number in blas._numbers().of_process:
        number.set(1)
    np.testing.assert_array_equal(alone, A.T @ A)


@pytest.mark.parametrize("threads", [1, 2])
def test_every_product_of_a_training_and_of_a_tagging_is_computed_on_one_thread(numbers, monkeypatch, threads):
    seen = []

    def watched(function):
        def watching(*arrays, **options):
            seen.append((function.__name__, numbers()))
            return function(*arrays, **options)

        return watching

    monkeypatch.setattr(np, "matmul", watched(np.matmul))
    monkeypatch.setattr(np.linalg, "qr", watched(np.linalg.qr))
    lessons = [rnntag.Sentence(words.split(), tags.split()) for words, tags in LESSONS.items()]
    tagger = rnntag.train(lessons * 2, lessons, epochs=1, hidden=16, embedding=16, threads=threads)
    assert {name for name, _ in seen} == {"matmul", "qr"}
    trained = len(seen)
    list(tagger.tag(["wake", "me", "at", "seven"] for _ in range(100)))
    assert len(seen) > trained
    assert [each for each in seen if each[1] != {1}] == []
    assert numbers() == {2}


# A program in which NumPy, and so BLAS with two threads, is there before rnntag.
LATE = "import numpy; from rnntag.cli import main; main()"


def test_neither_a_number_of_threads_nor_numpy_before_rnntag_changes_the_bytes_of_a_model(tmp_path):
    (tmp_path / "train.conll").write_text(utterances("train", 200), "utf-8")
    (tmp_path / "dev.conll").write_text(utterances("dev", 60), "utf-8")
    options = "--epochs", "1", "--hidden", "64", "--features", "word", "--quiet"
    train = "train", "train.conll", "--dev", "dev.conll", *options, "-o"
    without = environment()
    without.pop("OPENBLAS_NUM_THREADS", None)
    for name, command, env in (
        ("plain", COMMAND, without),
        ("told", COMMAND, without | {"OPENBLAS_NUM_THREADS": "2"}),
        ("late", [sys.executable, "-c", LATE], without | {"OPENBLAS_NUM_THREADS": "3"}),
    ):
        subprocess.run([*command, *train, name], cwd=tmp_path, env=env, check=True, capture_output=True)
    plain, told, late = ((tmp_path / name).read_bytes() for name in ("plain", "told", "late"))
    assert plain == told
    assert plain == late
