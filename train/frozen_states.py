"""What the frozen layers make of the sentences of a fit: read before the first epoch, kept beside the checkpoints."""

import os
from collections.abc import Sequence

from models.classifier import StanceClassifier
from models.frozen import keep_lower_states
from models.readings import Reading
from train.job import FitJob
from train.progress import step_bar


def read_lower_once(
    job: FitJob, model: StanceClassifier, readings: Sequence[Reading], split: str, *, pad_id: int
) -> list[Reading]:
    """Return the readings of a split, with the states of the frozen layers where there are such.

    Raises:
        UserError: The encoder's layers do not work one after the other.
    """
    if not job.settings.encoder.freeze_layers:
        return list(readings)
    file = job.workspace.path / f"lower-states-{split}-{os.environ.get('RANK', '0')}.f32"
    with step_bar("frozen layers", shown=job.first) as bar:
        task = bar.add_task("frozen layers", total=len(readings), figures=split)
        return keep_lower_states(
            model,
            readings,
            file,
            pad_id=pad_id,
            bf16=job.settings.training.precision == "bf16",
            on_batch=lambda count: bar.advance(task, count),
        )
