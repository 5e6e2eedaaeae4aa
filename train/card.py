"""The model card that a model folder carries."""

from typing import Any

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

## On the test sentences
{figures}

{counts[stance_labels]} stance labels and {counts[sentiment_labels]} sentiment labels in {counts[sentences]} sentences;
SHA-256 of the file `{sha256}`. In brackets 95 % intervals of a bootstrap over articles.

## Calibration
{calibration}

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
        figures=figures_table(report),
        counts=report["counts"],
        sha256=report["data_sha256"],
        calibration=calibration_lines(report["calibration"]),
        settings="\n".join(f"- {name}: {value}" for name, value in settings.flat().items()),
    )


def figures_table(report: dict[str, Any]) -> str:
    """Return the figures of a report as a Markdown table."""
    names = list(dict.fromkeys([*report["stance"], *report["sentiment"]]))
    rows = ["| | stance | sentiment |", "|---|---|---|"]
    rows += [f"| {name} | {_figure(report['stance'], name)} | {_figure(report['sentiment'], name)} |" for name in names]
    return "\n".join(rows)


def calibration_lines(calibration: dict[str, Any]) -> str:
    """Return what temperatures did to the errors of calibration, a line each."""
    lines = [
        f"- {kind}: temperature {of['temperature']:.2f} (fitted on dev); expected calibration error on test "
        f"{of['before']['ece']:.3f} before, {of['after']['ece']:.3f} after; Brier loss {of['before']['brier']:.3f}, "
        f"{of['after']['brier']:.3f}"
        for kind, of in calibration.items()
    ]
    return "\n".join(lines)


def _figure(figures: dict[str, dict[str, float]], name: str) -> str:
    if name not in figures:
        return "–"
    figure = figures[name]
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"
