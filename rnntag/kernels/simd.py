"""Lanes: 8, 16 or 32 float32 numbers as one Numba value, and what can be done with them.

LLVM cuts a wide value into the registers a chip has (four AVX registers for 32 lanes, two of AVX-512, eight of NEON),
so a kernel is written once, in panels, and the register allocation is the compiler's. Every operation keeps the order
of its operands and rounds as written; only ``fma`` may round once where a chip fuses it and twice where it does not.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_builtin
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, models, register_model

FLOAT, INT = ir.FloatType(), ir.IntType(32)


class Lanes(types.Type):
    """The Numba type of ``width`` float32 lanes."""

    def __init__(self, width: int) -> None:
        self.width = width
        super().__init__(f"lanes{width}")


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, lanes: Lanes) -> None:
        super().__init__(manager, lanes, ir.VectorType(FLOAT, lanes.width))


def _constant(width: int, value: float) -> ir.Constant:
    return ir.Constant(ir.VectorType(FLOAT, width), [value] * width)


def _spread(builder: Any, scalar: Any, width: int) -> Any:
    vector = ir.VectorType(FLOAT, width)
    empty = ir.Constant(vector, ir.Undefined)
    first = builder.insert_element(empty, scalar, ir.Constant(INT, 0))
    return builder.shuffle_vector(first, empty, ir.Constant(ir.VectorType(INT, width), [0] * width))


def _pointer(context: Any, builder: Any, kind: Any, value: Any, row: Any, column: Any) -> Any:
    """Address of element [row, column] of a matrix, or [row, column, 0] of packed panels."""
    array = context.make_array(kind)(context, builder, value)
    indices = [row, column] + [ir.Constant(row.type, 0)] * (kind.ndim - 2)
    return cgutils.get_item_pointer(context, builder, kind, array, indices)


def _read(builder: Any, pointer: Any, width: int) -> Any:
    value = builder.load(builder.bitcast(pointer, ir.VectorType(FLOAT, width).as_pointer()))
    value.align = 4
    return value


def _write(builder: Any, pointer: Any, value: Any) -> None:
    builder.store(value, builder.bitcast(pointer, value.type.as_pointer())).align = 4


def _fused(builder: Any, a: Any, b: Any, c: Any) -> Any:
    # llvm.fmuladd, not llvm.fma: where a chip has no fused form the latter is a library call for each lane.
    kind = ir.FunctionType(a.type, [a.type] * 3)
    name = f"llvm.fmuladd.v{a.type.count}f32"
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [a, b, c])


def _larger(builder: Any, a: Any, b: Any) -> Any:
    # Compare and select: a maximum that must treat NaN specially is several times slower.
    return builder.select(builder.fcmp_ordered(">", a, b), a, b)


def _loader(width: int) -> Any:
    lanes = Lanes(width)

    @intrinsic
    def load(typing: Any, array: Any, row: Any, column: Any) -> Any:
        def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return _read(builder, _pointer(context, builder, sig.args[0], *args), width)

        return lanes(array, types.intp, types.intp), code

    return load


def _splatter(width: int) -> Any:
    lanes = Lanes(width)

    @intrinsic
    def splat(typing: Any, scalar: Any) -> Any:
        def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return _spread(builder, args[0], width)

        return lanes(types.float32), code

    return splat


# load16(array, row, column): the 16 numbers from there on.  splat16(x): x in every lane.
load8, load16 = _loader(8), _loader(16)
splat8, splat16 = _splatter(8), _splatter(16)


@intrinsic
def store(typing: Any, array: Any, row: Any, column: Any, value: Any) -> Any:
    """Write the lanes of ``value`` to ``array`` from [row, column] on."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        _write(builder, _pointer(context, builder, sig.args[0], *args[:3]), args[3])
        return context.get_dummy_value()

    return types.none(array, types.intp, types.intp, value), code


