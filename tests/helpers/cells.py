"""What holds of the kernels of every recurrent cell: they agree with their twins, and a row depends on no neighbour.

``kind`` is `cases.Recurrent` or `cases.Gated`.
"""

import numpy as np
import pytest
from numerics import SENTENCES, agree, rows_of, some_lengths

WIDTHS = (16, 32, 80, 144)
every_width = pytest.mark.parametrize("N", WIDTHS)
every_number = pytest.mark.parametrize("sentences", SENTENCES)
both_ways = pytest.mark.parametrize("reverse", [False, True], ids=["forward", "reverse"])


def agrees(kernels, plain, kind, N, sentences):
    for reverse in (False, True):
        for initial in (False, True):
            column = N if reverse != initial else 0
            case = kind(some_lengths(sentences), N, reverse, initial, column)
            agree(case.run(kernels), case.run(plain, np.float64), 3e-6)


def leaves_other_columns_alone(kernels, plain, kind, reverse, initial, column):
    case = kind(some_lengths(9), 32, reverse, initial, column)
    found = case.run(kernels)
    agree(found, case.run(plain, np.float64), 3e-6)
    others = slice(32, None) if column == 0 else slice(32)
    assert not found["states"][:, others].any()
    np.testing.assert_array_equal(found["dH"][:, others], case.dH[:, others])


def agrees_when_saturated(kernels, plain, kind, reverse):
    case = kind([9, 6, 6, 2, 1], 32, reverse, True, scale=40.0)
    assert np.abs(case.Z).max() > 100
    agree(case.run(kernels), case.run(plain, np.float64), 3e-6)


def agrees_at_any_lengths(kernels, plain, kind, lengths, reverse, initial):
    case = kind(lengths, 16, reverse, initial, 16)
    agree(case.run(kernels), case.run(plain, np.float64), 3e-6)


def has_the_bits_alone_that_it_has_in_a_batch(kernels, kind, reverse):
    for sentences in (3, 5, 7, 13):
        case = kind(some_lengths(sentences), 32, reverse, True, 32)
        together = case.run(kernels)
        for sentence in range(sentences):
            rows = rows_of(case.batch, sentence)
            for name, found in case.alone(sentence).run(kernels).items():
                expected = together[name][sentence : sentence + 1] if name == "dC" else together[name][rows]
                np.testing.assert_array_equal(found, expected, err_msg=name)


def keeps_nan_in_its_sentence(kernels, kind, reverse):
    case = kind([4, 4, 3, 2, 1], 16, reverse, True)
    clean = case.run(kernels)
    hurt = rows_of(case.batch, 1)
    case.Z[hurt[1], 3] = np.nan
    found = case.run(kernels)
    after = hurt[:1] if reverse else hurt[2:]  # in running order
    before = hurt[2:] if reverse else hurt[:1]
    assert np.isnan(found["states"][hurt[1], 3])
    assert np.isnan(found["states"][after, :16]).all()
    np.testing.assert_array_equal(found["states"][before], clean["states"][before])
    assert np.isnan(found["dZ"][before]).all()
    others = [row for row in range(case.batch.rows) if row not in hurt]
    for name in ("states", "dZ", "dH"):
        np.testing.assert_array_equal(found[name][others], clean[name][others], err_msg=name)


def takes_nan_in_the_gradient_back_in_time(kernels, kind, reverse):
    case = kind([4, 3, 1], 16, reverse)
    run = rows_of(case.batch, 0)
    case.dH[run[0] if reverse else run[-1], 5] = np.nan
    first = run[-1] if reverse else run[0]
    found = case.run(kernels)
    assert np.isnan(found["dZ"][first]).all()
    assert np.isfinite(found["dZ"][rows_of(case.batch, 1)]).all()
