"""The pictures of a report."""

from collections.abc import Iterator

from matplotlib.figure import Figure

from data.labels import SENTIMENTS, STANCES
from data.probabilities import temper
from evaluation.calibration import reliability
from evaluation.metrics import confusion
from evaluation.plots import confusion_figure, coverage_figure, intervals_figure, reliability_figure, shifts_figure
from evaluation.report import sentiment_labels, stance_labels
from train.measuring import Measured


def pictures(measured: Measured) -> Iterator[tuple[str, Figure]]:
    """Yield the pictures of a measured model, each with its name (confusion_stance, …)."""
    report, predictions = measured.report, measured.predictions
    for kind, labels, true, probabilities in (
        ("stance", STANCES, stance_labels(measured.sentences), predictions.stance),
        ("sentiment", SENTIMENTS, sentiment_labels(measured.sentences), predictions.sentiment),
    ):
        if probabilities is not None and (true >= 0).any():
            counts = confusion(true, probabilities.argmax(axis=1), labels=labels)
            yield f"confusion_{kind}", confusion_figure(counts, labels=labels, title=f"{kind}, test")
            calibration = report["calibration"][kind]
            before = reliability(temper(probabilities, 1 / calibration["temperature"]), true)
            after = reliability(probabilities, true)
            yield f"reliability_{kind}", reliability_figure(before, after, title=f"{kind}, test")
            yield f"coverage_{kind}", coverage_figure(calibration["coverage"], title=f"{kind}, test")
    slices = {name: part["macro_f1"] for name, part in report["slices"].items() if "macro_f1" in part}
    if slices:
        whole = {"all": report["stance"]["macro_f1"]}
        yield "slices", intervals_figure(whole | slices, title="stance by slice, test", axis="macro-F1")
    shifts = report["controls"]["names"].get("shifts")
    if shifts:
        yield "names", shifts_figure(shifts, title="what the name alone moves")
