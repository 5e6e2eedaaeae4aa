"""The shape everything starts from: a sentence, the actors it names and what is known of them."""

from dataclasses import dataclass

Mention = tuple[int, int]  # offsets in code points, end exclusive


@dataclass(frozen=True)
class LabelledActor:
    """An actor of a sentence: where it is named and, where known, the stance and who holds it."""

    actor: str
    mentions: tuple[Mention, ...]
    stance: str | None = None
    holder: str | None = None


@dataclass(frozen=True)
class LabelledSentence:
    """A sentence with its actors. Labels may be missing; on a new article all of them are.

    `tags` say what is particular about the sentence ("irony", "unseen"), for slices and counts.
    """

    id: str
    article: str
    text: str
    actors: tuple[LabelledActor, ...] = ()
    sentiment: str | None = None
    tags: tuple[str, ...] = ()


def has_opposites(sentence: LabelledSentence) -> bool:
    """Say whether a sentence is against one actor and in favour of another."""
    return set(_coloured(sentence)) == {"against", "favor"}


def has_shared_stance(sentence: LabelledSentence) -> bool:
    """Say whether a sentence is against several actors and in favour of none, or the other way round."""
    stances = _coloured(sentence)
    return len(stances) > 1 and len(set(stances)) == 1


def _coloured(sentence: LabelledSentence) -> list[str]:
    return [actor.stance for actor in sentence.actors if actor.stance in ("against", "favor")]
