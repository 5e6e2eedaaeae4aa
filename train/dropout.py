"""Dropout as training on a processor wants it."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

VALUES = 2**16  # that a random number of 16 bits may take


class ProcessorDropout(TorchFunctionMode):
    """Where it is active, `torch.nn.functional.dropout` is `dropout` below, for what lies in a processor's memory."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Call what was to be called, or our own."""
        named = kwargs or {}
        return dropout(*args, **named) if func is functional.dropout else func(*args, **named)


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Return what `torch.nn.functional.dropout` does, its mask drawn four numbers at a time.

    torch draws a mask's numbers one after the other where the processor is not Intel's, and takes a
    fifth of a small encoder's training for it. Here 64 random bits of the same generator serve four
    numbers; `p` is thereby rounded to a 65,536th.
    """
    dropped = round(p * VALUES)
    if not training or inplace or input.device.type != "cpu" or not 0 < dropped < VALUES:
        return functional.dropout(input, p, training, inplace)
    bits = torch.empty(input.numel() // 4 + 1, dtype=torch.int64).random_(-(2**63), None)
    numbers = bits.view(torch.int16)[: input.numel()].view(input.shape)
    kept = torch.empty_like(input, requires_grad=False)
    torch.ge(numbers, dropped - VALUES // 2, out=kept)
    return input * kept.mul_(VALUES / (VALUES - dropped))
