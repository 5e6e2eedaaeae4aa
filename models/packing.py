"""Linear layers that read with their weights in the order that the processor multiplies fastest in."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional


class _Packed:
    """Weights in oneDNN's own order, and the version of those they were made of. A copy of a layer makes its own."""

    def __init__(self) -> None:
        self.weight: Tensor | None = None
        self.version = -1

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Packed":
        return _Packed()


class PackedLinear(nn.Linear):
    """nn.Linear, but while nothing is trained its weights are ordered once, and not in every product.

    The same to rounding. On AMD's processors, whose fp32 products torch leaves to another library, twice as fast; in
    bf16 a tenth faster.
    """

    _packed: _Packed

    def forward(self, input: Tensor) -> Tensor:
        """Return input @ weight.T + bias."""
        if torch.is_grad_enabled() or torch.is_autocast_enabled("cpu") or torch.compiler.is_compiling():
            return functional.linear(input, self.weight, self.bias)
        packed = self._packed
        if packed.weight is None or packed.version != self.weight._version:
            packed.weight = torch.ops.mkldnn._reorder_linear_weight(self.weight.detach(), None)
            packed.version = self.weight._version
        made: Tensor = torch.ops.mkldnn._linear_pointwise(input, packed.weight, self.bias, "none", [], "")
        return made


def pack(module: nn.Module) -> None:
    """Let all linear layers inside a module read so, where torch has the product for it and they are on the CPU.

    Weights and their names stay as they are; a layer that is trained on, copied or exported is the layer it was.
    """
    # Names of torch's own compiler, without a promise: where they are gone, layers stay as they are.
    known = all(hasattr(torch.ops.mkldnn, name) for name in ("_reorder_linear_weight", "_linear_pointwise"))
    if not known or not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return
    for layer in module.modules():
        if type(layer) is nn.Linear and layer.weight.device.type == "cpu" and _multiplies(layer.weight.dtype):
            layer._packed = _Packed()  # type: ignore[assignment]
            layer.__class__ = PackedLinear


def _multiplies(kind: torch.dtype) -> bool:
    """Say whether oneDNN has a product of such numbers for this processor."""
    return kind is torch.float32 or (kind is torch.bfloat16 and torch.ops.mkldnn._is_mkldnn_bf16_supported())
