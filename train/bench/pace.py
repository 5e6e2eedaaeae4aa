"""The pace of a training, whatever the first step costs."""

import time
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


class Pace(TrainerCallback):
    """Times an epoch as if every step took as long as those after the first.

    The first has the optimizer's memory to get, once in a fit of many steps. What came before it (tokenising,
    making the Trainer) counts in full. A single step counts as it is.
    """

    def __init__(self) -> None:
        self._made = self._first = self._last = time.perf_counter()
        self._begun = self._made
        self._steps = 0

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Note when the steps begin."""
        self._begun = time.perf_counter()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Note when a step ends."""
        self._last = time.perf_counter()
        self._steps += 1
        if self._steps == 1:
            self._first = self._last

    @property
    def seconds(self) -> float:
        """From the making of this object to the end of the epoch, at the pace of the later steps."""
        if self._steps < 2:
            return self._last - self._made
        return (self._begun - self._made) + (self._last - self._first) * self._steps / (self._steps - 1)
