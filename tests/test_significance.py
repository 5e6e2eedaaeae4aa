"""Differences of two systems: intervals, tests, and whether both keep their word."""

import numpy as np
import pytest

from data.labels import MISSING, STANCES
from evaluation.intervals import counts_by_cluster
from evaluation.metrics import IntArray, classification_metrics
from evaluation.significance import difference_intervals, differences, holm, mcnemar, randomisation_test
from evaluation.simulation import BETTER, coverage, found_different
from evaluation.synthetic import SHARES, World, draw, truth


def two_systems(right: tuple[float, float], items: int = 300) -> tuple[IntArray, IntArray, IntArray]:
    """Return labels and the answers of two systems that are right so often, independently."""
    generator = np.random.default_rng(4)
    true = generator.integers(0, 3, items)
    a, b = (np.where(generator.random(items) < share, true, (true + 1) % 3) for share in right)
    return true, a, b


def counts(true: IntArray, predicted: IntArray) -> IntArray:
    return counts_by_cluster(true, predicted, [str(item // 2) for item in range(len(true))], labels=3)


def test_significance_identical_systems_do_not_differ() -> None:
    true, a, _ = two_systems((0.7, 0.7))
    of_a = counts(true, a)
    assert set(differences(of_a, of_a, labels=STANCES).values()) == {0.0}
    assert set(difference_intervals(of_a, of_a, labels=STANCES).values()) == {(0.0, 0.0)}
    assert set(randomisation_test(of_a, of_a, labels=STANCES).values()) == {1.0}


def test_significance_differences_are_those_of_the_metrics() -> None:
    true, a, b = two_systems((0.6, 0.8))
    found = differences(counts(true, a), counts(true, b), labels=STANCES)
    of_a, of_b = (classification_metrics(true, system, labels=STANCES) for system in (a, b))
    assert found == pytest.approx({name: of_b[name] - of_a[name] for name in of_a})


def test_significance_finds_a_clearly_better_system_in_either_order() -> None:
    true, a, b = two_systems((0.6, 0.85))
    of_a, of_b = counts(true, a), counts(true, b)
    for first, second, sign in ((of_a, of_b, 1), (of_b, of_a, -1)):
        low, high = difference_intervals(first, second, labels=STANCES)["macro_f1"]
        value = differences(first, second, labels=STANCES)["macro_f1"]
        assert low < value < high and low * sign > 0 and high * sign > 0
        assert randomisation_test(first, second, labels=STANCES)["macro_f1"] == pytest.approx(1 / 10_001)


def test_significance_randomisation_is_that_of_all_exchanges() -> None:
    """Five articles of one label, B right in all and A in none: 2 of the 32 exchanges are as extreme."""
    true = np.zeros(5, dtype=np.int64)
    names = list("abcde")
    of_a = counts_by_cluster(true, true + 1, names, labels=3)
    of_b = counts_by_cluster(true, true, names, labels=3)
    p = randomisation_test(of_a, of_b, labels=STANCES, repetitions=20_000)["accuracy"]
    assert p == pytest.approx(2 / 32, abs=0.006)


def test_significance_exchanges_articles_whole() -> None:
    """Thirty labels of three articles are three observations: no p under 2/8."""
    true = np.zeros(30, dtype=np.int64)
    names = [str(item // 10) for item in range(30)]
    of_a = counts_by_cluster(true, true + 1, names, labels=3)
    of_b = counts_by_cluster(true, true, names, labels=3)
    assert randomisation_test(of_a, of_b, labels=STANCES)["accuracy"] == pytest.approx(0.25, abs=0.02)
    assert mcnemar(true, true + 1, true).p < 1e-6


def test_significance_is_the_same_from_the_same_seed_whatever_the_repetitions_at_once() -> None:
    true, a, b = two_systems((0.7, 0.75))
    of_a, of_b = counts(true, a), counts(true, b)
    for test in (randomisation_test, difference_intervals):
        assert test(of_a, of_b, labels=STANCES, repetitions=1500) == test(of_a, of_b, labels=STANCES, repetitions=1500)
        assert test(of_a, of_b, labels=STANCES, seed=1) != test(of_a, of_b, labels=STANCES, seed=2)


def test_significance_refuses_counts_of_other_labels() -> None:
    true, a, _ = two_systems((0.7, 0.7))
    of_a, of_other = counts(true, a), counts((true + 1) % 3, a)
    for other in (of_other, of_a[1:]):
        with pytest.raises(ValueError, match="the same labels in the same clusters"):
            randomisation_test(of_a, other, labels=STANCES)
    with pytest.raises(ValueError, match="the same labels"):
        difference_intervals(of_a[:0], of_a[:0], labels=STANCES)


def test_mcnemar_is_the_binomial_of_the_labels_that_one_has_right() -> None:
    true = np.array([0] * 12 + [MISSING])
    a = np.array([0] * 2 + [1] * 8 + [0, 1] + [0])
    b = np.array([1] * 2 + [0] * 8 + [0, 1] + [1])
    found = mcnemar(true, a, b)
    assert (found.only_first, found.only_second) == (2, 8)
    assert found.p == pytest.approx(2 * (1 + 10 + 45) / 2**10)


def test_mcnemar_of_the_same_rights_and_wrongs_is_one() -> None:
    true = np.array([0, 1, 2])
    assert mcnemar(true, np.array([0, 2, 2]), np.array([0, 0, 2])).p == 1.0


def test_holm_adjusts_as_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([0.2]) == [0.2] and holm([]) == []


def test_synthetic_data_is_as_it_says() -> None:
    true, a, b, article = draw(World(articles=20_000), np.random.default_rng(1))
    np.testing.assert_allclose(np.bincount(true) / len(true), SHARES, atol=0.01)
    for label, accuracy in enumerate(World().a):
        assert (a == true)[true == label].mean() == pytest.approx(accuracy, abs=0.01)
    right = (a == true) - (a == true).mean()
    sums, sizes = np.bincount(article, right), np.bincount(article)
    inside = ((sums**2).sum() - (right**2).sum()) / (sizes * (sizes - 1)).sum() / right.var()
    assert 0.05 < inside < 0.12
    assert 0.84 < (a == b).mean() < 0.88


def test_simulation_intervals_and_tests_keep_their_word_roughly() -> None:
    """The whole simulation is `python -m evaluation.simulation`; here 100 test sets with wide bounds."""
    held = coverage(World(), repetitions=100, resamples=300)
    assert all(0.88 <= share <= 0.99 for share in held.values())
    false = found_different(World(), repetitions=100, resamples=300)
    assert false["test"] <= 0.11 and false["interval"] <= 0.12
    power = found_different(BETTER, repetitions=80, resamples=300, intervals=False)["test"]
    assert 0.58 <= power <= 0.95
    assert truth(BETTER)["difference"] == pytest.approx(0.04, abs=0.002)
