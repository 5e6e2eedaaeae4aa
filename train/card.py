"""The model card that a model folder carries."""

from typing import Any

from train.report_markdown import sections_markdown
from train.report_sections import report_sections
from train.settings import FitSettings

CARD = """\
# {name}

A stance classifier: for a Polish news sentence and each actor it names, what the sentence expresses
toward the actor (against, neutral, favor), and the sentence's own sentiment (negative, neutral,
positive). Stance is what is said, not whether the news is good or bad for the actor.

Read articles with it: `train predict --model {folder} ARTICLE.txt`

| | |
|---|---|
| encoder | {encoder} at {revision} |
| target | {target} |
| data | {data} |
| code | {commit} |
| MLflow run | {run_id} |
| SHA-256 of the test sentences | {sha256} |

All that follows is of the test sentences, which the model has not seen in training.

{report}
## Settings

{settings}
"""


def model_card(settings: FitSettings, report: dict[str, Any], *, revision: str, commit: str, run_id: str) -> str:
    """Return the model card of a run in Markdown."""
    return CARD.format(
        name=settings.run.run_name,
        folder=settings.run.output,
        encoder=settings.encoder.encoder,
        revision=revision,
        target=settings.heads.target,
        data=settings.run.data,
        commit=commit,
        run_id=run_id,
        sha256=report["data_sha256"],
        report=sections_markdown(report_sections(report)),
        settings="\n".join(f"- {name}: {value}" for name, value in settings.flat().items()),
    )
