"""What a fit shows while it works: on stderr, a bar on a terminal, a line an epoch elsewhere."""

import time
from statistics import fmean
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from train.tracker import Tracker

console = Console(stderr=True)


def step_bar(name: str, *, shown: bool = True) -> Progress:
    """Return a bar of training steps with figures and the time left; nothing where no terminal is."""
    return Progress(
        TextColumn(name),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[figures]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        disable=not (shown and console.is_terminal),
    )


class FitProgress(TrainerCallback):
    """Shows loss, dev macro-F1, sentences/s and the time left, and tells the tracker the same."""

    def __init__(self, tracker: Tracker, *, sentences: int, checkpoint_steps: int, shown: bool) -> None:
        self._tracker = tracker
        self._shown = shown
        self._sentences = sentences
        self._checkpoint_steps = checkpoint_steps
        self._losses: list[float] = []  # what was logged in this epoch
        self._loss = float("nan")
        self._dev = float("nan")
        self._rate = 0.0
        self._bar = step_bar("fit", shown=shown)

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Show the bar, at the step a resumed run goes on from."""
        self._begun, self._first_step, self._evaluating = time.monotonic(), state.global_step, 0.0
        self._bar.start()
        self._task = self._bar.add_task("fit", total=state.max_steps, completed=state.global_step, figures="")

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Move the bar, and have a checkpoint kept every so many steps."""
        steps_per_epoch = state.max_steps / args.num_train_epochs
        seconds = time.monotonic() - self._begun
        self._rate = (state.global_step - self._first_step) / steps_per_epoch * self._sentences / seconds
        self._bar.update(self._task, completed=state.global_step, figures=self._figures())
        if state.global_step % self._checkpoint_steps == 0:
            control.should_save = True

    def on_log(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **passed: Any) -> None:
        """Pass figures on under the project's names."""
        logs: dict[str, float] = passed["logs"]
        if "loss" in logs:
            self._losses.append(logs["loss"])
            self._loss = fmean(self._losses)
            values = {
                "train_loss": logs["loss"],
                "learning_rate": logs["learning_rate"],
                "gradient_norm": logs["grad_norm"],
            }
            self._tracker.metrics({**values, "epoch": logs["epoch"], "sentences_per_s": self._rate}, state.global_step)
        dev = {name.replace("eval_", "dev_", 1): value for name, value in logs.items() if name.startswith("eval_")}
        if dev:
            self._dev = dev["dev_stance_macro_f1"]
            self._tracker.metrics({**dev, "epoch": logs["epoch"]}, state.global_step)
            if self._shown and not console.is_terminal:
                console.print(
                    f"epoch {logs['epoch']:.0f}/{args.num_train_epochs:.0f}  {self._figures()}", highlight=False
                )
            self._losses.clear()

    def on_train_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Take the bar away."""
        self._bar.stop()

    def _figures(self) -> str:
        """Return the mean loss of the epoch so far, dev's figure after the last one, and the speed."""
        return f"loss {self._loss:.3f}  dev macro-F1 {self._dev:.3f}  {self._rate:.0f} sentences/s"
