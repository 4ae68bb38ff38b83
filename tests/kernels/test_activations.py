"""tanh, sigmoid and exp on lanes against those of float64."""

import numpy as np
from numerics import fuses


def tanh_on_lanes(kernels, x):
    """tanh of float32 numbers, as a layer without recurrent weights computes it."""
    Z, N = x.reshape(-1, 16).copy(), 16
    H, U = np.empty_like(Z), np.zeros((1, N, N), np.float32)
    sizes, offsets = np.array([len(Z)], np.int64), np.zeros(1, np.int64)
    kernels.rnn_forward(Z, U, np.empty((0, N), np.float32), sizes, offsets, False, H, 0)
    return H.reshape(-1)


def gates_on_lanes(kernels, x):
    """The same numbers through σ and tanh, as one step of a long short-term memory computes them (2, n)."""
    x, N = x.reshape(-1, 16), 16
    Z = np.repeat(x.reshape(-1, 2, 1, 8), 4, axis=2).reshape(len(x), 64)
    H, C, U = np.empty_like(x), np.empty_like(x), np.zeros((2, N, 32), np.float32)
    sizes, offsets, none = np.array([len(Z)], np.int64), np.zeros(1, np.int64), np.empty((0, N), np.float32)
    kernels.lstm_forward(Z, U, none, none, sizes, offsets, False, H, 0, C)
    gates = Z.reshape(-1, 2, 4, 8).transpose(2, 0, 1, 3).reshape(4, -1)
    np.testing.assert_array_equal(gates[0], gates[1])
    np.testing.assert_array_equal(gates[0], gates[3])
    return gates[0], gates[2]


def test_tanh_and_sigmoid_are_right_to_three_or_four_in_ten_million(kernels):
    x = np.linspace(-12, 12, 160_000, dtype=np.float32)
    wide = x.astype(np.float64)
    sigmoid, tanh = gates_on_lanes(kernels, x)
    np.testing.assert_array_equal(tanh, tanh_on_lanes(kernels, x))
    # Where nothing fuses, the last step of either polynomial rounds once more, by up to 6e-8 each.
    assert np.abs(tanh - np.tanh(wide)).max() < (3e-7 if fuses() else 4e-7)
    assert np.abs(sigmoid - (0.5 + 0.5 * np.tanh(0.5 * wide))).max() < 3e-7
    tiny = np.geomspace(1e-30, 1e-2, 1600, dtype=np.float32)
    np.testing.assert_allclose(tanh_on_lanes(kernels, tiny), np.tanh(tiny.astype(np.float64)), rtol=3e-7)


def test_tanh_saturates_at_one_and_never_beyond(kernels):
    x = np.concatenate([np.linspace(0, 20, 159_984), np.geomspace(20, 3e38, 15), [np.inf]]).astype(np.float32)
    right, left = tanh_on_lanes(kernels, x), tanh_on_lanes(kernels, -x)
    np.testing.assert_array_equal(left, -right)
    assert right.max() <= 1.0
    assert (right[x > 8] > 1 - 3e-7).all()
    assert len(np.unique(right[x > 8])) == 1
    assert np.diff(right).min() > -6e-7  # it may step back by rounding, no more
    sigmoid, _ = gates_on_lanes(kernels, np.concatenate([x, -x]))
    assert sigmoid.min() >= 0.0
    assert sigmoid.max() <= 1.0
    assert not tanh_on_lanes(kernels, np.zeros(16, np.float32)).any()
    assert np.isnan(tanh_on_lanes(kernels, np.full(16, np.nan, np.float32))).all()


def test_the_exponential_of_the_crf_is_right_to_four_in_ten_million(kernels):
    E = np.linspace(-100, 0, 160_000, dtype=np.float32).reshape(-1, 16)
    E[:, 0] = 0  # its factor is that of 1
    A, F, logZ = np.empty_like(E), np.empty_like(E), np.empty(len(E))
    sizes, offsets = np.array([len(E)], np.int64), np.zeros(1, np.int64)
    kernels.crf_forward(E, np.ones((1, 16, 16), np.float32), np.zeros((2, 16), np.float32), sizes, offsets, A, F, logZ)
    wide = np.exp(E.astype(np.float64))
    found = F.astype(np.float64) / F[:, :1]
    here = (E > -86.9) & (wide / wide.sum(axis=1, keepdims=True) > 1.2e-38)
    assert here.sum() > 130_000
    np.testing.assert_allclose(found[here], wide[here], rtol=4e-7)
    assert not found[E < -87.1].any()
    np.testing.assert_allclose(logZ, np.log(wide.sum(axis=1)), atol=1e-6)
