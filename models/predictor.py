"""Sentences and their actors in, probabilities out, by torch."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from tokenizers import Tokenizer

from data.sentence import LabelledSentence
from models.batches import Batch
from models.classifier import StanceClassifier
from models.config import ModelConfig
from models.folder import load_model_folder
from models.predictions import Predictions, Rows, Runtime, predict_sentences, run_readings
from models.readings import Reading


class Predictor:
    """A model folder that reads sentences, in fp32 so that a figure does not hang on its neighbours."""

    def __init__(self, config: ModelConfig, tokenizer: Tokenizer, model: StanceClassifier) -> None:
        self.config = config
        self.tokenizer = tokenizer
        self.model = model.to("cuda" if torch.cuda.is_available() else "cpu")

    @classmethod
    def from_folder(cls, path: Path) -> "Predictor":
        """Load a model folder.

        Raises:
            UserError: The folder is not whole.
        """
        return cls(*load_model_folder(path))

    def predict(self, sentences: Sequence[LabelledSentence]) -> Predictions:
        """Return the probabilities of every actor and every sentence; labels are not looked at.

        Raises:
            UserError: An actor's mention cannot be read.
        """
        with _evaluating(self.model):
            return predict_sentences(_runtime(self.model), sentences, config=self.config, tokenizer=self.tokenizer)


def predict_readings(
    model: StanceClassifier,
    readings: Sequence[Reading],
    sentences: Sequence[LabelledSentence],
    *,
    pad_id: int,
    bf16: bool = False,
    on_batch: Callable[[int], None] = lambda readings: None,
) -> Predictions:
    """Return the probabilities for sentences whose readings are made; `on_batch` hears of progress."""
    with _evaluating(model):
        return run_readings(_runtime(model, bf16=bf16), readings, sentences, pad_id=pad_id, on_batch=on_batch)


@contextmanager
def _evaluating(model: StanceClassifier) -> Iterator[None]:
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)


def _runtime(model: StanceClassifier, *, bf16: bool = False) -> Runtime:
    device = next(model.parameters()).device

    def run(batch: Batch) -> tuple[Rows, Rows]:
        tensors = {name: torch.from_numpy(array).to(device) for name, array in batch.items()}
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            logits = model(**tensors)
        return logits.stance.softmax(dim=1).cpu().numpy(), logits.sentiment.softmax(dim=1).cpu().numpy()

    return run
