"""Training sentences told of other actors: two who change places, names that give way to others of their type."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from data.actor_list import TYPES, Actor
from data.sentence import LabelledSentence
from data.substitution import actor_of, known_actors, substitute, swap

SWAPPED, RENAMED = 0.5, 0.6  # share of pairs that change places, and of actors that get another name
TRIES = 3  # names drawn for a place before it keeps its own


def names_by_type(sentences: Sequence[LabelledSentence], listed: Iterable[Actor]) -> dict[str, list[str]]:
    """Return the names to draw from, by type: those of the sentences and of the list, each once."""
    listed = list(listed)
    known = known_actors(listed)
    names = {actor.actor for sentence in sentences for actor in sentence.actors} | {actor.name for actor in listed}
    kinds = {name: actor_of(name, known).type for name in names}
    return {kind: sorted(name for name, its in kinds.items() if its == kind) for kind in TYPES}


def vary(
    sentence: LabelledSentence,
    names: Mapping[str, Sequence[str]],
    known: Mapping[str, Actor],
    generator: np.random.Generator,
) -> LabelledSentence:
    """Return the sentence told of other actors, the stances staying with their places; as it was where no form is sure.

    Two actors of different stances change places, then names give way to others of `names` of their type.
    """
    pairs = [
        (first, second)
        for second, actor in enumerate(sentence.actors)
        for first, other in enumerate(sentence.actors[:second])
        if actor.stance and other.stance and actor.stance != other.stance
    ]
    if pairs and generator.random() < SWAPPED:
        first, second = pairs[generator.integers(len(pairs))]
        sentence = swap(sentence, first, second, known) or sentence
    for position, actor in enumerate(sentence.actors):
        kind = actor_of(actor.actor, known).type
        if kind and generator.random() < RENAMED:
            drawn = (names[kind][int(generator.integers(len(names[kind])))] for _ in range(TRIES))
            renamed = (substitute(sentence, position, name, known) for name in drawn)
            sentence = next((found for found in renamed if found), sentence)
    return sentence
