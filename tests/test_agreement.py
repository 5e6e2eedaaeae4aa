"""How far two labellings agree; what a set of sentences holds."""

import dataclasses

import numpy as np
import pytest

from data.labels import STANCES
from data.statistics import count
from evaluation.agreement import agreement
from tests.conftest import sentence_of


def test_agreement_alpha_is_that_of_the_published_example() -> None:
    """Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", part A: binary data, two observers."""
    first, second = np.array([0, 1, 0, 0, 0, 0, 0, 0, 1, 0]), np.array([1, 1, 1, 0, 0, 1, 0, 0, 0, 0])
    found = agreement(first, second, labels="ab")
    assert found.alpha == pytest.approx(0.095, abs=0.001)
    assert found.observed == pytest.approx(0.6)


def test_agreement_counts_each_label() -> None:
    found = agreement(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2]), labels=STANCES)
    assert found.by_label == {"against": 0.5, "neutral": 0.5, "favor": 1.0}
    assert found.table.tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 1]]


def test_agreement_of_one_label_alone_is_whole() -> None:
    assert agreement(np.array([1, 1]), np.array([1, 1]), labels=STANCES).alpha == 1.0


def test_agreement_needs_the_same_items() -> None:
    with pytest.raises(ValueError, match="the same items"):
        agreement(np.array([1]), np.array([1, 2]), labels=STANCES)


def test_statistics_see_frames_and_near_duplicates() -> None:
    sentences = [
        sentence_of("a", "Wczoraj Nowak skrytykował rząd w Sejmie.", ("Nowak", "Nowak", "neutral")),
        sentence_of("b", "Wczoraj Kowal skrytykował rząd w Sejmie.", ("Kowal", "Kowal", "favor")),
        sentence_of("c", "Mgła zeszła z Tatr dopiero po południu.", ("Tatry", "Tatr", "against")),
    ]
    counted = count([dataclasses.replace(sentence, tags=("event",)) for sentence in sentences])
    assert counted.same_frame == ["a", "b"]
    assert [pair[:2] for pair in counted.alike] == [("a", "b")]
    assert counted.tags == {"event": 3}
    assert counted.stances == {"neutral": 1, "favor": 1, "against": 1}
    assert counted.frequent_grams_share == 1.0
