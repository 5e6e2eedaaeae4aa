"""Dropout drawn eight numbers at a time: torch draws each alone, on one core, a sixth of `mini`'s training."""

import torch
from torch import Tensor, nn

LEVELS = 256  # of a byte
BYTES = 8  # of a drawn number


def draw_dropout_by_bytes(model: nn.Module) -> None:
    """Have a model on a CPU draw its dropout from bytes, each rate rounded to the next 256th (0.1 to 0.1016)."""
    for module in model.modules():
        if type(module) is nn.Dropout and round(LEVELS * module.p) < LEVELS:
            module.__class__ = DropoutByBytes


class DropoutByBytes(nn.Dropout):
    """Dropout whose mask is of drawn bytes; what is kept is scaled by the rounded rate, so that means stay."""

    def forward(self, input: Tensor) -> Tensor:
        """Return some numbers 0, and the others larger, in training on a CPU; elsewhere as torch does."""
        dropped = round(LEVELS * self.p)
        if not self.training or not dropped or input.device.type != "cpu":
            return super().forward(input)
        drawn = torch.empty(-(-input.numel() // BYTES), dtype=torch.int64).random_(-(2**63), None)
        kept = drawn.view(torch.uint8)[: input.numel()].view(input.shape) >= dropped
        return input * kept.to(input.dtype).mul_(LEVELS / (LEVELS - dropped))
