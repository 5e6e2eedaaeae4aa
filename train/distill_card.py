"""The card that a distilled encoder carries."""

from collections.abc import Mapping, Sequence

from data.unlabelled import TextFile
from train.distill_settings import DistillSettings

CARD = """\
# {name}

An encoder with {layers} layers and about {vocab} word pieces, distilled from {teacher} ({revision}):
it was trained to give its teacher's states, word by word, on the text below. The teacher's licence
holds for it.

Fit a classifier on it: `train fit --encoder {folder}`

## How near it is
{figures}

on held-out sentences: the mean cosine of its words' states with the teacher's, and macro-F1 against
held-out stance labels.

## Text
{text}

## Settings
{settings}

MLflow run {run_id}
"""


def student_card(
    settings: DistillSettings,
    figures: Mapping[str, float],
    *,
    revision: str,
    files: Sequence[TextFile],
    run_id: str,
) -> str:
    """Return the card of a student in Markdown."""
    return CARD.format(
        name=settings.output.name,
        layers=settings.layers,
        vocab=settings.vocab,
        teacher=settings.teacher,
        revision=revision,
        folder=settings.output,
        figures="\n".join(f"- {name.replace('_', ' ')}: {value:.3f}" for name, value in figures.items()),
        text="\n".join(f"- {file.path.name}: {file.lines:,} lines, SHA-256 `{file.sha256}`" for file in files),
        settings="\n".join(f"- {name}: {value}" for name, value in settings.flat().items() if name != "text"),
        run_id=run_id,
    )
