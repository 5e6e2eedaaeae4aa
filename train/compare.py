"""Compare runs on the test sentences they share: is one really better than another, and where do they differ?"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from data.labels import SENTIMENTS, STANCES
from evaluation.intervals import LEVEL, REPETITIONS, counts_by_cluster
from evaluation.report import figures_with_intervals
from evaluation.significance import (
    RANDOMISATIONS,
    difference_intervals,
    differences,
    holm,
    mcnemar,
    randomisation_test,
)
from train.compared_runs import Answers, ComparedRun, read_runs
from train.differing import differing

LABELS = {"stance": STANCES, "sentiment": SENTIMENTS}
ALPHA = 0.05


def compare(runs: Sequence[str]) -> dict[str, Any]:
    """Compare MLflow runs, by id or name, each with the first; the result is ready for JSON.

    {"test": {…}, "runs": [{"id", "label", "stance": {"macro_f1": {"value", "low", "high"}, …}, "sentiment"}],
    "parameters": {name: [a value for each run]}, "comparisons": [{"baseline", "run", "stance": {"verdict",
    "figures": {"macro_f1": {"value", "low", "high", "p", "p_holm"}, …}, "mcnemar", "agreement", "differing"},
    "sentiment": {…}}]}. A kind that has no labels, or that a model does not say, is {}.

    Raises:
        UserError: The runs cannot be compared.
    """
    read = read_runs(runs)
    answers = {kind: [_of_kind(run, kind) for run in read] for kind in LABELS}
    comparisons = [
        {
            "baseline": read[0].label,
            "run": run.label,
            **{kind: _compared(of[0], of[place], kind) for kind, of in answers.items()},
        }
        for place, run in enumerate(read[1:], start=1)
    ]
    _adjust(comparisons)
    return {
        "test": _test(read[0]),
        "settings": {
            "level": LEVEL,
            "alpha": ALPHA,
            "bootstrap_repetitions": REPETITIONS,
            "randomisations": RANDOMISATIONS,
        },
        "runs": [
            {"id": run.id, "label": run.label, **{kind: _figures(of[place], kind) for kind, of in answers.items()}}
            for place, run in enumerate(read)
        ],
        "parameters": _differing_parameters(read),
        "comparisons": comparisons,
    }


def _of_kind(run: ComparedRun, kind: str) -> Answers | None:
    found = run.stance() if kind == "stance" else run.sentiment()
    return found if found is not None and (found.true >= 0).any() else None


def _test(run: ComparedRun) -> dict[str, Any]:
    return {
        "data_sha256": run.test_sha256,
        "sentences": len({row["id"] for row in run.rows}),
        "articles": len({row["article"] for row in run.rows}),
        "stance_labels": sum(row["stance"] is not None for row in run.rows),
        "sentiment_labels": len({row["id"] for row in run.rows if row["sentiment"] is not None}),
    }


def _figures(answers: Answers | None, kind: str) -> dict[str, dict[str, float]]:
    """Return the figures with intervals, made as those of the run's own report."""
    if answers is None:
        return {}
    sure = np.eye(len(LABELS[kind]))[answers.predicted]
    return figures_with_intervals(answers.true, sure, answers.articles, labels=LABELS[kind])


def _compared(baseline: Answers | None, run: Answers | None, kind: str) -> dict[str, Any]:
    if baseline is None or run is None:
        return {}
    labels = LABELS[kind]
    a, b = (counts_by_cluster(of.true, of.predicted, of.articles, labels=len(labels)) for of in (baseline, run))
    bounds = difference_intervals(a, b, labels=labels)
    p = randomisation_test(a, b, labels=labels)
    opinion = mcnemar(baseline.true, baseline.predicted, run.predicted)
    return {
        "figures": {
            name: {"value": value, "low": bounds[name][0], "high": bounds[name][1], "p": p[name]}
            for name, value in differences(a, b, labels=labels).items()
        },
        "mcnemar": {"only_baseline": opinion.only_first, "only_run": opinion.only_second, "p": opinion.p},
        "agreement": float(np.mean(baseline.predicted == run.predicted)),
        "differing": differing(baseline, run, kind),
    }


def _adjust(comparisons: list[dict[str, Any]]) -> None:
    """Add to each macro-F1 its p adjusted for the number of comparisons, and to each comparison its verdict."""
    for kind in LABELS:
        made = [comparison for comparison in comparisons if comparison[kind]]
        adjusted = holm([comparison[kind]["figures"]["macro_f1"]["p"] for comparison in made])
        for comparison, p in zip(made, adjusted, strict=True):
            figure = comparison[kind]["figures"]["macro_f1"]
            figure["p_holm"] = p
            comparison[kind] = {"verdict": _verdict(comparison, kind, figure, len(made)), **comparison[kind]}


def _verdict(comparison: dict[str, Any], kind: str, figure: dict[str, float], made: int) -> str:
    """Say in words what the difference of macro-F1 shows; shown is what both p and interval show."""
    shown = figure["p_holm"] <= ALPHA and not figure["low"] <= 0 <= figure["high"]
    run, baseline = comparison["run"], comparison["baseline"]
    words = f"{run} is {'better' if figure['value'] > 0 else 'worse'} than {baseline}"
    words = words if shown else f"No difference shown between {run} and {baseline}"
    value, low, high = (100 * figure[name] for name in ("value", "low", "high"))
    p = p_text(figure["p_holm"]) + (f" (Holm, {made} comparisons)" if made > 1 else "")
    return f"{words}: {value:+.1f} points of {kind} macro-F1 [{low:+.1f}, {high:+.1f}], {p}"


def p_text(p: float) -> str:
    """Return a p-value in words: "p = 0.012", "p < 0.001"."""
    return f"p = {p:.3f}" if p >= 0.001 else "p < 0.001"


def _differing_parameters(runs: Sequence[ComparedRun]) -> dict[str, list[str | None]]:
    names = dict.fromkeys(name for run in runs for name in run.parameters)
    values = {name: [run.parameters.get(name) for run in runs] for name in names}
    return {name: of for name, of in values.items() if len(set(of)) > 1}
