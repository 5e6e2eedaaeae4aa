"""A report as sections of text and tables: what the terminal, Markdown and the HTML page all show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.labels import STANCES

CONTROLS = {
    "majority": "always the most frequent label",
    "name_only": "the actor's name alone",
    "tfidf": "TF-IDF with logistic regression",
    "no_actor": "the same encoder, the actor unseen",
}
SWAPS = {
    "follow": "the predictions followed",
    "stances_traded": "the two answers changed places",
    "right_before": "right answers before",
    "right_after": "right answers after",
}
KINDS = ("stance", "sentiment")


@dataclass(frozen=True)
class Section:
    """A part of a report: what it says, a table with its head, and the names of its pictures."""

    title: str
    notes: Sequence[str] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    pictures: Sequence[str] = ()
    long: bool = False  # too long for a terminal


def report_sections(report: Mapping[str, Any]) -> list[Section]:
    """Return the sections of a report, in the order to read them; one without content is left out."""
    sections = [
        _figures(report),
        _controls(report["controls"]),
        _swap(report["controls"]),
        _slices(report),
        _calibration(report["calibration"]),
        _coverage(report["calibration"]),
        _names(report["controls"].get("names", {})),
    ]
    return [section for section in sections if section.rows or section.notes]


def figure_text(figure: Mapping[str, float]) -> str:
    """Return a figure with its interval: 0.722 [0.690, 0.751]."""
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def _figures(report: Mapping[str, Any]) -> Section:
    counts = report["counts"]
    names = dict.fromkeys([*report["stance"], *report["sentiment"]])
    rows = [(name, *(_cell(report[kind].get(name)) for kind in KINDS)) for name in names]
    note = (
        f"{counts['sentences']} sentences of {counts['articles']} articles. In brackets 95 % intervals of a bootstrap "
        "over articles."
    )
    labels = ("labels", str(counts["stance_labels"]), str(counts["sentiment_labels"]))
    return Section("Figures", [note], ("", *KINDS), [*rows, labels], ("confusion_stance", "confusion_sentiment"))


def _controls(controls: Mapping[str, Any]) -> Section:
    rows = [
        (text, *(_cell(controls.get(kind, {}).get(name, {}).get("macro_f1")) for kind in KINDS))
        for name, text in CONTROLS.items()
        if any(name in controls.get(kind, {}) for kind in KINDS)
    ]
    note = "What the same sentences give away without reading for the actor, fitted on the same training sentences."
    return Section("Controls", [note] if rows else [], ("macro_f1", *KINDS), rows)


def _swap(controls: Mapping[str, Any]) -> Section:
    tests = {name: controls[name] for name in ("swap", "swap_no_actor") if name in controls}
    if not tests:
        return Section("Swapped actors")
    pairs, of = tests["swap"]["pairs"], tests["swap"]["of"]
    note = (
        f"In {pairs} of {of} pairs of an actor blamed and an actor praised in one sentence, both could be put in the "
        "other's place with certainty of the right form. Then what was said of the one is said of the other."
    )
    if not pairs:
        return Section("Swapped actors", [note])
    rows = [(text, *(_cell(test.get(name)) for test in tests.values())) for name, text in SWAPS.items()]
    head = ("share of pairs", "this model", "actor unseen")[: len(tests) + 1]
    return Section("Swapped actors", [note], head, rows)


def _slices(report: Mapping[str, Any]) -> Section:
    rows, few = [], []
    for name, part in report["slices"].items():
        if "too_few" in part:
            few.append(f"{name.removeprefix('actor: ')} ({part['labels']})")
        else:
            rows.append((name, str(part["labels"]), figure_text(part["macro_f1"]), figure_text(part["accuracy"])))
    notes = [f"Too few labels for a figure of their own: {', '.join(few)}."] if few else []
    return Section("Slices of stance", notes, ("slice", "labels", "macro_f1", "accuracy"), rows, ("slices",))


def _calibration(calibration: Mapping[str, Any]) -> Section:
    rows = [
        (
            kind,
            f"{of['temperature']:.2f}",
            *(f"{of['before'][name]:.3f} → {of['after'][name]:.3f}" for name in ("ece", "brier")),
        )
        for kind, of in calibration.items()
    ]
    note = "Expected calibration error (bins of equally many) and Brier loss, before and after dev's temperature."
    head = ("", "temperature", "ece", "brier")
    return Section("Calibration", [note] if rows else [], head, rows, ("reliability_stance", "reliability_sentiment"))


def _coverage(calibration: Mapping[str, Any]) -> Section:
    curve = calibration.get("stance", {}).get("coverage", ())
    rows = [(f"{of['abstain_below']:.2f}", f"{of['coverage']:.0%}", f"{of['macro_f1']:.3f}") for of in curve]
    note = "What `train predict --abstain-below P` leaves, and how good the stances are that are left."
    head = ("abstain below", "answered", "macro_f1")
    return Section("Coverage", [note] if rows else [], head, rows, ("coverage_stance", "coverage_sentiment"))


def _names(names: Mapping[str, Any]) -> Section:
    if not names.get("shifts"):
        return Section("What the name alone moves")
    rows = [
        (row["actor"], row["type"], str(row["sentences"]), *(_shift(row[stance]) for stance in STANCES))
        for row in names["shifts"]
    ]
    note = (
        f"{names['contexts']} actors of the test sentences got {names['substitutions']} other names of their type, in "
        f"the right case; {names['answers_changed']:.1%} of the answers changed. The table has the shift of each "
        "stance's probability under a name, against the mean of all names in the same sentences, in points."
    )
    head = ("actor", "type", "sentences", *STANCES)
    return Section("What the name alone moves", [note], head, rows, ("names",), long=True)


def _cell(figure: Mapping[str, float] | None) -> str:
    return figure_text(figure) if figure else "–"


def _shift(figure: Mapping[str, float]) -> str:
    return f"{100 * figure['value']:+.1f} [{100 * figure['low']:+.1f}, {100 * figure['high']:+.1f}]"
