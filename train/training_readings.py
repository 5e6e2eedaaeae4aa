"""What a fit reads: the training sentences as readings, with their labels."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.utils.data import Dataset

from data.labels import MISSING, SENTIMENTS, STANCES, label_index
from data.sentence import LabelledSentence
from models.readings import Reading, make_readings


class LabelledReading(NamedTuple):
    """A reading, the stance of each of its actors, and the sentence's sentiment, MISSING where there is none."""

    reading: Reading
    stance: list[int]
    sentiment: int


class TrainingReadings(Dataset[LabelledReading]):
    """Readings with their labels."""

    def __init__(self, readings: Sequence[LabelledReading]) -> None:
        self._readings = readings

    def __len__(self) -> int:
        return len(self._readings)

    def __getitem__(self, index: int) -> LabelledReading:
        return self._readings[index]

    def readings(self) -> list[Reading]:
        """Return the readings alone."""
        return [labelled.reading for labelled in self._readings]

    def replace(self, readings: Sequence[Reading]) -> None:
        """Take other readings of the same sentences, in the same order."""
        pairs = zip(self._readings, readings, strict=True)
        self._readings = [labelled._replace(reading=reading) for labelled, reading in pairs]

    def lengths(self) -> list[int]:
        """Return the tokens of each reading."""
        return [len(labelled.reading.input_ids) for labelled in self._readings]

    def labels(self, class_weights: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return how many stance labels (each counted with its class's weight) and sentiment labels there are: (2,).

        A kind without labels counts as 1, so that one may divide by it.
        """
        stances = [label for labelled in self._readings for label in labelled.stance if label != MISSING]
        sentiments = sum(labelled.sentiment != MISSING for labelled in self._readings)
        return np.array([sum(float(class_weights[label]) for label in stances) or 1.0, sentiments or 1.0])


def training_readings(
    sentences: Sequence[LabelledSentence], tokenizer: Tokenizer, *, target: str, max_tokens: int
) -> TrainingReadings:
    """Return the readings of labelled sentences.

    Raises:
        UserError: A mention cannot be read.
    """
    labelled = []
    for reading in make_readings(sentences, tokenizer, target=target, max_tokens=max_tokens):
        sentence = sentences[reading.sentence]
        stance = [label_index(sentence.actors[actor].stance, STANCES) for actor in reading.actors]
        sentiment = label_index(sentence.sentiment, SENTIMENTS) if reading.gives_sentiment else MISSING
        labelled.append(LabelledReading(reading, stance, sentiment))
    return TrainingReadings(labelled)
