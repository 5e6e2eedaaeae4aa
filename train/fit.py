"""Fine-tune, track, evaluate, export: the main job."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list
from transformers import TrainerCallback, set_seed
from transformers.utils import logging as transformers_logging

from data.folder import DataFolder, read_data_folder
from data.problems import UserError
from data.writing import refuse_non_empty
from models.classifier import StanceClassifier
from models.encoder import LoadedEncoder, load_encoder
from models.frozen import freeze_layers, parted
from models.predictor import Predictor
from train.beginning import begin_run, check_unchanged, noted_facts
from train.ending import ending
from train.finish import Fitted, Trained, finish
from train.job import FitJob
from train.learning import make_trainer, model_config, stopped_early, take_best
from train.precision import fast_precision
from train.settings import EncoderSettings, FitSettings
from train.store import PARENT_RUN
from train.tracker import NullTracker, Tracker
from train.tracking import MlflowTracker
from train.trainer import PARTS
from train.workspace import Workspace

SMALL_ENCODER = 512  # hidden size up to which an encoder is fitted as a small one
SMALL = {"learning_rate": 2e-4, "layer_decay": 0.85, "freeze_embeddings": True}
BASE = {"learning_rate": 2e-5, "layer_decay": 1.0, "freeze_embeddings": False}


def fit(settings: FitSettings, *, workspace: Workspace | None = None, parent: str | None = None) -> Fitted | None:
    """Fit a classifier as the settings say; with a workspace, go on with the run that works there.

    `parent` is the id of the MLflow run that a new run is nested in.

    Returns None in the processes of a parallel run that are not the first.

    Raises:
        UserError: Data, encoder, output or store are not as they must be; nothing is left half done.
    """
    processes = PartialState(cpu=not torch.cuda.is_available())
    if PARTS % processes.num_processes:
        raise UserError(f"torchrun: expected 1 or {PARTS} processes, found {processes.num_processes}.")
    if not workspace and settings.run.output:
        refuse_non_empty(settings.run.output)
    data = read_data_folder(settings.run.data)
    facts = noted_facts("fit", workspace)
    check_unchanged(data, facts)
    encoder = load_encoder(settings.encoder.encoder, facts.get("encoder_revision", settings.encoder.encoder_revision))
    settings = resolved(settings, encoder)
    tracker: Tracker = NullTracker()
    if processes.is_main_process and not workspace:
        Workspace.beside(Path(str(settings.run.output))).begin("fit", settings.flat())
    workspace = workspace or Workspace.beside(Path(str(settings.run.output)))
    if processes.is_main_process:
        tracker = _start_tracking(settings, data, encoder, workspace, facts, parent)
    processes.wait_for_everyone()
    job = FitJob(settings, data, encoder, workspace, tracker, processes.is_main_process)
    with ending(tracker):
        trained = train_model(job)
        blind = _without_actor(job) if settings.run.controls else None
        return finish(job, trained, blind) if job.first else None


def resolved(settings: FitSettings, encoder: LoadedEncoder) -> FitSettings:
    """Return the settings with name, output, rates, frozen embeddings and precision decided, alike in every process.

    Raises:
        UserError: They ask for more tokens or frozen layers than the encoder has.
    """
    _check_encoder(settings.encoder, encoder)
    flat = settings.flat()
    if not settings.run.run_name:
        name = [f"{Path(encoder.name).name}-{settings.heads.target}-{time.strftime('%Y%m%d-%H%M%S')}"]
        flat["run_name"] = broadcast_object_list(name)[0]
    if not settings.run.output:
        flat["output"] = str(Path("runs") / flat["run_name"])
    for path in ("data", "output"):  # so that a run may go on from another folder
        flat[path] = str(Path(flat[path]).absolute())
    if Path(encoder.name).is_dir():
        flat["encoder"] = str(Path(encoder.name).absolute())
    by_size = SMALL if encoder.model.config.hidden_size <= SMALL_ENCODER else BASE
    flat |= {name: value for name, value in by_size.items() if flat[name] is None}
    if settings.training.precision == "auto":
        flat["precision"] = fast_precision()
    return FitSettings.from_flat(flat)


def _check_encoder(settings: EncoderSettings, encoder: LoadedEncoder) -> None:
    positions = int(getattr(encoder.model.config, "max_position_embeddings", 512))
    limit = min(positions, 512) if positions <= 514 else positions  # RoBERTa's kind has 514 for 512 tokens
    if settings.max_tokens > limit:
        raise UserError(f"--max-tokens: expected at most {limit}, the encoder's length, found {settings.max_tokens}.")
    if settings.freeze_layers:
        parted(encoder.model, settings.freeze_layers)


def _start_tracking(
    settings: FitSettings,
    data: DataFolder,
    encoder: LoadedEncoder,
    workspace: Workspace,
    facts: dict[str, Any],
    parent: str | None,
) -> MlflowTracker:
    tags = run_tags(data, encoder) | ({PARENT_RUN: parent} if parent else {})
    noted = {"encoder_revision": encoder.revision, "sha256": data.sha256}
    tracker = begin_fit(settings, workspace, tags=tags, facts=noted)
    if not facts:
        tracker.datasets(data.path.absolute(), data.sha256)
    return tracker


def begin_fit(
    settings: FitSettings, workspace: Workspace, *, tags: dict[str, str], facts: dict[str, Any]
) -> MlflowTracker:
    """Begin the run of a fit, or go on with it, under the name and in the experiment of its settings."""
    return begin_run(
        "fit",
        settings.flat(),
        experiment=settings.run.experiment,
        name=str(settings.run.run_name),
        workspace=workspace,
        tags=tags,
        facts=facts,
    )


def run_tags(data: DataFolder, encoder: LoadedEncoder) -> dict[str, str]:
    """Return what a run is tagged with so that it can be repeated: encoder, its revision, the data's SHA-256."""
    digests = {f"data_sha256_{split}": digest for split, digest in data.sha256.items()}
    return {"encoder": encoder.name, "encoder_revision": encoder.revision, **digests}


def train_model(job: FitJob, callbacks: Sequence[TrainerCallback] = ()) -> Trained:
    """Train a classifier, or go on with it from its work folder's last checkpoint."""
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    set_seed(job.settings.training.seed)
    heads = job.settings.heads
    model = StanceClassifier(job.encoder.model, target=heads.target, dropout=heads.dropout)
    if job.settings.encoder.freeze_embeddings:
        model.encoder.get_input_embeddings().requires_grad_(False)
    if job.settings.encoder.freeze_layers:
        freeze_layers(model, job.settings.encoder.freeze_layers)
    config = model_config(job)
    trainer = make_trainer(job, model, config, callbacks)
    checkpoint = job.workspace.last_checkpoint()
    if checkpoint and stopped_early(checkpoint, job.settings.training.patience):
        take_best(trainer, checkpoint)
    else:
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    predictor = Predictor(config, job.encoder.plain_tokenizer(), model)
    return Trained(predictor, float(trainer.state.best_metric or 0.0))


def _without_actor(job: FitJob) -> Trained:
    """Train the control: the same encoder and settings, the actor unseen. Nobody tracks it but as a figure."""
    settings = FitSettings.from_flat({**job.settings.flat(), "target": "none"})
    encoder = load_encoder(settings.encoder.encoder, job.encoder.revision)
    workspace = Workspace(job.workspace.path / "control")
    workspace.checkpoints.mkdir(parents=True, exist_ok=True)
    return train_model(FitJob(settings, job.data, encoder, workspace, NullTracker(), job.first))
