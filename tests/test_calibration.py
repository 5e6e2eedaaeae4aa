"""Intervals, calibration, slices: what the figures of a report rest on."""

import numpy as np
import pytest

from data.labels import MISSING, STANCES
from data.probabilities import temper
from data.sentence import LabelledActor, LabelledSentence
from evaluation.calibration import (
    brier_loss,
    coverage_curve,
    expected_calibration_error,
    fit_temperature,
    reliability,
)
from evaluation.intervals import bootstrap_intervals, counts_by_cluster
from evaluation.metrics import classification_metrics, metrics_of_counts
from evaluation.plots import coverage_figure, reliability_figure
from evaluation.report import make_report
from evaluation.slices import stance_slices


def noisy(items: int, seed: int = 0, scale: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities that are right as often as they say, and labels drawn from them; `scale` makes them bold."""
    generator = np.random.default_rng(seed)
    true_probabilities = generator.dirichlet([1.0, 1.0, 1.0], size=items)
    labels = np.array([generator.choice(3, p=row) for row in true_probabilities])
    return temper(true_probabilities, 1 / scale), labels


def test_metrics_of_counts_are_those_of_scikit_learn() -> None:
    generator = np.random.default_rng(1)
    for _ in range(20):
        true, predicted = generator.integers(0, 3, 40), generator.integers(0, 3, 40)
        counts = counts_by_cluster(true, predicted, ["a"] * 40, labels=3)
        ours = metrics_of_counts(counts, labels=STANCES)
        theirs = classification_metrics(true, predicted, labels=STANCES)
        assert ours.keys() == theirs.keys()
        for name, value in theirs.items():
            assert ours[name][0] == pytest.approx(value, abs=1e-12)


def test_intervals_hold_the_value_and_narrow_with_articles() -> None:
    generator = np.random.default_rng(2)
    widths = []
    for items in (100, 1600):
        true = generator.integers(0, 3, items)
        predicted = np.where(generator.random(items) < 0.7, true, generator.integers(0, 3, items))
        counts = counts_by_cluster(true, predicted, [str(item // 2) for item in range(items)], labels=3)
        low, high = bootstrap_intervals(counts, labels=STANCES)["macro_f1"]
        assert low < classification_metrics(true, predicted, labels=STANCES)["macro_f1"] < high
        widths.append(high - low)
    assert widths[0] / widths[1] == pytest.approx(4, rel=0.35)


def test_intervals_are_wider_where_articles_are_of_one_kind() -> None:
    """Ten labels of an article that are right or wrong together tell as much as one."""
    generator = np.random.default_rng(3)
    true = np.repeat(generator.integers(0, 3, 60), 10)
    right = np.repeat(generator.random(60) < 0.7, 10)
    predicted = np.where(right, true, (true + 1) % 3)
    together = bootstrap_intervals(
        counts_by_cluster(true, predicted, [str(item // 10) for item in range(600)], labels=3), labels=STANCES
    )["accuracy"]
    alone = bootstrap_intervals(
        counts_by_cluster(true, predicted, [str(item) for item in range(600)], labels=3), labels=STANCES
    )["accuracy"]
    assert (together[1] - together[0]) > 2.5 * (alone[1] - alone[0])


def test_intervals_leave_missing_labels_out() -> None:
    true = np.array([0, MISSING, 1])
    counts = counts_by_cluster(true, np.array([0, 1, 1]), ["a", "b", "a"], labels=3)
    assert counts.sum() == 2 and len(counts) == 1


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_temperature_finds_how_bold_the_probabilities_are(scale: float) -> None:
    probabilities, labels = noisy(6000, scale=scale)
    assert fit_temperature(probabilities, labels) == pytest.approx(scale, rel=0.06)


def test_temperature_lowers_the_errors_of_calibration_and_changes_no_answer() -> None:
    bold, labels = noisy(4000, scale=3.0)
    temperature = fit_temperature(bold[:2000], labels[:2000])
    calm = temper(bold[2000:], temperature)
    before = expected_calibration_error(bold[2000:], labels[2000:])
    assert expected_calibration_error(calm, labels[2000:]) < 0.05 < 0.15 < before
    assert brier_loss(calm, labels[2000:]) < brier_loss(bold[2000:], labels[2000:])
    assert (calm.argmax(axis=1) == bold[2000:].argmax(axis=1)).all()
    np.testing.assert_allclose(temper(calm, 1 / temperature), bold[2000:], atol=1e-9)


def test_temperature_of_nothing_is_one() -> None:
    assert fit_temperature(np.zeros((0, 3)), np.zeros(0, dtype=np.int64)) == 1.0


def test_reliability_has_bins_of_equally_many_items() -> None:
    probabilities, labels = noisy(1000)
    sizes = [size for _, _, size in reliability(probabilities, labels, bins=8)]
    assert sizes == [125] * 8
    assert brier_loss(np.eye(3)[labels], labels) == 0


def test_coverage_curve_trades_answers_for_quality() -> None:
    probabilities, labels = noisy(3000)
    curve = coverage_curve(probabilities, labels)
    assert curve[0]["coverage"] == 1.0 and curve[0]["abstain_below"] == 0.0
    assert curve[-1]["coverage"] == pytest.approx(0.5, abs=0.02)
    assert curve[-1]["macro_f1"] > curve[0]["macro_f1"] + 0.1
    assert len(coverage_figure(curve, title="stance").axes[0].texts) == len(curve)


def test_plots_show_reliability_before_and_after() -> None:
    points = reliability(*noisy(200))
    figure = reliability_figure(points, points, title="stance")
    assert [line.get_label() for line in figure.axes[0].lines] == ["calibrated", "before", "after"]


def sentences(count: int) -> list[LabelledSentence]:
    """Return sentences of two actors with opposite stances, half of them quoted."""
    made = []
    for number in range(count):
        holder = "Kowal" if number % 2 else None
        actors = (
            LabelledActor("Nowak", ((0, 5),), "favor", holder),
            LabelledActor("Kowal", ((13, 18),), "against", holder),
        )
        tags = ("unseen",) if number < 4 else ()
        made.append(LabelledSentence(f"s{number}", f"a{number // 3}", "Nowak ponad  Kowal", actors, "neutral", tags))
    return made


def test_slices_name_the_labels_they_hold() -> None:
    masks = dict(stance_slices(sentences(30)))
    assert masks["unseen actors"].sum() == 8
    assert masks["opposite stances"].all() and masks["several actors"].all()
    assert not masks["shared stances"].any()
    assert masks["quoted"].sum() == masks["not quoted"].sum() == 30
    assert masks["actor: Nowak"].tolist() == [True, False] * 30


@pytest.mark.parametrize(
    ("stances", "shared"),
    [
        (("against", "against", "neutral"), True),
        (("favor", None, "favor"), True),
        (("against", "against", "favor"), False),
        (("favor", "neutral"), False),
        (("neutral", "neutral"), False),
    ],
)
def test_slices_know_stances_that_actors_share(stances: tuple[str | None, ...], shared: bool) -> None:
    actors = tuple(LabelledActor(f"A{place}", ((place, place + 1),), stance) for place, stance in enumerate(stances))
    masks = dict(stance_slices([LabelledSentence("s", "a", "ABC", actors)]))
    assert masks["shared stances"].tolist() == [shared] * len(actors)


def test_report_says_when_a_slice_has_too_few_labels() -> None:
    of = sentences(30)
    probabilities = np.tile([[0.1, 0.1, 0.8], [0.7, 0.2, 0.1]], (30, 1))
    report = make_report(of, probabilities, None, data_sha256="abc", temperatures={"stance": 1.5})
    assert report["slices"]["unseen actors"] == {"labels": 8, "too_few": True}
    assert report["slices"]["quoted"]["labels"] == 30
    assert report["stance"]["f1_against_favor"]["value"] == 1.0
    assert report["stance"]["accuracy"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert report["calibration"]["stance"]["temperature"] == 1.5
    assert report["calibration"]["stance"]["after"]["ece"] == pytest.approx(0.25)
    assert report["counts"]["articles"] == 10
