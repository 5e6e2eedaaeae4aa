"""Sentences that return, as agency copy does from article to article, are read once."""

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from data.labels import SENTIMENTS, STANCES
from data.sentence import LabelledSentence
from models.loading import SentenceReader
from models.predictions import Predictions, Rows

REMEMBERED = 65_536  # sentences, some 30 MB of answers: memory does not grow with the archive

_Answer = tuple[Rows, Rows | None]  # of a sentence: stance (actors, 3), sentiment (3,)


class ReadOnce:
    """A reader that asks another one only for what it was not asked of late: same text, same actors, same places."""

    def __init__(self, reader: SentenceReader, *, remembered: int = REMEMBERED) -> None:
        self._reader = reader
        self._remembered = remembered
        self._answers: OrderedDict[bytes, _Answer] = OrderedDict()

    def predict(self, sentences: Sequence[LabelledSentence]) -> Predictions:
        """Return the probabilities of every actor and every sentence; labels are not looked at.

        Raises:
            UserError: An actor's mention cannot be read.
        """
        keys = [_key(sentence) for sentence in sentences]
        known = {key: self._answers[key] for key in keys if key in self._answers}
        new = {key: sentence for key, sentence in zip(keys, sentences, strict=True) if key not in known}
        known.update(zip(new, self._read(list(new.values())), strict=True))
        answers = [known[key] for key in keys]
        for key, answer in zip(keys, answers, strict=True):
            self._remember(key, answer)
        return _joined(answers)

    def remember(self, sentence: LabelledSentence, stance: Rows, sentiment: Rows | None) -> None:
        """Take what was said of a sentence before, stance (actors, 3) and sentiment (3,), for its answer."""
        self._remember(_key(sentence), (stance, sentiment))

    def _read(self, sentences: Sequence[LabelledSentence]) -> list[_Answer]:
        if not sentences:
            return []
        predictions = self._reader.predict(sentences)
        ends = np.cumsum([len(sentence.actors) for sentence in sentences])[:-1]
        stances = np.split(predictions.stance, ends)
        sentiments = [None] * len(sentences) if predictions.sentiment is None else list(predictions.sentiment)
        return list(zip(stances, sentiments, strict=True))

    def _remember(self, key: bytes, answer: _Answer) -> None:
        self._answers[key] = answer
        self._answers.move_to_end(key)
        if len(self._answers) > self._remembered:
            self._answers.popitem(last=False)


def _key(sentence: LabelledSentence) -> bytes:
    shown = repr((sentence.text, [(actor.actor, actor.mentions) for actor in sentence.actors]))
    return blake2b(shown.encode(), digest_size=16).digest()


def _joined(answers: Sequence[_Answer]) -> Predictions:
    stances = [stance for stance, _ in answers]
    sentiments = [sentiment for _, sentiment in answers if sentiment is not None]
    stance = np.concatenate(stances) if stances else np.zeros((0, len(STANCES)), dtype=np.float32)
    if len(sentiments) < len(answers):
        return Predictions(stance, None)
    return Predictions(stance, np.stack(sentiments) if sentiments else np.zeros((0, len(SENTIMENTS)), dtype=np.float32))
