"""Parts of a test set that somebody may ask about: which labels belong to each."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from data.sentence import LabelledSentence, has_opposites, has_shared_stance

LEAST_LABELS = 20  # under so many a slice says so instead of a figure
MOST_ACTORS = 20
SHORT, LONG = 15, 30  # words


def stance_slices(sentences: Sequence[LabelledSentence]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield the name of each slice with a mask over all actors of all sentences, in order (actors,)."""
    pairs = [(sentence, actor) for sentence in sentences for actor in sentence.actors]
    yield "unseen actors", _mask("unseen" in sentence.tags for sentence, _ in pairs)
    yield "opposite stances", _mask(has_opposites(sentence) for sentence, _ in pairs)
    yield "shared stances", _mask(has_shared_stance(sentence) for sentence, _ in pairs)
    yield "quoted", _mask(actor.holder is not None for _, actor in pairs)
    yield "not quoted", _mask(actor.holder is None for _, actor in pairs)
    yield "one actor", _mask(len(sentence.actors) == 1 for sentence, _ in pairs)
    yield "several actors", _mask(len(sentence.actors) > 1 for sentence, _ in pairs)
    lengths = [len(sentence.text.split()) for sentence, _ in pairs]
    yield f"under {SHORT} words", _mask(length < SHORT for length in lengths)
    yield f"{SHORT} to {LONG} words", _mask(SHORT <= length <= LONG for length in lengths)
    yield f"over {LONG} words", _mask(length > LONG for length in lengths)
    counts = Counter(actor.actor for _, actor in pairs if actor.stance)
    for name, _ in counts.most_common(MOST_ACTORS):
        yield f"actor: {name}", _mask(actor.actor == name for _, actor in pairs)


def _mask(values: Iterator[bool]) -> NDArray[np.bool_]:
    return np.array(list(values), dtype=bool)
