"""What a distillation shows while it works, on stderr, and tells the tracker."""

import time
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from train.progress import console, step_bar
from train.tracker import Tracker


class DistillProgress(TrainerCallback):
    """Shows how near the student is to its teacher, tokens/s and the time left."""

    def __init__(self, tracker: Tracker, *, tokens_per_step: int) -> None:
        self._tracker = tracker
        self._tokens_per_step = tokens_per_step
        self._figures = ""
        self._bar = step_bar("distill")

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Show the bar, at the step a resumed run goes on from."""
        self._begun, self._first_step = time.monotonic(), state.global_step
        self._bar.start()
        self._task = self._bar.add_task("distill", total=state.max_steps, completed=state.global_step, figures="")

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=state.global_step, figures=self._figures)

    def on_log(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **passed: Any) -> None:
        """Pass figures on under the project's names."""
        logs: dict[str, float] = passed["logs"]
        if "loss" in logs:
            seconds = time.monotonic() - self._begun
            rate = (state.global_step - self._first_step) * self._tokens_per_step / seconds
            names = {"loss": "train_loss", "grad_norm": "gradient_norm"}
            figures = {names.get(name, name): value for name, value in logs.items() if name != "epoch"}
            self._tracker.metrics({**figures, "tokens_per_s": rate}, state.global_step)
            self._figures = f"word cosine {logs['word_cosine']:.3f}  {rate:.0f} tokens/s"
        held_out = {name.replace("eval_", "held_out_"): value for name, value in logs.items() if "eval_" in name}
        if held_out:
            self._tracker.metrics(held_out, state.global_step)
            if not console.is_terminal:
                said = "  ".join(f"{name} {value:.3f}" for name, value in held_out.items())
                console.print(f"step {state.global_step}/{state.max_steps}  {self._figures}  {said}", highlight=False)

    def on_train_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Take the bar away."""
        self._bar.stop()
