"""A report on the terminal, in Markdown and as a page: the same figures, whatever the names hold."""

import io
import re

import numpy as np
import pytest

from data.sentence import LabelledActor, LabelledSentence
from evaluation.report import make_report
from models.predictions import Predictions
from train.measuring import Measured, predictions_table, run_metrics, shifts_table
from train.pictures import pictures
from train.report_markdown import report_markdown, summary_markdown
from train.report_page import report_page
from train.tables import report_table

NASTY = "<script>alert(1)</script>|`Nowak`"
CHANCES = np.array([[0.1, 0.2, 0.7], [0.6, 0.3, 0.1]])


def figure(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.05, "high": value + 0.05}


@pytest.fixture
def measured() -> Measured:
    """A report of thirty sentences with every control."""
    sentences = [
        LabelledSentence(
            f"s{number}",
            f"a{number // 2}",
            "Nowak ponad Kowalem",
            (LabelledActor(NASTY, ((0, 5),), "favor"), LabelledActor("Kowal", ((12, 19),), "against")),
            "neutral",
        )
        for number in range(30)
    ]
    stance, sentiment = np.tile(CHANCES, (30, 1)), np.tile([0.2, 0.5, 0.3], (30, 1))
    stance[7] = CHANCES[0]  # one mistake
    report = make_report(sentences, stance, sentiment, data_sha256="abc", temperatures={"stance": 2.0})
    one = {"macro_f1": figure(0.4), "accuracy": figure(0.5)}
    swap = {name: figure(0.9) for name in ("follow", "stances_traded", "right_before", "right_after")}
    shift = {
        "type": "person",
        "actor": NASTY,
        "sentences": 12,
        **dict.fromkeys(("against", "neutral", "favor"), figure(0.0123)),
    }
    report["controls"] = {
        "stance": {"majority": one, "no_actor": one},
        "sentiment": {"majority": one},
        "swap": {"pairs": 20, "of": 30, **swap},
        "swap_no_actor": {"pairs": 20, "of": 30, **swap, "follow": figure(0.123)},
        "names": {"contexts": 10, "substitutions": 90, "answers_changed": 0.071, "shifts": [shift]},
    }
    return Measured(sentences, Predictions(stance, sentiment), report)


def texts(measured: Measured) -> dict[str, str]:
    terminal = io.StringIO()
    report_table(measured.report, terminal)
    return {
        "terminal": terminal.getvalue(),
        "markdown": report_markdown(measured.report, title=NASTY),
        "page": report_page(measured.report, dict(pictures(measured)), title=NASTY),
    }


def test_report_tells_the_same_figures_everywhere(measured: Measured) -> None:
    shown = [f"{of['value']:.3f} [{of['low']:.3f}, {of['high']:.3f}]" for of in measured.report["stance"].values()]
    for form, text in texts(measured).items():
        for value in (*shown, "0.123 [0.073, 0.173]", "7.1%", "20 of 30 pairs", "→"):
            assert value in text, (form, value)


def test_report_shows_markup_as_text(measured: Measured) -> None:
    told = texts(measured)
    assert "<script" not in told["page"] and "&lt;script&gt;" in told["page"]
    assert "<script" not in told["markdown"]
    for line in told["markdown"].splitlines():
        if line.startswith("|") and "alert" in line:
            assert len(re.findall(r"(?<!\\)\|", line)) in (5, 7)  # the cells of the slices and of the names


def test_report_page_is_self_contained(measured: Measured) -> None:
    page = texts(measured)["page"]
    assert page.count('src="data:image/png;base64,') == len(dict(pictures(measured)))
    assert not re.search(r'(src|href)="(?!data:)', page)


def test_report_has_a_picture_of_slices_and_of_names(measured: Measured) -> None:
    drawn = dict(pictures(measured))
    assert {"confusion_stance", "confusion_sentiment", "reliability_stance", "slices", "names"} <= drawn.keys()


def test_summary_is_the_beginning_alone(measured: Measured) -> None:
    summary = summary_markdown(measured.report)
    assert re.findall("^## (.*)", summary, flags=re.MULTILINE) == ["Figures", "Controls", "Swapped actors"]


def test_report_without_controls_leaves_their_sections_out(measured: Measured) -> None:
    measured.report["controls"] = {}
    assert "Controls" not in report_markdown(measured.report, title="x")


def test_run_metrics_name_what_a_report_holds(measured: Measured) -> None:
    metrics = run_metrics(measured.report)
    assert metrics["control_majority_macro_f1"] == 0.4
    assert metrics["swap_follow"] == 0.9 and metrics["swap_no_actor_follow"] == 0.123
    assert metrics["name_answers_changed"] == 0.071
    assert metrics["stance_temperature"] == 2.0


def test_predictions_table_has_every_actor_and_every_sentence(measured: Measured) -> None:
    bare = LabelledSentence("x", "x", "Pada.", sentiment="neutral")
    with_bare = Measured(
        [*measured.sentences, bare],
        Predictions(measured.predictions.stance, np.tile([0.2, 0.5, 0.3], (31, 1))),
        measured.report,
    )
    table = predictions_table(with_bare)
    assert len(table) == 61
    assert table["predicted"].tolist()[:2] == ["favor", "against"]
    assert table["article"].tolist()[:6] == ["a0"] * 4 + ["a1"] * 2
    assert table.iloc[-1]["actor"] is None and table.iloc[-1]["predicted_sentiment"] == "neutral"
    assert shifts_table(measured.report)["favor_value"].tolist() == [0.0123]
