"""How a sentence and its actors become tokens: what the encoder reads, and where each actor stands."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from data.problems import UserError
from data.sentence import LabelledActor, LabelledSentence


@dataclass(frozen=True)
class Reading:
    """One pass of the encoder: a sentence, or the part of a long one that shows some actors.

    `actors` are positions in the sentence's actors, `tokens` the token positions of each one's
    mentions in this reading. `gives_sentiment` is true for one reading of each sentence. `lower` are
    the states after the encoder's frozen layers, where they were computed before.
    """

    sentence: int
    input_ids: list[int]
    type_ids: list[int]
    actors: list[int]
    tokens: list[list[int]]
    gives_sentiment: bool
    lower: NDArray[np.float32] | None = None  # (tokens, hidden)


def make_readings(
    sentences: Sequence[LabelledSentence], tokenizer: Tokenizer, *, target: str, max_tokens: int
) -> list[Reading]:
    """Return the readings that show every actor of every sentence once.

    With target "span" a sentence is read once, however many actors it names; with "pair" once for
    each actor, its name as the second segment; with "none" once, the actors unseen. A sentence
    longer than `max_tokens` is read from its beginning and once more, elsewhere, for each group of
    actors that the beginning does not show.

    Raises:
        UserError: An actor's mention has no token, or does not fit into `max_tokens`.
    """
    if target == "pair":
        return [
            reading
            for index, sentence in enumerate(sentences)
            for reading in _pair_readings(index, sentence, tokenizer, max_tokens)
        ]
    encodings = tokenizer.encode_batch([sentence.text for sentence in sentences])
    readings = []
    for index, (sentence, encoding) in enumerate(zip(sentences, encodings, strict=True)):
        if target == "none":
            everybody = list(range(len(sentence.actors)))
            visible = _window(encoding, 0, max_tokens)
            readings.append(_reading(index, encoding, visible, everybody, [[0]] * len(everybody), True))
        else:
            readings += _span_readings(index, sentence, encoding, max_tokens)
    return readings


def _span_readings(index: int, sentence: LabelledSentence, encoding: Encoding, max_tokens: int) -> list[Reading]:
    spans = [_mention_tokens(actor, sentence, encoding) for actor in sentence.actors]
    visible = _window(encoding, 0, max_tokens)
    waiting = list(range(len(spans)))
    readings: list[Reading] = []
    while waiting or not readings:
        shown = [actor for actor in waiting if _shows(visible, spans[actor], whole=not readings)]
        # Later windows show an actor from its first mention on: mentions beyond the window stay out.
        positions = {token: place for place, token in enumerate(visible)}
        tokens = [[positions[token] for token in spans[actor] if token in positions] for actor in shown]
        readings.append(_reading(index, encoding, visible, shown, tokens, not readings))
        waiting = [actor for actor in waiting if actor not in shown]
        if waiting:
            next_actor = min(waiting, key=lambda actor: spans[actor][0])
            visible = _window(encoding, spans[next_actor][0], max_tokens)
            if not _shows(visible, spans[next_actor], whole=False):
                name = sentence.actors[next_actor].actor
                raise UserError(
                    f"sentence {sentence.id!r}: the mention of {name!r} is longer than the {max_tokens} tokens that "
                    "are read at once. Shorten the mention, or raise --max-tokens."
                )
    return readings


def _pair_readings(index: int, sentence: LabelledSentence, tokenizer: Tokenizer, max_tokens: int) -> list[Reading]:
    if not sentence.actors:
        encoding = tokenizer.encode(sentence.text)
        return [_reading(index, encoding, _window(encoding, 0, max_tokens), [], [], True)]
    readings = []
    for position, actor in enumerate(sentence.actors):
        encoding = tokenizer.encode(sentence.text, actor.actor)
        span = _mention_tokens(actor, sentence, encoding)
        visible = _window(encoding, 0, max_tokens)
        if not _shows(visible, span, whole=True):
            visible = _window(encoding, span[0], max_tokens)
        readings.append(_reading(index, encoding, visible, [position], [[0]], position == 0))
    return readings


def _mention_tokens(actor: LabelledActor, sentence: LabelledSentence, encoding: Encoding) -> list[int]:
    """Return the positions of the tokens that overlap an actor's mentions, in order."""
    tokens = [
        position
        for position, ((start, end), sequence) in enumerate(zip(encoding.offsets, encoding.sequence_ids, strict=True))
        if sequence == 0 and any(start < mention[1] and end > mention[0] for mention in actor.mentions)
    ]
    if not tokens:
        raise UserError(
            f"sentence {sentence.id!r}: the encoder's tokenizer sees nothing in the mention of {actor.actor!r}, "
            "so that its stance cannot be read. Move the mention to readable characters."
        )
    return tokens


def _window(encoding: Encoding, focus: int, max_tokens: int) -> list[int]:
    """Return the token positions to read: all, or as many as fit around `focus`.

    Special tokens and the second segment always stay; the sentence's own tokens are cut, a
    quarter of the room before the focus.
    """
    sequence = encoding.sequence_ids
    body = [position for position, segment in enumerate(sequence) if segment == 0]
    room = max_tokens - (len(sequence) - len(body))
    if len(body) <= room:
        return list(range(len(sequence)))
    start = min(max(0, focus - body[0] - room // 4), len(body) - room)
    shown = set(body[start : start + max(room, 0)])
    return [position for position, segment in enumerate(sequence) if segment != 0 or position in shown]


def _shows(visible: list[int], span: list[int], *, whole: bool) -> bool:
    """Say whether a window shows all of an actor's tokens or, not `whole`, those of its first mention."""
    needed = span if whole else _first_run(span)
    return set(needed) <= set(visible)


def _first_run(span: list[int]) -> list[int]:
    """Return the leading tokens that follow each other without a gap: the first mention."""
    length = next((n for n in range(1, len(span)) if span[n] != span[n - 1] + 1), len(span))
    return span[:length]


def _reading(
    index: int, encoding: Encoding, visible: list[int], actors: list[int], tokens: list[list[int]], first: bool
) -> Reading:
    ids, types = encoding.ids, encoding.type_ids
    return Reading(
        sentence=index,
        input_ids=[ids[position] for position in visible],
        type_ids=[types[position] for position in visible],
        actors=actors,
        tokens=tokens,
        gives_sentiment=first,
    )