def tile(height: int, width: int, combine: Callable[[Any, Any, Any, Any], Any]) -> Any:
    """A register tile: Z[z+r, j:j+width] = combine over k of (X[x+r, c+k], W[p, k]), from Z on, for r < height.

    ``height`` x ``width`` totals stay in registers over the whole loop. Each is combined in the order of k, whatever
    the height, so a row's result does not depend on the rows that happen to share its tile.
    """

    @intrinsic
    def tile(typing: Any, Z: Any, z: Any, j: Any, X: Any, x: Any, c: Any, W: Any, p: Any) -> Any:
        def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            Zt, Xt, Wt = sig.args[0], sig.args[3], sig.args[6]
            Z, z, j, X, x, c, W, p = args
            zero = ir.Constant(z.type, 0)
            rows = [ir.Constant(z.type, r) for r in range(height)]
            targets = [_pointer(context, builder, Zt, Z, builder.add(z, r), j) for r in rows]
            sources = [_pointer(context, builder, Xt, X, builder.add(x, r), c) for r in rows]
            panel = _pointer(context, builder, Wt, W, p, zero)
            depth = builder.extract_value(context.make_array(Wt)(context, builder, W).shape, 1)
            totals = [cgutils.alloca_once_value(builder, _read(builder, target, width)) for target in targets]
            with cgutils.for_range(builder, depth, intp=z.type) as loop:
                step = builder.mul(loop.index, ir.Constant(z.type, width))
                weights = _read(builder, builder.gep(panel, [step]), width)
                for total, source in zip(totals, sources, strict=True):
                    state = _spread(builder, builder.load(builder.gep(source, [loop.index])), width)
                    builder.store(combine(builder, state, weights, builder.load(total)), total)
            for total, target in zip(totals, targets, strict=True):
                _write(builder, target, builder.load(total))
            return context.get_dummy_value()

        i = types.intp
        return types.none(Z, i, i, X, i, i, W, i), code

    return tile


def product_tile(height: int, width: int) -> Any:
    """The tile of an ordinary matrix product: Z += X · W."""
    return tile(height, width, _fused)


def best_tile(height: int, width: int) -> Any:
    """The tile of a product in the max-plus semiring: Z = max(Z, max over k of X[k] + W[k]), as Viterbi wants it."""
    return tile(height, width, lambda builder, x, w, best: _larger(builder, builder.fadd(x, w), best))


@intrinsic
def fma(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """a · b + c"""
    return a(a, b, c), lambda context, builder, sig, args: _fused(builder, *args)


@intrinsic
def root(typing: Any, a: Any) -> Any:
    """The square root of each lane."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = ir.FunctionType(args[0].type, [args[0].type])
        name = f"llvm.sqrt.v{args[0].type.count}f32"
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), args)

    return a(a), code


@intrinsic
def where_greater(typing: Any, a: Any, b: Any, yes: Any, no: Any) -> Any:
    """``yes`` in the lanes where a > b, ``no`` elsewhere, and so where a or b is not a number."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", args[0], args[1]), args[2], args[3])

    return yes(a, a, yes, yes), code


@intrinsic
def times_power_of_two(typing: Any, value: Any, exponent: Any) -> Any:
    """value · 2^exponent for whole exponents from -126 to 127, which lanes hold as floats."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        value, exponent = args
        whole = ir.VectorType(INT, value.type.count)
        bits = builder.fptosi(exponent, whole)
        bits = builder.add(bits, ir.Constant(whole, [127] * whole.count))
        bits = builder.shl(bits, ir.Constant(whole, [23] * whole.count))
        return builder.fmul(value, builder.bitcast(bits, value.type))

    return value(value, exponent), code


@intrinsic
def total(typing: Any, lanes: Any) -> Any:
    """The sum of all lanes, added by halves."""
    return types.float32(lanes), lambda context, builder, sig, args: _fold(builder, args[0], builder.fadd)


@intrinsic
def largest(typing: Any, lanes: Any) -> Any:
    """The largest lane."""

    return types.float32(lanes), lambda context, builder, sig, args: _fold(builder, args[0], partial(_larger, builder))


def _fold(builder: Any, lanes: Any, combine: Any) -> Any:
    while (half := lanes.type.count // 2) >= 1:
        indices = ir.VectorType(INT, half)
        low, high = (ir.Constant(indices, list(range(start, start + half))) for start in (0, half))
        empty = ir.Constant(lanes.type, ir.Undefined)
        lanes = combine(builder.shuffle_vector(lanes, empty, low), builder.shuffle_vector(lanes, empty, high))
        if half == 1:
            return builder.extract_element(lanes, ir.Constant(INT, 0))
    raise AssertionError("lanes come in powers of two")


def _arithmetic(function: Any, instruction: str) -> None:
    """Let +, -, * and / work between lanes of one width."""

    @infer_global(function)
    class _Typed(AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            if len(args) == 2 and isinstance(args[0], Lanes) and args[0] == args[1]:
                return signature(args[0], *args)
            return None

    @lower_builtin(function, Lanes, Lanes)
    def _lowered(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return getattr(builder, instruction)(*args)


for _function, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _arithmetic(_function, _instruction)
