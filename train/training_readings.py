"""What a fit reads: every training sentence as it is labelled and, now and then, told of other actors."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.utils.data import Dataset

from data.actor_list import bundled_actors
from data.labels import MISSING, SENTIMENTS, STANCES, label_index
from data.sentence import LabelledSentence
from data.substitution import known_actors
from data.variation import names_by_type, vary
from models.readings import Reading, make_readings

VARIATIONS = 4  # of each sentence


class LabelledReading(NamedTuple):
    """A reading, the stance of each of its actors, and the sentence's sentiment, MISSING where there is none."""

    reading: Reading
    stance: list[int]
    sentiment: int


class TrainingReadings(Dataset[LabelledReading]):
    """The readings of an epoch: each as it is labelled or, by chance, as one of its variations.

    `alternatives` has for each reading itself and then its variations. Which of them an epoch shows hangs on
    `seed`, the epoch and the reading's place alone.
    """

    def __init__(
        self, alternatives: Sequence[Sequence[LabelledReading]], *, varied_share: float = 0.0, seed: int = 0
    ) -> None:
        self._alternatives = alternatives
        self._varied_share = varied_share
        self._seed = seed
        self._epoch = 0

    def __len__(self) -> int:
        return len(self._alternatives)

    def __getitem__(self, index: int) -> LabelledReading:
        itself, *varied = self._alternatives[index]
        generator = np.random.default_rng([self._seed, self._epoch, index])
        if varied and generator.random() < self._varied_share:
            return varied[generator.integers(len(varied))]
        return itself

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch whose readings come next."""
        self._epoch = epoch

    def lengths(self) -> list[int]:
        """Return the tokens of each reading as it is labelled."""
        return [len(itself.reading.input_ids) for itself, *_ in self._alternatives]

    def labels(self, class_weights: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return how many stance labels (each counted with its class's weight) and sentiment labels there are: (2,).

        A kind without labels counts as 1, so that one may divide by it.
        """
        stances = [label for itself, *_ in self._alternatives for label in itself.stance if label != MISSING]
        sentiments = sum(itself.sentiment != MISSING for itself, *_ in self._alternatives)
        return np.array([sum(float(class_weights[label]) for label in stances) or 1.0, sentiments or 1.0])


def training_readings(
    sentences: Sequence[LabelledSentence],
    tokenizer: Tokenizer,
    *,
    target: str,
    max_tokens: int,
    varied_share: float,
    seed: int,
) -> TrainingReadings:
    """Return the readings of sentences, with variations if a share of them is to be varied.

    Raises:
        UserError: A mention cannot be read.
    """
    alternatives = [[one] for one in _labelled(sentences, tokenizer, target, max_tokens)]
    if varied_share:
        names, known = names_by_type(sentences, bundled_actors()), known_actors(bundled_actors())
        generator = np.random.default_rng(seed)
        for _ in range(VARIATIONS):
            told = [vary(sentence, names, known, generator) for sentence in sentences]
            _add(alternatives, _labelled(told, tokenizer, target, max_tokens))
    return TrainingReadings(alternatives, varied_share=varied_share, seed=seed)


def _labelled(
    sentences: Sequence[LabelledSentence], tokenizer: Tokenizer, target: str, max_tokens: int
) -> list[LabelledReading]:
    labelled = []
    for reading in make_readings(sentences, tokenizer, target=target, max_tokens=max_tokens):
        sentence = sentences[reading.sentence]
        stance = [label_index(sentence.actors[actor].stance, STANCES) for actor in reading.actors]
        sentiment = label_index(sentence.sentiment, SENTIMENTS) if reading.gives_sentiment else MISSING
        labelled.append(LabelledReading(reading, stance, sentiment))
    return labelled


def _add(alternatives: Sequence[list[LabelledReading]], varied: Sequence[LabelledReading]) -> None:
    """Add variations to the readings of the same sentence and actors; one cut into other parts stays out."""
    places = {_place(one.reading): one for one in varied}
    for known in alternatives:
        found = places.get(_place(known[0].reading))
        if found and found.reading.input_ids != known[0].reading.input_ids:
            known.append(found)


def _place(reading: Reading) -> tuple[int, bool, tuple[int, ...]]:
    return reading.sentence, reading.gives_sentiment, tuple(reading.actors)
