"""transformers' Trainer with attention and dropout as training on a processor wants them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from transformers import PreTrainedModel, Trainer

from models.classifier import StanceClassifier
from train.dropout import ProcessorDropout


class ProcessorTrainer(Trainer):
    """transformers' Trainer, with the attention and the dropout that are fastest for training."""

    model: StanceClassifier

    def train(self, *arguments: Any, **named: Any) -> Any:
        """Train as transformers' Trainer does."""
        with _attention_for_training(self.model.encoder), ProcessorDropout():
            return super().train(*arguments, **named)


@contextmanager
def _attention_for_training(encoder: PreTrainedModel) -> Iterator[None]:
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
