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
from models.packing import pack
from models.predictions import TOKEN_BUDGET, Predictions, Rows, Runtime, predict_sentences, run_readings
from models.readings import Reading
from models.threads import usable_cores

GPU_TOKEN_BUDGET = 16_384  # fills its cores


class Predictor:
    """A model folder that reads sentences.

    In fp32 a figure does not hang on its neighbours. In bf16, the encoder's weights and states in half the bits,
    its third digit may; the heads stay in fp32.
    """

    def __init__(
        self, config: ModelConfig, tokenizer: Tokenizer, model: StanceClassifier, *, precision: str = "fp32"
    ) -> None:
        self.config = config
        self.tokenizer = tokenizer
        self.model = model.to("cuda" if torch.cuda.is_available() else "cpu")
        if precision == "bf16":
            self.model.encoder.bfloat16()
        pack(self.model.encoder)
        torch.set_num_threads(min(torch.get_num_threads(), usable_cores()))

    @classmethod
    def from_folder(cls, path: Path, precision: str = "fp32") -> "Predictor":
        """Load a model folder.

        Raises:
            UserError: The folder is not whole.
        """
        return cls(*load_model_folder(path), precision=precision)

    def predict(self, sentences: Sequence[LabelledSentence]) -> Predictions:
        """Return the probabilities of every actor and every sentence; labels are not looked at.

        Raises:
            UserError: An actor's mention cannot be read.
        """
        with _evaluating(self.model):
            return predict_sentences(
                _runtime(self.model),
                sentences,
                config=self.config,
                tokenizer=self.tokenizer,
                token_budget=_token_budget(self.model),
            )


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
        return run_readings(
            _runtime(model, bf16=bf16),
            readings,
            sentences,
            pad_id=pad_id,
            token_budget=_token_budget(model),
            on_batch=on_batch,
        )


@contextmanager
def _evaluating(model: StanceClassifier) -> Iterator[None]:
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)


def _token_budget(model: StanceClassifier) -> int:
    return TOKEN_BUDGET if next(model.parameters()).device.type == "cpu" else GPU_TOKEN_BUDGET


def _runtime(model: StanceClassifier, *, bf16: bool = False) -> Runtime:
    device = next(model.parameters()).device

    def run(batch: Batch) -> tuple[Rows, Rows]:
        tensors = {name: torch.from_numpy(array).to(device) for name, array in batch.items()}
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            logits = model(**tensors)
        return logits.stance.softmax(dim=1).cpu().numpy(), logits.sentiment.softmax(dim=1).cpu().numpy()

    return run
