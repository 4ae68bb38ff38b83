"""tanh, sigmoid and exp on lanes: a few multiplications each, where the C library takes a call for every number."""

from __future__ import annotations

from typing import Any

from rnntag.kernels.compiling import part
from rnntag.kernels.simd import fma, splat8, splat16, times_power_of_two, where_greater


@part
def tanh8(x: Any) -> Any:
    """tanh as an odd polynomial of degree 13 over an even one of degree 6, error under 3e-7.

    The coefficients are those of Eigen (``generic_fast_tanh_float``), a minimax fit on [-7.905, 7.905];
    beyond it float32 has no number between tanh and 1. A NaN stays a NaN.
    """
    bound = splat8(7.90531110763549805)
    x = where_greater(x, bound, bound, x)
    x = where_greater(splat8(-7.90531110763549805), x, splat8(-7.90531110763549805), x)
    s = x * x
    p = fma(s, splat8(-2.76076847742355e-16), splat8(2.00018790482477e-13))
    p = fma(s, p, splat8(-8.60467152213735e-11))
    p = fma(s, p, splat8(5.12229709037114e-08))
    p = fma(s, p, splat8(1.48572235717979e-05))
    p = fma(s, p, splat8(6.37261928875436e-04))
    p = fma(s, p, splat8(4.89352455891786e-03))
    q = fma(s, splat8(1.19825839466702e-06), splat8(1.18534705686654e-04))
    q = fma(s, q, splat8(2.26843463243900e-03))
    q = fma(s, q, splat8(4.89352518554385e-03))
    return x * p / q


@part
def sigmoid8(x: Any) -> Any:
    """σ(x) = ½ + ½ tanh(½ x)"""
    half = splat8(0.5)
    return fma(half, tanh8(half * x), half)


@part
def exp16(x: Any) -> Any:
    """e^x for x <= 88; below -87 it is 0, relative error under 2e-7. A NaN stays a NaN.

    x = n ln 2 + r, |r| <= ½ ln 2; e^r by Cephes' polynomial (``expf``), times 2^n.
    """
    rounding = splat16(12582912.0)  # 1.5 · 2^23: adding it leaves no bits for a fraction
    n = fma(x, splat16(1.44269504088896341), rounding) - rounding
    n = where_greater(splat16(-126.0), n, splat16(-126.0), n)
    r = fma(n, splat16(-0.693359375), x)
    r = fma(n, splat16(2.12194440e-4), r)
    p = fma(r, splat16(1.9875691500e-4), splat16(1.3981999507e-3))
    p = fma(r, p, splat16(8.3334519073e-3))
    p = fma(r, p, splat16(4.1665795894e-2))
    p = fma(r, p, splat16(1.6666665459e-1))
    p = fma(r, p, splat16(5.0000001201e-1))
    e = times_power_of_two(fma(r * r, p, r + splat16(1.0)), n)
    return where_greater(splat16(-87.0), x, splat16(0.0), e)
