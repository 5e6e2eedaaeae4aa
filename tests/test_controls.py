"""What can be guessed without reading, and whether predictions follow the actors."""

import numpy as np
import pytest

from data.labels import STANCES
from data.sentence import LabelledActor, LabelledSentence
from evaluation.controls import sentiment_controls, stance_controls
from evaluation.intervals import mean_with_interval
from evaluation.name_shift import answers_changed, name_shifts
from evaluation.report import control_figures, stance_labels
from evaluation.suspects import find_suspects
from evaluation.swap import swap_figures
from tests.conftest import sentence_of, small_corpus


def test_controls_majority_says_the_most_frequent_label() -> None:
    train, test = small_corpus(30), small_corpus(9, 30)
    majority = stance_controls(train, test)["majority"]
    assert majority.shape == (18, 3)
    assert set(majority.argmax(axis=1).tolist()) == {STANCES.index("neutral")}
    assert majority[0].tolist() == pytest.approx([1 / 6, 4 / 6, 1 / 6])


def test_controls_name_only_sees_nothing_but_the_name() -> None:
    """The same name with other stances: it can say one thing only."""
    by_name = stance_controls(small_corpus(30), small_corpus(9, 30))["name_only"]
    assert np.unique(by_name.round(6), axis=0).shape == (2, 3)


def test_controls_tfidf_reads_the_words() -> None:
    train, test = small_corpus(60), small_corpus(30, 60)
    figures = control_figures(
        stance_labels(test),
        stance_controls(train, test),
        [sentence.article for sentence in test for _ in sentence.actors],
        labels=STANCES,
    )
    assert figures["tfidf"]["macro_f1"]["value"] > 0.6 > 0.3 > figures["majority"]["macro_f1"]["value"]
    assert sentiment_controls(train, test)["tfidf"].argmax(axis=1).tolist()[:3] == [2, 0, 1]


def test_controls_of_one_label_say_that_label() -> None:
    train = [sentence_of("a", "Nowak śpi.", ("Nowak", "Nowak", "neutral"))]
    assert stance_controls(train, train)["tfidf"].tolist() == [[0, 1, 0]]


def test_controls_leave_missing_labels_out() -> None:
    train = [*small_corpus(12), sentence_of("x", "Nowak śpi.", ("Nowak", "Nowak", None))]
    assert stance_controls(train, train)["majority"][0].tolist() == pytest.approx([4 / 24, 16 / 24, 4 / 24])


AGAINST, NEUTRAL, FAVOR = np.eye(3) * 0.8 + 0.05


def test_swap_follows_where_stances_change_places() -> None:
    before = np.array([[AGAINST, FAVOR]] * 4)
    figures = swap_figures(before, before[:, ::-1], ["a", "b", "c", "d"])
    assert {name: of["value"] for name, of in figures.items()} == {
        "follow": 1.0,
        "stances_traded": 1.0,
        "right_before": 1.0,
        "right_after": 1.0,
    }


def test_swap_does_not_follow_where_the_actor_is_not_seen() -> None:
    before = np.array([[FAVOR, FAVOR]] * 3)
    figures = swap_figures(before, before, ["a", "b", "c"])
    assert figures["follow"]["value"] == figures["stances_traded"]["value"] == 0
    assert figures["right_before"]["value"] == 0.5


def test_swap_does_not_follow_where_the_name_decides() -> None:
    before = np.array([[AGAINST, FAVOR]] * 3)
    figures = swap_figures(before, before, ["a", "b", "c"])
    assert figures["follow"] == {"value": 0, "low": 0, "high": 0}
    assert figures["right_before"]["value"] == 1 and figures["right_after"]["value"] == 0


def test_mean_with_interval_resamples_clusters() -> None:
    values = np.repeat([0.0, 1.0], 50)
    alone = mean_with_interval(values, [str(item) for item in range(100)])
    together = mean_with_interval(values, [str(item // 25) for item in range(100)])
    assert alone["value"] == together["value"] == 0.5
    assert together["high"] - together["low"] > 3 * (alone["high"] - alone["low"])
    with pytest.raises(ValueError, match="found none"):
        mean_with_interval(np.zeros(0), [])


def test_name_shifts_find_the_name_that_the_model_dislikes() -> None:
    names = ["Rosja", "Francja", "Litwa"] * 12
    contexts = [str(item // 3) for item in range(36)]
    probabilities = np.array([[0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.2, 0.5, 0.3]] * 12)
    rows = name_shifts(["country"] * 36, names, contexts, contexts, probabilities)
    assert [row["actor"] for row in rows] == ["Rosja", "Francja", "Litwa"]
    assert rows[0]["against"] == {"value": pytest.approx(0.2), "low": pytest.approx(0.2), "high": pytest.approx(0.2)}
    assert rows[1]["against"]["value"] == pytest.approx(-0.1)
    assert rows[0]["sentences"] == 12


def test_name_shifts_leave_out_names_met_too_seldom_or_alone() -> None:
    contexts = [str(item) for item in range(12)]
    assert name_shifts(["country"] * 12, ["Rosja"] * 12, contexts, contexts, np.tile([0.2, 0.5, 0.3], (12, 1))) == []


def test_answers_changed_counts_substitutions_alone() -> None:
    share = answers_changed(["a", "a", "a", "b", "b"], [True, False, False, True, False], [0, 0, 1, 2, 2])
    assert share == pytest.approx(1 / 3)


def test_suspects_are_the_flipped_labels() -> None:
    generator = np.random.default_rng(5)
    true = generator.integers(0, 3, 2000)
    probabilities = generator.dirichlet([0.7] * 3, 2000) * 0.4 + np.eye(3)[true] * 0.6
    flipped = generator.choice(2000, 100, replace=False)
    given = true.copy()
    given[flipped] = (true[flipped] + generator.integers(1, 3, 100)) % 3
    given[0] = -100
    suspects = find_suspects(given, probabilities)
    assert 0 not in suspects.order and len(suspects.order) == 1999
    assert len(set(suspects.order[:100].tolist()) & set(flipped.tolist())) > 90
    assert 30 < suspects.expected < 140
    other = find_suspects(given, probabilities, ranking=probabilities[:, ::-1])
    assert other.expected == suspects.expected
    assert other.order.tolist() == find_suspects(given, probabilities[:, ::-1]).order.tolist()
    assert other.order.tolist() != suspects.order.tolist()


def test_slices_of_a_sentence_without_labels_break_nothing() -> None:
    bare = LabelledSentence("a", "a", "Nowak śpi.", (LabelledActor("Nowak", ((0, 5),)),))
    assert stance_controls(small_corpus(12), [bare])["tfidf"].shape == (1, 3)
