"""New articles in, a record for each sentence and actor out."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.articles import Reject
from data.labels import SENTIMENTS, STANCES
from data.sentence import LabelledActor, LabelledSentence
from models.loading import SentenceReader
from train.left_out import doubt_record, reject_record
from train.memory import give_back_freed_memory
from train.spool import Part
from train.taking_apart import Place, TakenApart

COLUMNS = (
    "article",
    "sentence_index",
    "sentence_start",
    "sentence",
    "actor",
    "mentions",
    "stance",
    "probabilities",
    "sentiment",
    "sentiment_probabilities",
)
READ_TOGETHER = 512  # sentences: enough to sort by length, few enough that memory stays flat


def predict_articles(
    articles: Iterable[TakenApart],
    predictor: SentenceReader,
    rejected: list[Reject],
    *,
    texts: bool,
    abstain_below: float = 0.0,
) -> Iterator[Part]:
    """Yield the results of articles in order, some articles at a time.

    A "record" is one sentence and actor; `article_text[sentence_start:][:len(sentence)] == sentence` holds
    for each. A sentence without actors gives one record, its actor, mentions, stance and probabilities None.
    Where the best stance is less probable than `abstain_below`, the stance is None and its probabilities stand.
    An article's other columns stand at the end of its records. A "doubt" is a mention that was left out, a
    "reject" what came into `rejected` meanwhile, an "article" (with `texts`) the article itself.
    """
    waiting: list[tuple[Place, LabelledSentence]] = []
    entries: list[tuple[str, dict[str, Any]]] = []
    read = 0
    for taken in articles:
        article = taken.article
        entries += [("doubt", doubt_record(article.id, article.text, place)) for place in taken.doubts]
        entries += [("article", {"article": article.id, "text": article.text})] if texts else []
        waiting += taken.sentences
        read += 1
        if len(waiting) >= READ_TOGETHER:
            yield _part(waiting, entries, read, predictor, rejected, abstain_below)
            waiting, entries, read = [], [], 0
            give_back_freed_memory()
    if read or rejected:
        yield _part(waiting, entries, read, predictor, rejected, abstain_below)


def carried(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return an article's other columns under names that are not those of the results."""
    return {f"input_{name}" if name in COLUMNS else name: value for name, value in columns.items()}


def _part(
    waiting: list[tuple[Place, LabelledSentence]],
    entries: list[tuple[str, dict[str, Any]]],
    articles: int,
    predictor: SentenceReader,
    rejected: list[Reject],
    abstain_below: float,
) -> Part:
    entries = [*entries, *(("reject", reject_record(reject)) for reject in rejected)]
    rejected.clear()
    return Part(articles, [*entries, *(("record", record) for record in _records(waiting, predictor, abstain_below))])


def _records(
    read: list[tuple[Place, LabelledSentence]], predictor: SentenceReader, abstain_below: float
) -> Iterator[dict[str, Any]]:
    if not read:
        return
    predictions = predictor.predict([sentence for _, sentence in read])
    rows = iter(predictions.stance)
    for position, (place, sentence) in enumerate(read):
        sentiment = None if predictions.sentiment is None else predictions.sentiment[position]
        head = {
            "article": place.article.id,
            "sentence_index": place.index,
            "sentence_start": place.start,
            "sentence": sentence.text,
        }
        tail = {
            "sentiment": None if sentiment is None else SENTIMENTS[sentiment.argmax()],
            "sentiment_probabilities": None if sentiment is None else _probabilities(SENTIMENTS, sentiment),
            **carried(place.article.columns),
        }
        for actor in sentence.actors:
            stance = next(rows)
            yield {
                **head,
                "actor": actor.actor,
                "mentions": [list(mention) for mention in actor.mentions],
                "stance": STANCES[stance.argmax()] if stance.max() >= abstain_below else None,
                "probabilities": _probabilities(STANCES, stance),
                **tail,
            }
        if not sentence.actors:
            yield {**head, "actor": None, "mentions": None, "stance": None, "probabilities": None, **tail}


def answers_of(
    records: Iterable[Mapping[str, Any]],
) -> Iterator[tuple[LabelledSentence, NDArray[np.float32], NDArray[np.float32] | None]]:
    """Yield the sentences that records are of, each with what they say: stance (actors, 3), sentiment (3,)."""
    for (article, index), rows in groupby(records, key=lambda record: (record["article"], record["sentence_index"])):
        said = list(rows)
        named = [record for record in said if record["actor"] is not None]
        actors = tuple(LabelledActor(record["actor"], tuple(map(tuple, record["mentions"]))) for record in named)
        stance = np.array([list(record["probabilities"].values()) for record in named], dtype=np.float32)
        sentiment = said[0]["sentiment_probabilities"]
        yield (
            LabelledSentence(f"{article}-{index}", article, said[0]["sentence"], actors),
            stance.reshape(-1, len(STANCES)),
            np.array(list(sentiment.values()), dtype=np.float32) if sentiment else None,
        )


def _probabilities(labels: tuple[str, ...], row: Any) -> dict[str, float]:
    return {label: round(float(value), 6) for label, value in zip(labels, row, strict=True)}
