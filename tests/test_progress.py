"""What a fit says of itself while it works."""

import io

import pytest
from rich.console import Console
from transformers import TrainerControl, TrainerState, TrainingArguments

from train import progress
from train.tracker import NullTracker


def test_progress_line_has_the_mean_loss_of_its_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    said = io.StringIO()
    monkeypatch.setattr(progress, "console", Console(file=said, width=200))
    fit = progress.FitProgress(NullTracker(), sentences=64, checkpoint_steps=100, shown=True)
    args, control = TrainingArguments(num_train_epochs=2, use_cpu=True), TrainerControl()
    state = TrainerState(max_steps=4, num_train_epochs=2)
    fit.on_train_begin(args, state, control)
    for epoch, losses in ((1, (2.0, 1.0)), (2, (1.0, 0.2))):
        for loss in losses:
            state.global_step += 1
            fit.on_step_end(args, state, control)
            fit.on_log(
                args, state, control, logs={"loss": loss, "learning_rate": 0.1, "grad_norm": 1.0, "epoch": epoch}
            )
        fit.on_log(args, state, control, logs={"eval_stance_macro_f1": 0.5 + epoch / 10, "epoch": epoch})
        assert "nan" not in fit._figures()  # a bar goes on showing them until the next loss is logged
    fit.on_train_end(args, state, control)
    first, second = said.getvalue().splitlines()
    assert first.startswith("epoch 1/2  loss 1.500  dev macro-F1 0.600")
    assert second.startswith("epoch 2/2  loss 0.600  dev macro-F1 0.700")
