"""Fine-tune, track, evaluate, export: the main job."""

import os
import time
from pathlib import Path
from typing import Any

import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list
from transformers import set_seed
from transformers.utils import logging as transformers_logging

from data.folder import DataFolder, read_data_folder
from data.problems import UserError
from data.writing import refuse_non_empty
from models.classifier import StanceClassifier
from models.encoder import LoadedEncoder, load_encoder
from models.predictor import Predictor
from train.beginning import begin_run
from train.ending import ending
from train.finish import Fitted, finish
from train.job import FitJob
from train.learning import make_trainer, model_config, stopped_early, take_best
from train.precision import fast_precision
from train.settings import FitSettings
from train.store import open_store
from train.tracker import NullTracker, Tracker
from train.tracking import MlflowTracker
from train.trainer import PARTS
from train.workspace import Workspace

SMALL_ENCODER = 512  # hidden size up to which an encoder bears the higher learning rate
SMALL_RATE, BASE_RATE = 2e-4, 2e-5


def fit(settings: FitSettings, *, workspace: Workspace | None = None) -> Fitted | None:
    """Fit a classifier as the settings say; with a workspace, go on with the run that works there.

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
    facts = workspace.read("fit")[1] if workspace else {}
    if facts:
        os.environ.setdefault("MLFLOW_TRACKING_URI", facts["tracking_uri"])
    if facts and facts["sha256"] != data.sha256:
        raise UserError(f"{data.path}: the data has changed since the run began. Restore it, or start a new run.")
    encoder = load_encoder(settings.encoder.encoder, facts.get("encoder_revision", settings.encoder.encoder_revision))
    settings = _resolved(settings, encoder, processes)
    tracker: Tracker = NullTracker()
    if processes.is_main_process and not workspace:
        Workspace.beside(Path(str(settings.run.output))).begin("fit", settings.flat())
    workspace = workspace or Workspace.beside(Path(str(settings.run.output)))
    if processes.is_main_process:
        tracker = _start_tracking(settings, data, encoder, workspace, facts)
    processes.wait_for_everyone()
    with ending(tracker):
        return _fit(FitJob(settings, data, encoder, workspace, tracker, processes.is_main_process))


def _resolved(settings: FitSettings, encoder: LoadedEncoder, processes: PartialState) -> FitSettings:
    """Return the settings with name, output, learning rate and precision decided, alike in every process."""
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
    if not settings.training.learning_rate:
        flat["learning_rate"] = SMALL_RATE if encoder.model.config.hidden_size <= SMALL_ENCODER else BASE_RATE
    if settings.training.precision == "auto":
        flat["precision"] = fast_precision()
    return FitSettings.from_flat(flat)


def _start_tracking(
    settings: FitSettings, data: DataFolder, encoder: LoadedEncoder, workspace: Workspace, facts: dict[str, Any]
) -> MlflowTracker:
    if facts:
        return MlflowTracker.resume(open_store(), facts["run_id"])
    tracker = begin_run(
        "fit",
        settings.flat(),
        experiment=settings.run.experiment,
        name=str(settings.run.run_name),
        workspace=workspace,
        tags={
            "encoder": encoder.name,
            "encoder_revision": encoder.revision,
            **{f"data_sha256_{split}": digest for split, digest in data.sha256.items()},
        },
        facts={"encoder_revision": encoder.revision, "sha256": data.sha256},
    )
    tracker.datasets(data.path.absolute(), data.sha256)
    return tracker


def _fit(job: FitJob) -> Fitted | None:
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    set_seed(job.settings.training.seed)
    heads = job.settings.heads
    model = StanceClassifier(job.encoder.model, target=heads.target, dropout=heads.dropout)
    if job.settings.encoder.freeze_embeddings:
        model.encoder.get_input_embeddings().requires_grad_(False)
    config = model_config(job)
    trainer = make_trainer(job, model, config)
    checkpoint = job.workspace.last_checkpoint()
    if checkpoint and stopped_early(checkpoint, job.settings.training.patience):
        take_best(trainer, checkpoint)
    else:
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    if not job.first:
        return None
    predictor = Predictor(config, job.encoder.tokenizer.backend_tokenizer, model)
    return finish(job, predictor, best_dev=float(trainer.state.best_metric or 0.0), step=trainer.state.global_step)
