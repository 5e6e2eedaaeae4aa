"""What a set of labelled sentences holds, counted."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from data.sentence import LabelledSentence, has_opposites, has_shared_stance
from data.similarity import near_duplicates

LONG_WORDS = 40
FREQUENT_GRAMS = 50
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Statistics:
    """Counts of a set of labelled sentences.

    `sizes`, `stances`, `sentiments` and `tags` are counts by name; `actors` has the stances of each
    actor, the most frequent first. `alike` are pairs of sentences that share over half of their
    5-grams, `same_frame` sentences that are another one with other names, and
    `frequent_grams_share` the share of sentences that hold one of the 50 most frequent word 4-grams.
    """

    sizes: dict[str, int]
    stances: dict[str, int]
    sentiments: dict[str, int]
    tags: dict[str, int]
    actors: dict[str, Counter[str]]
    alike: list[tuple[str, str, float]]
    same_frame: list[str]
    frequent_grams_share: float


def count(sentences: Sequence[LabelledSentence]) -> Statistics:
    """Count a set of labelled sentences."""
    actors: dict[str, Counter[str]] = {}
    for sentence in sentences:
        for actor in sentence.actors:
            actors.setdefault(actor.actor, Counter())[actor.stance or "unlabelled"] += 1
    frames = Counter(_frame(sentence) for sentence in sentences)
    pairs = near_duplicates([sentence.text for sentence in sentences])
    return Statistics(
        sizes=_sizes(sentences),
        stances=dict(sum(actors.values(), Counter())),
        sentiments=dict(Counter(sentence.sentiment or "unlabelled" for sentence in sentences)),
        tags=dict(Counter(tag for sentence in sentences for tag in sentence.tags).most_common()),
        actors=dict(sorted(actors.items(), key=lambda item: (-item[1].total(), item[0]))),
        alike=[(sentences[left].id, sentences[right].id, share) for left, right, share in pairs],
        same_frame=[sentence.id for sentence in sentences if frames[_frame(sentence)] > 1],
        frequent_grams_share=_frequent_grams_share(sentences),
    )


def _sizes(sentences: Sequence[LabelledSentence]) -> dict[str, int]:
    labelled = [actor for sentence in sentences for actor in sentence.actors if actor.stance]
    return {
        "sentences": len(sentences),
        "articles": len({sentence.article for sentence in sentences}),
        "stance labels": len(labelled),
        "different actors": len({actor.actor for sentence in sentences for actor in sentence.actors}),
        "labels with a holder": sum(actor.holder is not None for actor in labelled),
        "two or more actors": sum(len(sentence.actors) > 1 for sentence in sentences),
        "opposite stances": sum(map(has_opposites, sentences)),
        "shared stances": sum(map(has_shared_stance, sentences)),
        "an actor mentioned twice": sum(any(len(a.mentions) > 1 for a in sentence.actors) for sentence in sentences),
        f"{LONG_WORDS} words or more": sum(len(sentence.text.split()) >= LONG_WORDS for sentence in sentences),
    }


def _frame(sentence: LabelledSentence) -> str:
    """Return the sentence with its actors' names masked."""
    text = sentence.text
    for start, end in sorted((m for actor in sentence.actors for m in actor.mentions), reverse=True):
        text = f"{text[:start]}#{text[end:]}"
    return " ".join(text.casefold().split())


def _frequent_grams_share(sentences: Sequence[LabelledSentence]) -> float:
    grams = []
    for sentence in sentences:
        words = WORD.findall(sentence.text.casefold())
        grams.append({tuple(words[start : start + 4]) for start in range(len(words) - 3)})
    frequent = {gram for gram, _ in Counter(gram for own in grams for gram in own).most_common(FREQUENT_GRAMS)}
    return sum(not own.isdisjoint(frequent) for own in grams) / max(1, len(sentences))
