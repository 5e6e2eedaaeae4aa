"""Which numbers a machine trains with."""

import torch


def fast_precision() -> str:
    """Return bf16 where the processor or the GPU has it, else fp32."""
    if torch.cuda.is_available():
        return "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    return "bf16" if torch.cpu._is_avx512_bf16_supported() else "fp32"  # no public name yet
