"""A sentence that returns is read once, and answered as the first time."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from data.sentence import LabelledActor, LabelledSentence
from models.predictions import Predictions
from models.repeats import ReadOnce
from tests.conftest import sentence_of


class Counting:
    """A reader whose every answer is new, and that keeps what it was asked."""

    def __init__(self, *, sentiment: bool = True) -> None:
        self.asked: list[str] = []
        self._answers = iter(range(10_000))
        self._sentiment = sentiment

    def predict(self, sentences: Sequence[LabelledSentence]) -> Predictions:
        self.asked += [sentence.text for sentence in sentences]
        stance = [[next(self._answers)] * 3 for sentence in sentences for _ in sentence.actors]
        sentiment = np.array([[next(self._answers)] * 3 for _ in sentences], dtype=np.float32).reshape(-1, 3)
        return Predictions(np.array(stance, dtype=np.float32).reshape(-1, 3), sentiment if self._sentiment else None)


ONE = sentence_of("one", "Nowak milczy.", ("Nowak", "Nowak", None))
TWO = sentence_of("two", "Nowak i Kowal.", ("Nowak", "Nowak", None), ("Kowal", "Kowal", None))
NONE = LabelledSentence("none", "none", "Nic.")


def test_repeats_are_read_once_and_answered_in_their_places() -> None:
    counting = Counting()
    reader = ReadOnce(counting)
    again = dataclasses.replace(TWO, id="again", article="another")
    first = reader.predict([TWO, NONE, again, ONE])
    assert counting.asked == [TWO.text, NONE.text, ONE.text]
    assert first.stance.shape == (5, 3)
    assert first.stance[:2].tolist() == first.stance[2:4].tolist()
    assert first.sentiment is not None
    assert first.sentiment[0].tolist() == first.sentiment[2].tolist() != first.sentiment[1].tolist()
    second = reader.predict([ONE, TWO])
    assert len(counting.asked) == 3
    assert second.stance.tolist() == first.stance[[4, 0, 1]].tolist()


def test_repeats_with_other_actors_or_places_are_other_sentences() -> None:
    counting = Counting()
    reader = ReadOnce(counting)
    text = "Nowak i Nowak."
    reader.predict(
        [
            LabelledSentence("a", "a", text),
            LabelledSentence("b", "b", text, (LabelledActor("Nowak", ((0, 5),)),)),
            LabelledSentence("c", "c", text, (LabelledActor("Nowak", ((8, 13),)),)),
            LabelledSentence("d", "d", text, (LabelledActor("Inny Nowak", ((0, 5),)),)),
        ]
    )
    assert len(counting.asked) == 4


def test_repeats_are_forgotten_beyond_a_number_the_latest_last() -> None:
    counting = Counting()
    reader = ReadOnce(counting, remembered=2)
    for sentence in (ONE, TWO, ONE, NONE, ONE):  # when NONE comes, TWO is the one that was not asked for latest
        reader.predict([sentence])
    assert counting.asked == [ONE.text, TWO.text, NONE.text]
    reader.predict([TWO, TWO, ONE, NONE])
    assert counting.asked[3:] == [TWO.text]


def test_repeats_of_a_model_without_sentiment_and_of_nothing() -> None:
    reader = ReadOnce(Counting(sentiment=False))
    assert reader.predict([ONE, ONE]).sentiment is None
    empty = ReadOnce(Counting()).predict([])
    assert empty.stance.shape == (0, 3)
    assert empty.sentiment is not None
    assert empty.sentiment.shape == (0, 3)
