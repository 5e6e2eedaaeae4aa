"""Sentences rewritten with other names, read by models of which we know what they look at."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import pytest

from data.labels import STANCES
from data.sentence import LabelledActor, LabelledSentence
from models.predictions import Predictions
from models.predictor import Predictor
from tests.conftest import sentence_of
from train.name_tests import name_audit, swap_test

CHANCES = dict(zip(STANCES, np.eye(3) * 0.7 + 0.1, strict=True))
COUNTRIES = ("Rosja", "Francja", "Litwa", "Japonia")


class Reader:
    """Reads as it is told to: a stance for each actor of a sentence."""

    def __init__(self, stance_of: Callable[[LabelledSentence, LabelledActor], str | None]) -> None:
        self._stance_of = stance_of

    def predict(self, sentences: Sequence[LabelledSentence]) -> Predictions:
        rows = [CHANCES[self._stance_of(s, actor) or "neutral"] for s in sentences for actor in s.actors]
        return Predictions(np.array(rows), None)


def reader(stance_of: Callable[[LabelledSentence, LabelledActor], str | None]) -> Predictor:
    return cast(Predictor, Reader(stance_of))


def opposed(count: int) -> list[LabelledSentence]:
    """Return sentences that are against one country and praise another."""
    sentences = []
    for number in range(count):
        against, favor = COUNTRIES[number % 4], COUNTRIES[(number + 1) % 4]
        genitive = {"Rosja": "Rosji", "Francja": "Francji", "Litwa": "Litwy", "Japonia": "Japonii"}
        accusative = {"Rosja": "Rosję", "Francja": "Francję", "Litwa": "Litwę", "Japonia": "Japonię"}
        text = (
            f"Numer {number}: minister stanął po stronie {genitive[favor]} i oskarżył o kłamstwo {accusative[against]}."
        )
        sentences.append(
            sentence_of(str(number), text, (favor, genitive[favor], "favor"), (against, accusative[against], "against"))
        )
    return sentences


def test_swap_is_followed_by_a_model_that_reads_for_the_actor() -> None:
    found = swap_test(reader(lambda sentence, actor: actor.stance), opposed(8))
    assert found["pairs"] == found["of"] == 8
    assert found["follow"]["value"] == found["stances_traded"]["value"] == 1


def test_swap_is_not_followed_by_a_model_that_does_not() -> None:
    blind = swap_test(reader(lambda sentence, actor: "favor"), opposed(8))
    assert blind["follow"]["value"] == 0
    by_name = swap_test(reader(lambda _, actor: "against" if actor.actor < "K" else "favor"), opposed(8))
    assert by_name["follow"]["value"] == 0


def test_swap_of_sentences_without_opposites_has_no_figures() -> None:
    sentences = [sentence_of("a", "Rosja milczy.", ("Rosja", "Rosja", "neutral"))]
    assert swap_test(reader(lambda *_: None), sentences) == {"pairs": 0, "of": 0}


def test_audit_finds_nothing_where_the_name_does_nothing() -> None:
    audit: dict[str, Any] = name_audit(reader(lambda sentence, actor: actor.stance), opposed(16))
    assert audit["answers_changed"] == 0
    assert {row["actor"] for row in audit["shifts"]} == set(COUNTRIES)
    for row in audit["shifts"]:
        assert row["against"]["value"] == pytest.approx(0)


def test_audit_finds_the_name_that_moves_the_model() -> None:
    biased = reader(lambda _, actor: "against" if actor.actor == "Rosja" else "neutral")
    audit = name_audit(biased, opposed(16))
    assert audit["answers_changed"] > 0.3
    worst = audit["shifts"][0]
    assert worst["actor"] == "Rosja" and worst["against"]["low"] > 0.3
    assert all(row["against"]["value"] < 0 for row in audit["shifts"][1:])


def test_audit_of_unknown_names_has_no_figures() -> None:
    sentences = [sentence_of("a", "Drogomex milczy.", ("Drogomex", "Drogomex", "neutral"))]
    assert name_audit(reader(lambda *_: None), sentences) == {}
