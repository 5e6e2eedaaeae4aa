"""A graph with its encoder in 8 bits: matrices by column, and what flows through them by token.

ONNX Runtime's own quantisation scales activations by the largest number of all that is read at once, so that
sentences read together change each other's answers. Here each token has a scale of its own, as in ZeroQuant
(Yao et al. 2022), and a batch says of a sentence what it says alone.
"""

from typing import Any

import numpy as np
import onnx_ir as ir
from numpy.typing import ArrayLike, NDArray
from onnxscript.rewriter import RewriteRule, rewrite

RUNTIME = "com.microsoft"  # the domain of ONNX Runtime's own operators
LEVELS = 63  # of a weight's 127: the sum of two products then fits 16 bits, and every processor finds the same
MIDDLE = 128  # the byte that stands for 0
LEAST_GELU = -0.17  # below it Gelu has no values
TINY = 1e-20  # in the place of a scale of 0

# A rewriter's functions are handed `op`, which makes a node of whatever operator it is asked for. Query, key and value
# ask for the bytes of the same tokens; ONNX Runtime makes them once.


def quantise(graph: ir.Model) -> ir.Model:
    """Return the graph with its matrices in 8 bits and its tables of embeddings in 16; the heads stay in fp32."""
    rules = [
        RewriteRule(_product_after_gelu, _bytes_after_gelu, _is_constant),  # before the plain one, which is in it
        RewriteRule(_product, _bytes, _is_constant),
        RewriteRule(_rows, _rows_in_half, _is_constant),
    ]
    return rewrite(graph, rules)


def _product(op: Any, x: ir.Value, constant: ir.Value) -> Any:
    return op.MatMul(x, constant)


def _product_after_gelu(op: Any, x: ir.Value, constant: ir.Value) -> Any:
    return op.MatMul(op.Gelu(x), constant)


def _rows(op: Any, constant: ir.Value, places: ir.Value) -> Any:
    return op.Gather(constant, places, axis=0)


def _is_constant(context: Any, constant: ir.Value, **others: Any) -> bool:
    """Leave out the products of attention, and places that are looked up."""
    value = constant.const_value
    return value is not None and len(value.shape) == 2 and value.dtype == ir.DataType.FLOAT


def _bytes(op: Any, x: ir.Value, constant: ir.Value) -> Any:
    """Return x W of tokens x (…, tokens, in) and a matrix W (in, out)."""
    largest = op.Max(op.ReduceMax(op.Abs(x), _number(op, [-1])), _number(op, TINY))
    return _times(op, x, largest, constant, levels=127, zero=MIDDLE)


def _bytes_after_gelu(op: Any, x: ir.Value, constant: ir.Value) -> Any:
    """Return y W = (y - l) W + l W, y being the Gelu of x and l its least: 255 levels, all for what is above.

    Around 0, nearly half of the levels would stand for numbers that Gelu never gives.
    """
    above = op.Sub(op.Gelu(x), _number(op, LEAST_GELU))
    product = _times(op, above, op.ReduceMax(above, _number(op, [-1])), constant, levels=255, zero=0)
    return op.Add(product, _kept(op, constant, "least", LEAST_GELU * _array(constant).sum(axis=0)))


def _times(op: Any, x: Any, largest: Any, constant: ir.Value, *, levels: int, zero: int) -> Any:
    """Return x W = s (q - zero) Q S, in fp32.

    A token's scale s is its largest number over `levels`, its bytes q are x / s + zero; a column's S is its largest
    weight over `LEVELS`, and Q are W / S.
    """
    shifted = op.Add(op.Mul(x, op.Div(_number(op, float(levels)), largest)), _number(op, zero + 0.5))
    weights = _array(constant)
    scales = np.maximum(np.abs(weights).max(axis=0) / LEVELS, TINY)
    product = op.MatMulIntegerToFloat(
        op.Cast(shifted, to=ir.DataType.UINT8),  # which rounds down
        _kept(op, constant, "bytes", np.rint(weights / scales).astype(np.int8)),
        _number(op, 1.0),
        _kept(op, constant, "scales", scales),
        _number(op, np.uint8(zero)),
        _domain=RUNTIME,
    )
    return op.Mul(product, op.Mul(largest, _number(op, 1 / levels)))


def _rows_in_half(op: Any, constant: ir.Value, places: ir.Value) -> Any:
    half = _kept(op, constant, "half", _array(constant).astype(np.float16))
    return op.Cast(op.Gather(half, places, axis=0), to=ir.DataType.FLOAT)


def _array(constant: ir.Value) -> NDArray[np.float32]:
    assert constant.const_value is not None  # noqa: S101  # the rule's condition
    return constant.const_value.numpy()


def _kept(op: Any, constant: ir.Value, what: str, value: NDArray[Any]) -> Any:
    """Return what a constant has become, under its name."""
    return op.initializer(ir.tensor(value, name=f"{constant.name}.{what}"))


def _number(op: Any, value: ArrayLike) -> Any:
    array = np.asarray(value)
    return op.Constant(value=ir.tensor(array.astype(np.float32) if array.dtype == np.float64 else array))
