"""What a model in training says of some sentences after each epoch."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from tokenizers import Tokenizer
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from data.sentence import LabelledSentence
from models.config import ModelConfig
from models.predictions import Predictions, Rows
from models.predictor import predict_readings
from models.readings import make_readings


class LearningWatch(TrainerCallback):
    """Keeps the probabilities of every actor and sentence that each epoch ends with."""

    def __init__(self, sentences: Sequence[LabelledSentence], config: ModelConfig, tokenizer: Tokenizer) -> None:
        self._sentences = sentences
        self._readings = make_readings(sentences, tokenizer, target=config.target, max_tokens=config.max_tokens)
        self._pad_id = config.pad_id
        self._epochs: list[tuple[Rows, Rows]] = []

    def on_epoch_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Read the sentences."""
        model = kwargs["model"]
        said = predict_readings(model, self._readings, self._sentences, pad_id=self._pad_id, bf16=args.bf16)
        if said.sentiment is not None:
            self._epochs.append((said.stance, said.sentiment))

    def mean(self) -> Predictions:
        """Return the mean probabilities over the epochs so far."""
        stances, sentiments = zip(*self._epochs, strict=True)
        return Predictions(np.mean(stances, axis=0), np.mean(sentiments, axis=0))
