"""What a bench reads: texts that name eight actors, articles, and plain sentences, from the bundled ones."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from data.articles import Article
from data.folder import BUNDLED, read_data_folder
from data.sentence import LabelledActor, LabelledSentence

MOST_ACTORS = 8
BLOCK = 4  # texts: each so many in a row are as long as any other so many, about


@cache
def bundled() -> tuple[LabelledSentence, ...]:
    """Return all bundled sentences, in the order of their files."""
    data = read_data_folder(BUNDLED)
    return (*data.train, *data.dev, *data.test)


def texts_with_actors(actors: int, count: int) -> list[LabelledSentence]:
    """Return `count` texts that name eight actors, of which the first `actors` are asked for.

    The texts are the same whatever `actors` is: only the number of actors varies, not the tokens.
    A text is two to four bundled sentences, joined as clauses.

    Raises:
        ValueError: So many actors or texts cannot be had.
    """
    if not 1 <= actors <= MOST_ACTORS:
        raise ValueError(f"expected 1 to {MOST_ACTORS} actors, found {actors}.")
    texts = _composed(count)
    if len(texts) < count:
        raise ValueError(f"expected at most {len(texts)} texts, found {count}.")
    return [replace(text, actors=text.actors[:actors]) for text in texts]


def sentences_of_two(count: int) -> list[LabelledSentence]:
    """Return bundled sentences of two labelled actors, evenly from all of them, as they stand."""
    two = [sentence for sentence in bundled() if len(sentence.actors) == 2]
    step = max(1, len(two) // count)
    return two[::step][:count]


def articles(count: int, sentences: int) -> list[Article]:
    """Return articles of so many bundled sentences each, no sentence twice while they last."""
    texts = [sentence.text for sentence in bundled()]
    return [
        Article(f"bench-{number}", " ".join(_taken(texts, number * sentences, sentences))) for number in range(count)
    ]


def _taken(texts: Sequence[str], start: int, count: int) -> list[str]:
    return [texts[(start + position) % len(texts)] for position in range(count)]


@cache
def _composed(count: int) -> tuple[LabelledSentence, ...]:
    waiting = [sentence for sentence in bundled() if len(sentence.actors) > 1]
    waiting.sort(key=lambda sentence: len(sentence.text) / len(sentence.actors))
    texts: list[LabelledSentence] = []
    while len(texts) < count and (clauses := _clauses(waiting)):
        waiting = [sentence for sentence in waiting if sentence not in clauses]
        texts.append(_joined(clauses, f"bench-{len(texts)}"))
    return tuple(_mixed(sorted(texts, key=lambda text: len(text.text))))


def _clauses(waiting: Sequence[LabelledSentence]) -> list[LabelledSentence]:
    """Return the first sentences that name eight actors between them, none twice; none if they do not suffice."""
    clauses: list[LabelledSentence] = []
    names: set[str] = set()
    for sentence in waiting:
        own = {actor.actor for actor in sentence.actors}
        if own.isdisjoint(names):
            clauses.append(sentence)
            names |= own
        if len(names) >= MOST_ACTORS:
            return clauses
    return []


def _joined(clauses: Sequence[LabelledSentence], name: str) -> LabelledSentence:
    text, actors = "", list[LabelledActor]()
    for clause in clauses:
        text += "; " if text else ""
        actors += [
            replace(actor, mentions=tuple((start + len(text), end + len(text)) for start, end in actor.mentions))
            for actor in clause.actors
        ]
        text += clause.text.rstrip(".") if clause is not clauses[-1] else clause.text
    return LabelledSentence(name, name, text, tuple(actors[:MOST_ACTORS]))


def _mixed(by_length: Sequence[LabelledSentence]) -> Iterator[LabelledSentence]:
    """Yield texts so that each block has one of each quarter of the lengths, the quarters in turn up and down."""
    quarter = len(by_length) // BLOCK
    quarters = [list(by_length[part * quarter : (part + 1) * quarter]) for part in range(BLOCK)]
    for part in range(1, BLOCK, 2):
        quarters[part].reverse()
    for block in zip(*quarters, strict=True):
        yield from block
    yield from by_length[BLOCK * quarter :]
