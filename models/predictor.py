"""Sentences and their actors in, probabilities out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from data.labels import SENTIMENTS, STANCES
from data.probabilities import temper
from data.sentence import LabelledSentence
from models.batches import by_token_budget, make_batch
from models.classifier import StanceClassifier
from models.folder import ModelConfig, load_model_folder
from models.readings import Reading, make_readings

TOKEN_BUDGET = 4096


@dataclass(frozen=True)
class Predictions:
    """Probabilities in the order of the labels.

    `stance` has a row for each actor of each sentence, in order (actors, 3); `sentiment` a row for
    each sentence (sentences, 3), or is None for a model that was never shown a sentiment.
    """

    stance: NDArray[np.float32]
    sentiment: NDArray[np.float32] | None


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
        config = self.config
        readings = make_readings(sentences, self.tokenizer, target=config.target, max_tokens=config.max_tokens)
        predictions = predict_readings(self.model, readings, sentences, pad_id=config.pad_id)
        stance = temper(predictions.stance, config.calibration.get("stance", 1.0)).astype(np.float32)
        if not config.reads_sentiment or predictions.sentiment is None:
            return Predictions(stance, None)
        sentiment = temper(predictions.sentiment, config.calibration.get("sentiment", 1.0))
        return Predictions(stance, sentiment.astype(np.float32))


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
    offsets = np.cumsum([0, *(len(sentence.actors) for sentence in sentences)])
    stance = np.zeros((offsets[-1], len(STANCES)), dtype=np.float32)
    sentiment = np.zeros((len(sentences), len(SENTIMENTS)), dtype=np.float32)
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    for group in by_token_budget([len(reading.input_ids) for reading in readings], TOKEN_BUDGET):
        read = [readings[index] for index in group]
        batch = {name: torch.from_numpy(array).to(device) for name, array in make_batch(read, pad_id=pad_id).items()}
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            logits = model(**batch)
        actors = [offsets[reading.sentence] + actor for reading in read for actor in reading.actors]
        stance[actors] = logits.stance.softmax(dim=1).cpu().numpy()
        rows = [row for row, reading in enumerate(read) if reading.gives_sentiment]
        sentiment[[read[row].sentence for row in rows]] = logits.sentiment.softmax(dim=1).cpu().numpy()[rows]
        on_batch(len(read))
    model.train(was_training)
    return Predictions(stance, sentiment)
