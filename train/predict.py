"""New articles in, a record for each sentence and actor out."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from data.articles import Article
from data.finding import ActorFinder, Found
from data.labels import SENTIMENTS, STANCES
from data.sentence import LabelledActor, LabelledSentence
from data.splitting import split_sentences
from models.predictor import Predictor
from train.doubts import Doubts

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


@dataclass(frozen=True)
class _Place:
    """Where a sentence stands: its article, its number there, its offset in the article's text."""

    article: str
    index: int
    start: int


def predict_articles(
    articles: Iterable[Article], predictor: Predictor, finder: ActorFinder, doubts: Doubts
) -> Iterator[dict[str, Any]]:
    """Yield the records of articles in order, one for each sentence and actor.

    `article_text[sentence_start:][:len(sentence)] == sentence` holds for each. A sentence without
    actors gives one record, its actor, mentions, stance and probabilities None. Mentions in doubt are
    left out and noted in `doubts`.
    """
    waiting: list[tuple[_Place, LabelledSentence]] = []
    for article in articles:
        findings = finder.read(article.text)
        doubts.note(article.id, article.text, findings.ambiguous)
        waiting += read_article(article, findings.found)
        if len(waiting) >= READ_TOGETHER:
            yield from _records(waiting, predictor)
            waiting = []
    yield from _records(waiting, predictor)


def read_article(article: Article, found: Sequence[Found]) -> list[tuple[_Place, LabelledSentence]]:
    """Return the sentences of an article with the actors found in them, and where each stands."""
    read = []
    left = deque(found)
    for index, (start, end) in enumerate(split_sentences(article.text, markdown=article.markdown)):
        text = article.text[start:end]
        mentions: dict[str, list[tuple[int, int]]] = {}
        while left and left[0].start < end:
            mention = left.popleft()
            if start <= mention.start and mention.end <= end:
                mentions.setdefault(mention.actor, []).append((mention.start - start, mention.end - start))
        actors = tuple(LabelledActor(name, tuple(places)) for name, places in mentions.items())
        place = _Place(article.id, index, start)
        read.append((place, LabelledSentence(f"{article.id}-{index}", article.id, text, actors)))
    return read


def _records(read: list[tuple[_Place, LabelledSentence]], predictor: Predictor) -> Iterator[dict[str, Any]]:
    if not read:
        return
    predictions = predictor.predict([sentence for _, sentence in read])
    rows = iter(predictions.stance)
    for position, (place, sentence) in enumerate(read):
        sentiment = None if predictions.sentiment is None else predictions.sentiment[position]
        head = {
            "article": place.article,
            "sentence_index": place.index,
            "sentence_start": place.start,
            "sentence": sentence.text,
        }
        tail = {
            "sentiment": None if sentiment is None else SENTIMENTS[sentiment.argmax()],
            "sentiment_probabilities": None if sentiment is None else _probabilities(SENTIMENTS, sentiment),
        }
        for actor in sentence.actors:
            stance = next(rows)
            yield {
                **head,
                "actor": actor.actor,
                "mentions": [list(mention) for mention in actor.mentions],
                "stance": STANCES[stance.argmax()],
                "probabilities": _probabilities(STANCES, stance),
                **tail,
            }
        if not sentence.actors:
            yield {**head, "actor": None, "mentions": None, "stance": None, "probabilities": None, **tail}


def _probabilities(labels: tuple[str, ...], row: Any) -> dict[str, float]:
    return {label: round(float(value), 6) for label, value in zip(labels, row, strict=True)}
