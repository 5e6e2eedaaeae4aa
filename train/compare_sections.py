"""A comparison as sections of text and tables: what the terminal, Markdown and the HTML page all show."""

from collections.abc import Mapping
from typing import Any

from train.compare import p_text
from train.page import shown
from train.report_sections import KINDS, Section, figure_text

FOOTNOTE = (
    "Intervals and p allow for the chance in which articles the test set holds, for these very runs. They do not say "
    "that one recipe is better than another: the same settings with another seed are another run, and differ too. "
    "`train fit --seeds N` shows by how much."
)
METHODS = (
    "In brackets {level:.0%} intervals of a bootstrap over articles, the same articles for both runs "
    "({bootstrap_repetitions} repetitions); p of a two-sided randomisation test that exchanges the answers of the two "
    "article by article ({randomisations} repetitions). A difference of macro-F1 counts as shown if p, adjusted by "
    "Holm where there are several comparisons, is at most {alpha} and the interval does not hold 0. The other figures "
    "show where a difference lies: of so many, some have a low p by chance."
)


def compare_title(comparison: Mapping[str, Any]) -> str:
    """Return the title: A against B, C."""
    first, *others = (shown(run["label"]) for run in comparison["runs"])
    return f"{', '.join(others)} against {first}"


def compare_sections(comparison: Mapping[str, Any]) -> list[Section]:
    """Return the sections of what `compare` returns, in the order to read them."""
    made = comparison["comparisons"]
    return [
        _verdicts(comparison),
        *(_figures(one, kind, comparison) for one in made for kind in KINDS if one[kind]),
        _parameters(comparison),
        *(_differing(one, kind) for one in made for kind in KINDS if one[kind]),
        Section("What this says", [METHODS.format(**comparison["settings"]), FOOTNOTE]),
    ]


def _verdicts(comparison: Mapping[str, Any]) -> Section:
    test = comparison["test"]
    counts = (
        f"{test['sentences']} test sentences of {test['articles']} articles, {test['stance_labels']} stances and "
        f"{test['sentiment_labels']} sentiments labelled. SHA-256 {test['data_sha256'][:12]}…"
    )
    made = [one[kind] for one in comparison["comparisons"] for kind in KINDS if one[kind]]
    verdicts = [shown(one["verdict"]) + "." for one in made] or ["No label that two runs answer: nothing to compare."]
    rows = [(shown(run["label"]), run["id"], *(_macro_f1(run[kind]) for kind in KINDS)) for run in comparison["runs"]]
    return Section("Verdict", [*verdicts, counts], ("run", "id", *(f"{kind} macro_f1" for kind in KINDS)), rows)


def _figures(one: Mapping[str, Any], kind: str, comparison: Mapping[str, Any]) -> Section:
    baseline, run = (_run(comparison, one[side])[kind] for side in ("baseline", "run"))
    opinion, agreement = one[kind]["mcnemar"], one[kind]["agreement"]
    rows = [
        (name, figure_text(baseline[name]), figure_text(run[name]), _difference(figure), _p(figure))
        for name, figure in one[kind]["figures"].items()
    ]
    labels = [shown(one[side]) for side in ("baseline", "run")]
    note = (
        f"The two agree on {agreement:.1%} of the answers. Only {labels[0]} is right on {opinion['only_baseline']} "
        f"labels, only {labels[1]} on {opinion['only_run']}: McNemar's exact test of accuracy, which takes labels for "
        f"independent, {p_text(opinion['p'])}."
    )
    return Section(f"{kind}: {labels[1]} against {labels[0]}", [note], ("", *labels, "difference", "p"), rows)


def _parameters(comparison: Mapping[str, Any]) -> Section:
    head = ("", *(shown(run["label"]) for run in comparison["runs"]))
    rows = [
        (name, *("–" if value is None else shown(value) or "–" for value in values))
        for name, values in comparison["parameters"].items()
    ]
    return Section("Parameters that differ", [] if rows else ["None that the runs note."], head, rows)


def _differing(one: Mapping[str, Any], kind: str) -> Section:
    labels = {side: shown(one[side]) for side in ("baseline", "run")}
    items = one[kind]["differing"]
    rows = [
        (
            *((shown(item["actor"]),) if kind == "stance" else ()),
            item["label"] or "–",
            *(_answer(item[side]) for side in labels),
            labels.get(item["right"], item["right"] or "–"),
            shown(item["text"]),
        )
        for item in items
    ]
    rights = [sum(item["right"] == right for item in items) for right in (*labels, "neither")]
    note = (
        f"{len(items)} answers differ: {labels['baseline']} is right on {rights[0]}, {labels['run']} on {rights[1]}, "
        f"neither on {rights[2]}"
        + (f", {unlabelled} have no label" if (unlabelled := len(items) - sum(rights)) else "")
        + ". Those that one has right stand first"
        + (", the surest answers on top." if kind == "stance" else ".")
    )
    head = ("label", *labels.values(), "right", "sentence")
    head = ("actor", *head) if kind == "stance" else head
    title = f"{kind}: where {labels['run']} and {labels['baseline']} differ"
    return Section(title, [note] if items else ["The answers are all the same."], head, rows, long=True)


def _run(comparison: Mapping[str, Any], label: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(run for run in comparison["runs"] if run["label"] == label)
    return found


def _macro_f1(figures: Mapping[str, Any]) -> str:
    return figure_text(figures["macro_f1"]) if figures else "–"


def _difference(figure: Mapping[str, float]) -> str:
    return f"{figure['value']:+.3f} [{figure['low']:+.3f}, {figure['high']:+.3f}]"


def _p(figure: Mapping[str, float]) -> str:
    """Return p, with Holm's beside it where that is another."""
    p = p_text(figure["p"]).removeprefix("p = ").removeprefix("p ")
    adjusted = figure.get("p_holm", figure["p"])
    return p if adjusted == figure["p"] else f"{p}, Holm {p_text(adjusted).removeprefix('p = ').removeprefix('p ')}"


def _answer(answer: Mapping[str, Any]) -> str:
    return f"{answer['answer']}" + ("" if answer["probability"] is None else f" {answer['probability']:.2f}")
