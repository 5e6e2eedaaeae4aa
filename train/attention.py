"""Attention as training on a processor wants it."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from transformers import PreTrainedModel


@contextmanager
def attention_for_training(encoder: PreTrainedModel) -> Iterator[None]:
    """Let an encoder's attention be written out step by step while it is trained on a processor.

    torch's fused attention has no fast way back for short sentences on a processor.
    """
    before = encoder.config._attn_implementation
    if not torch.cuda.is_available():
        encoder.set_attn_implementation("eager")
    try:
        yield
    finally:
        encoder.set_attn_implementation(before)
