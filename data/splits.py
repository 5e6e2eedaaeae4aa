"""Train, dev and test from one set of labelled sentences."""

import dataclasses
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from data.folder import SPLITS
from data.sentence import LabelledSentence
from data.similarity import near_duplicates

UNSEEN = "unseen"


def make_splits(
    sentences: Sequence[LabelledSentence],
    *,
    seed: int,
    dev: float = 0.15,
    test: float = 0.15,
    unseen: float = 0.25,
    kept: Mapping[str, str] | None = None,
) -> dict[str, list[LabelledSentence]]:
    """Return {"train": …, "dev": …, "test": …}; dev and test are shares of all sentences.

    Sentences of one article, and near-duplicates, stay together. As far as the data allows, the
    share `unseen` of the test sentences names only actors that train never names; these are
    tagged "unseen".

    `kept` says of sentences, by their ids, in which split they are already. They stay there, and what
    belongs together with them joins them; where that would be two splits, all of it goes to the first
    in the order train, dev, test, so that nothing is measured on what was learnt.
    """
    groups = _groups(sentences)
    random.Random(seed).shuffle(groups)  # noqa: S311  # a seeded draw, no secret
    members: dict[str, list[list[int]]] = {name: [] for name in SPLITS}
    free: list[list[int]] = []
    for group in groups:
        places = {(kept or {}).get(sentences[index].id) for index in group}
        chosen = next((members[name] for name in SPLITS if name in places), free)
        chosen.append(group)
    actor_groups = Counter(actor for group in groups for actor in _actors(sentences[index] for index in group))

    def is_alone(group: list[int]) -> bool:
        return all(actor_groups[actor] == 1 for actor in _actors(sentences[index] for index in group))

    def draw(name: str, candidates: Iterable[list[int]], wanted: float) -> None:
        drawn = _take(candidates, wanted)
        members[name] += drawn
        gone = {id(group) for group in drawn}
        free[:] = [group for group in free if id(group) not in gone]

    draw("test", filter(is_alone, free), unseen * test * len(sentences) - _size(filter(is_alone, members["test"])))
    for name, share in (("test", test), ("dev", dev)):
        draw(name, free, share * len(sentences) - _size(members[name]))
    members["train"] += free
    splits = {
        name: [sentences[index] for index in sorted(index for group in chosen for index in group)]
        for name, chosen in members.items()
    }
    known = _actors(splits["train"])
    return {name: [_marked(each, known, test=name == "test") for each in chosen] for name, chosen in splits.items()}


def _groups(sentences: Sequence[LabelledSentence]) -> list[list[int]]:
    """Return the indices of sentences that belong together: the same article, or near-duplicates."""
    owner = list(range(len(sentences)))

    def root(index: int) -> int:
        while owner[index] != index:
            owner[index] = index = owner[owner[index]]
        return index

    first_of_article: dict[str, int] = {}
    for index, sentence in enumerate(sentences):
        owner[root(index)] = root(first_of_article.setdefault(sentence.article, index))
    for left, right, _ in near_duplicates([sentence.text for sentence in sentences]):
        owner[root(right)] = root(left)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for index in range(len(sentences)):
        groups[root(index)].append(index)
    return list(groups.values())


def _size(groups: Iterable[list[int]]) -> int:
    return sum(map(len, groups))


def _take(groups: Iterable[list[int]], wanted: float) -> list[list[int]]:
    """Return groups from the front until they hold about as many sentences as wanted."""
    taken: list[list[int]] = []
    count = 0
    for group in groups:
        if count + len(group) / 2 > wanted:
            break
        taken.append(group)
        count += len(group)
    return taken


def _actors(sentences: Iterable[LabelledSentence]) -> set[str]:
    return {actor.actor for sentence in sentences for actor in sentence.actors}


def _marked(sentence: LabelledSentence, known: set[str], *, test: bool) -> LabelledSentence:
    """Return the sentence with the tag where it is due, and without one that it brought from other splits."""
    tags = set(sentence.tags) - {UNSEEN}
    if test and sentence.actors and known.isdisjoint(actor.actor for actor in sentence.actors):
        tags.add(UNSEEN)
    return dataclasses.replace(sentence, tags=tuple(sorted(tags)))
