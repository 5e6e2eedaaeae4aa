"""The actors of articles as records."""

from collections.abc import Iterable, Iterator
from typing import Any

from data.articles import Article
from data.finding import ActorFinder
from train.doubts import Doubts


def actor_records(articles: Iterable[Article], finder: ActorFinder, doubts: Doubts) -> Iterator[dict[str, Any]]:
    """Yield a record for each mention: article, actor, start, end, text; offsets in the article."""
    for article in articles:
        findings = finder.read(article.text)
        doubts.note(article.id, article.text, findings.ambiguous)
        for found in findings.found:
            yield {
                "article": article.id,
                "actor": found.actor,
                "start": found.start,
                "end": found.end,
                "text": article.text[found.start : found.end],
            }
