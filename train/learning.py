"""The Trainer of a fit: its readings, its dev measure, its arguments."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from transformers import EarlyStoppingCallback, PrinterCallback, TrainerCallback, TrainerState, TrainingArguments

from data.labels import SENTIMENTS, STANCES
from data.problems import UserError
from evaluation.report import plain_figures, sentiment_labels, stance_labels
from models.classifier import StanceClassifier
from models.config import ModelConfig
from models.predictor import predict_readings
from models.readings import make_readings
from train.frozen_states import read_lower_once
from train.job import FitJob
from train.memory import keep_freed_memory
from train.progress import FitProgress
from train.trainer import PARTS, StanceTrainer, make_optimizer
from train.training_readings import training_readings
from train.workspace import TRAINER_STATE

LOSS_EVERY_STEPS = 10


def model_config(job: FitJob) -> ModelConfig:
    """Return what the model folder will say of the model."""
    encoder, settings = job.encoder, job.settings
    fields = encoder.model.config.to_diff_dict()
    fields.pop("_name_or_path", None)
    return ModelConfig(
        encoder=encoder.name,
        encoder_revision=encoder.revision,
        encoder_config={**fields, "model_type": encoder.model.config.model_type},
        target=settings.heads.target,
        max_tokens=settings.encoder.max_tokens,
        dropout=settings.heads.dropout,
        pad_id=int(encoder.tokenizer.pad_token_id or 0),
        reads_sentiment=any(sentence.sentiment for sentence in job.data.train),
        data_sha256=job.data.sha256,
    )


def make_trainer(
    job: FitJob, model: StanceClassifier, config: ModelConfig, callbacks: Sequence[TrainerCallback] = ()
) -> StanceTrainer:
    """Return the Trainer of a job, all sentences made into readings; `callbacks` are asked after our own.

    Raises:
        UserError: There are too few sentences, or a mention cannot be read.
    """
    keep_freed_memory()
    training, data = job.settings.training, job.data
    tokenizer = job.encoder.plain_tokenizer()
    readings = training_readings(data.train, tokenizer, target=config.target, max_tokens=config.max_tokens)
    if len(readings) < PARTS:
        raise UserError(f"{data.path / 'train.jsonl'}: expected at least {PARTS} sentences, found {len(readings)}.")
    readings.replace(read_lower_once(job, model, readings.readings(), "train", pad_id=config.pad_id))
    trainer = StanceTrainer(
        model=model,
        args=_arguments(job, len(readings)),
        train_dataset=readings,
        batch_size=training.batch_size,
        pad_id=config.pad_id,
        class_weights=class_weights(job.settings.heads.class_weights, stance_labels(data.train)),
        optimizer=make_optimizer(
            model,
            encoder_rate=float(training.learning_rate or 0.0),
            head_rate=training.head_learning_rate,
            weight_decay=training.weight_decay,
            layer_decay=float(training.layer_decay or 1.0),
        ),
        evaluate_dev=DevMeasure(job, model, config),
        callbacks=[
            EarlyStoppingCallback(training.patience),
            FitProgress(
                job.tracker,
                sentences=len(data.train),
                checkpoint_steps=job.settings.run.checkpoint_steps,
                shown=job.first,
            ),
            *callbacks,
        ],
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def stopped_early(checkpoint: Path, patience: int) -> bool:
    """Say whether the run that wrote a checkpoint had run out of patience: the Trainer would go on with it."""
    state = TrainerState.load_from_json(str(checkpoint / TRAINER_STATE))
    saved = state.stateful_callbacks.get(EarlyStoppingCallback.__name__, {})
    waited = saved.get("attributes", {}).get("early_stopping_patience_counter", 0)
    return int(waited) >= patience


def take_best(trainer: StanceTrainer, checkpoint: Path) -> None:
    """Give the model the weights of the best epoch that a checkpoint knows of."""
    trainer.state = TrainerState.load_from_json(str(checkpoint / TRAINER_STATE))
    best = checkpoint.parent / f"checkpoint-{trainer.state.best_global_step}"
    trainer.model.load_state_dict(load_file(best / "model.safetensors"))


class DevMeasure:
    """Measures a model in training on the dev sentences, in the precision of the training."""

    def __init__(self, job: FitJob, model: StanceClassifier, config: ModelConfig) -> None:
        self._sentences = job.data.dev
        self._bf16 = job.settings.training.precision == "bf16"
        self._model, self._pad_id = model, config.pad_id
        readings = make_readings(
            self._sentences, job.encoder.plain_tokenizer(), target=config.target, max_tokens=config.max_tokens
        )
        self._readings = read_lower_once(job, model, readings, "dev", pad_id=config.pad_id)

    def __call__(self) -> dict[str, float]:
        """Return the figures of stance, and macro-F1 and accuracy of sentiment where it is labelled."""
        predictions = predict_readings(
            self._model, self._readings, self._sentences, pad_id=self._pad_id, bf16=self._bf16
        )
        stance = plain_figures(stance_labels(self._sentences), predictions.stance, labels=STANCES)
        sentiment = plain_figures(sentiment_labels(self._sentences), predictions.sentiment, labels=SENTIMENTS)
        named = {f"sentiment_{name}": sentiment[name] for name in ("macro_f1", "accuracy") if name in sentiment}
        return {**{f"stance_{name}": value for name, value in stance.items()}, **named}


def class_weights(kind: str, labels: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return a weight for each stance (3,): all 1, or "balanced" as scikit-learn has it, n / (3 * n_stance)."""
    if kind == "none":
        return np.ones(len(STANCES), dtype=np.float32)
    counts = np.bincount(labels[labels >= 0], minlength=len(STANCES)).clip(min=1)
    weights: NDArray[np.float32] = (counts.sum() / (len(STANCES) * counts)).astype(np.float32)
    return weights


def _arguments(job: FitJob, readings: int) -> TrainingArguments:
    training = job.settings.training
    world = int(os.environ.get("WORLD_SIZE", "1"))
    return TrainingArguments(
        output_dir=str(job.workspace.checkpoints),
        num_train_epochs=training.epochs,
        per_device_train_batch_size=training.batch_size,
        gradient_accumulation_steps=PARTS // world,
        lr_scheduler_type="linear",
        warmup_steps=training.warmup,
        max_grad_norm=training.gradient_clipping,
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="stance_macro_f1",
        greater_is_better=True,
        restore_callback_states_from_checkpoint=True,
        logging_strategy="steps",
        logging_steps=max(1, min(LOSS_EVERY_STEPS, readings // training.batch_size)),
        bf16=training.precision == "bf16",
        seed=training.seed,
        use_cpu=not torch.cuda.is_available(),
        remove_unused_columns=False,
        disable_tqdm=True,
        report_to="none",
    )
