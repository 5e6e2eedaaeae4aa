"""Does the model read for the actor, and how much does a name alone move it? Sentences rewritten, and read again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.actor_list import TYPES, Actor, bundled_actors
from data.probabilities import Probabilities
from data.sentence import LabelledSentence, has_opposites
from data.substitution import actor_of, known_actors, substitute, swap
from evaluation.name_shift import answers_changed, name_shifts
from evaluation.swap import swap_figures
from models.predictor import Predictor

MOST_NAMES = 12  # of a type, the most frequent ones
MOST_PLACES = 40  # of a type, drawn by chance


@dataclass(frozen=True)
class NamedPlace:
    """A sentence with one name in one of its places; `place` is the same whichever name stands there."""

    sentence: LabelledSentence
    position: int
    kind: str
    place: str
    original: bool

    @property
    def name(self) -> str:
        """Return the name that stands there."""
        return self.sentence.actors[self.position].actor


def swap_test(predictor: Predictor, sentences: Sequence[LabelledSentence]) -> dict[str, Any]:
    """Let an actor blamed and an actor praised change places in the text, and see whether the predictions follow.

    One pair of a sentence, the first that can be swapped with certainty of the right forms. Returns what
    `evaluation.swap.swap_figures` says, with the number of `pairs` and of sentences that have such a pair, `of`.
    """
    known = known_actors(bundled_actors())
    opposed = [sentence for sentence in sentences if has_opposites(sentence)]
    swapped = [found for sentence in opposed if (found := _swapped(sentence, known))]
    counts = {"pairs": len(swapped), "of": len(opposed)}
    if not swapped:
        return counts
    places = [places for _, _, places in swapped]
    before = _of_places(predictor, [before for before, _, _ in swapped], places)
    after = _of_places(predictor, [after for _, after, _ in swapped], places)
    return counts | swap_figures(before, after, [sentence.article for sentence, _, _ in swapped])


def name_audit(predictor: Predictor, sentences: Sequence[LabelledSentence]) -> dict[str, Any]:
    """Give actors other names of their type, and see how the probabilities shift with the name.

    Of each type the most frequent names stand in turn in the places of its actors, in the case of the place.
    Returns `contexts`, the number of places, `substitutions`, the share of `answers_changed` by them, and the
    `shifts` of `evaluation.name_shift.name_shifts`; {} where no name can be substituted.
    """
    readings = _readings(sentences, known_actors(bundled_actors()))
    substitutions = sum(not reading.original for reading in readings)
    if not substitutions:
        return {}
    probabilities = _of_places(
        predictor, [reading.sentence for reading in readings], [(reading.position,) for reading in readings]
    )[:, 0]
    places = [reading.place for reading in readings]
    return {
        "contexts": len(set(places)),
        "substitutions": substitutions,
        "answers_changed": answers_changed(
            places, [reading.original for reading in readings], probabilities.argmax(axis=1).tolist()
        ),
        "shifts": name_shifts(
            [reading.kind for reading in readings],
            [reading.name for reading in readings],
            places,
            [reading.sentence.article for reading in readings],
            probabilities,
        ),
    }


def _swapped(
    sentence: LabelledSentence, known: Mapping[str, Actor]
) -> tuple[LabelledSentence, LabelledSentence, tuple[int, int]] | None:
    """Return a sentence before and after the swap, with the positions of the one blamed and the one praised."""
    blamed, praised = (
        [place for place, actor in enumerate(sentence.actors) if actor.stance == stance]
        for stance in ("against", "favor")
    )
    for first in blamed:
        for second in praised:
            after = swap(sentence, first, second, known)
            if after:
                return sentence, after, (first, second)
    return None


def _readings(sentences: Sequence[LabelledSentence], known: Mapping[str, Actor]) -> list[NamedPlace]:
    """Return each chosen place with its own name and with every other that can stand there."""
    places = [(s, position) for s in sentences for position, actor in enumerate(s.actors) if actor.stance]
    kinds = [actor_of(sentence.actors[position].actor, known).type for sentence, position in places]
    generator = np.random.default_rng(0)
    readings: list[NamedPlace] = []
    for kind in TYPES:
        of_kind = [place for place, its in zip(places, kinds, strict=True) if its == kind]
        frequent = Counter(sentence.actors[position].actor for sentence, position in of_kind)
        names = [name for name, _ in sorted(frequent.items(), key=lambda item: (-item[1], item[0]))[:MOST_NAMES]]
        taken = 0
        for number in generator.permutation(len(of_kind)):
            sentence, position = of_kind[number]
            found = _with_names(sentence, position, kind, names, known)
            readings += found
            taken += bool(found)
            if taken == MOST_PLACES:
                break
    return readings


def _with_names(
    sentence: LabelledSentence, position: int, kind: str, names: Sequence[str], known: Mapping[str, Actor]
) -> list[NamedPlace]:
    others = [other for name in names if (other := substitute(sentence, position, name, known))]
    place = f"{sentence.id} {position}"
    rewritten = [NamedPlace(other, position, kind, place, original=False) for other in others]
    return [NamedPlace(sentence, position, kind, place, original=True), *rewritten] if rewritten else []


def _of_places(
    predictor: Predictor, sentences: Sequence[LabelledSentence], places: Sequence[Sequence[int]]
) -> Probabilities:
    """Return the probabilities of chosen actors of each sentence (sentences, chosen, 3)."""
    stance = predictor.predict(sentences).stance
    first = np.cumsum([0, *(len(sentence.actors) for sentence in sentences)])[:-1]
    chosen: Probabilities = stance[first[:, None] + np.array(places)]
    return chosen
