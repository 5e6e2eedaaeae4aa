"""Readings as arrays: what one pass of the encoder is given, within a budget of tokens."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.readings import Reading

Batch = dict[str, NDArray[Any]]


def make_batch(readings: Sequence[Reading], *, pad_id: int) -> Batch:
    """Return the arrays of a batch, padded to its longest reading.

    Actors are numbered through the batch, reading by reading:

    - input_ids, attention_mask, token_type_ids: (readings, tokens)
    - actor_rows: (actors,), the reading that shows the actor
    - mention_tokens: (mention tokens,), positions in the batch flattened to (readings * tokens)
    - mention_actors: (mention tokens,), the actor each of them belongs to
    - lower_states: (readings, tokens, hidden), only where the readings have them
    """
    rows, width = len(readings), max(len(reading.input_ids) for reading in readings)
    input_ids = np.full((rows, width), pad_id, dtype=np.int64)
    attention_mask = np.zeros((rows, width), dtype=np.int64)
    token_type_ids = np.zeros((rows, width), dtype=np.int64)
    actor_rows: list[int] = []
    mention_tokens: list[int] = []
    mention_actors: list[int] = []
    for row, reading in enumerate(readings):
        length = len(reading.input_ids)
        input_ids[row, :length] = reading.input_ids
        attention_mask[row, :length] = 1
        token_type_ids[row, :length] = reading.type_ids
        for tokens in reading.tokens:
            mention_tokens += [row * width + token for token in tokens]
            mention_actors += [len(actor_rows)] * len(tokens)
            actor_rows.append(row)
    batch: Batch = {
        "input_ids": input_ids,
        "attention_mask": attention_mask,
        "token_type_ids": token_type_ids,
        "actor_rows": np.array(actor_rows, dtype=np.int64),
        "mention_tokens": np.array(mention_tokens, dtype=np.int64),
        "mention_actors": np.array(mention_actors, dtype=np.int64),
    }
    lower = [reading.lower for reading in readings if reading.lower is not None]
    if lower:
        batch["lower_states"] = np.zeros((rows, width, lower[0].shape[1]), dtype=np.float32)
        for row, states in enumerate(lower):
            batch["lower_states"][row, : len(states)] = states
    return batch


def by_token_budget(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield groups of indices, sorted by length, each at most `budget` tokens with its padding.

    The longest come first, so that what does not fit into memory fails at once. An item longer
    than the budget is a group of its own.
    """
    group: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda item: -lengths[item]):
        if group and lengths[group[0]] * (len(group) + 1) > budget:
            yield group
            group = []
        group.append(index)
    if group:
        yield group
