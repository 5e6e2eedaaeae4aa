"""What is said of sentences, and how a runtime is led through their readings: in batches by tokens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from data.labels import SENTIMENTS, STANCES
from data.probabilities import temper
from data.sentence import LabelledSentence
from models.batches import Batch, by_token_budget, make_batch
from models.config import ModelConfig
from models.readings import Reading, make_readings

TOKEN_BUDGET = 1024  # whose states stay in a processor's caches: 4096 take a third longer

Rows = NDArray[np.float32]
Runtime = Callable[[Batch], tuple[Rows, Rows]]  # to probabilities: stance (actors, 3), sentiment (readings, 3)


@dataclass(frozen=True)
class Predictions:
    """Probabilities in the order of the labels.

    `stance` has a row for each actor of each sentence, in order (actors, 3); `sentiment` a row for
    each sentence (sentences, 3), or is None for a model that was never shown a sentiment.
    """

    stance: Rows
    sentiment: Rows | None


def predict_sentences(
    run: Runtime,
    sentences: Sequence[LabelledSentence],
    *,
    config: ModelConfig,
    tokenizer: Tokenizer,
    token_budget: int = TOKEN_BUDGET,
) -> Predictions:
    """Return the calibrated probabilities of every actor and every sentence; labels are not looked at.

    Raises:
        UserError: An actor's mention cannot be read.
    """
    readings = make_readings(sentences, tokenizer, target=config.target, max_tokens=config.max_tokens)
    predictions = run_readings(run, readings, sentences, pad_id=config.pad_id, token_budget=token_budget)
    stance = temper(predictions.stance, config.calibration.get("stance", 1.0)).astype(np.float32)
    if not config.reads_sentiment or predictions.sentiment is None:
        return Predictions(stance, None)
    sentiment = temper(predictions.sentiment, config.calibration.get("sentiment", 1.0))
    return Predictions(stance, sentiment.astype(np.float32))


def run_readings(
    run: Runtime,
    readings: Sequence[Reading],
    sentences: Sequence[LabelledSentence],
    *,
    pad_id: int,
    token_budget: int = TOKEN_BUDGET,
    on_batch: Callable[[int], None] = lambda readings: None,
) -> Predictions:
    """Return the probabilities for sentences whose readings are made; `on_batch` hears of progress."""
    offsets = np.cumsum([0, *(len(sentence.actors) for sentence in sentences)])
    stance = np.zeros((offsets[-1], len(STANCES)), dtype=np.float32)
    sentiment = np.zeros((len(sentences), len(SENTIMENTS)), dtype=np.float32)
    for group in by_token_budget([len(reading.input_ids) for reading in readings], token_budget):
        read = [readings[index] for index in group]
        of_actors, of_readings = run(make_batch(read, pad_id=pad_id))
        stance[[offsets[reading.sentence] + actor for reading in read for actor in reading.actors]] = of_actors
        rows = [row for row, reading in enumerate(read) if reading.gives_sentiment]
        sentiment[[read[row].sentence for row in rows]] = of_readings[rows]
        on_batch(len(read))
    return Predictions(stance, sentiment)
