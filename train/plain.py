"""Only the actors of articles, or only their sentences, as records."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from data.articles import Article
from data.finding import ActorFinder
from data.splitting import split_sentences
from train.left_out import doubt_record


def actor_records(
    articles: Iterable[Article], finder: ActorFinder, doubt: Callable[[Mapping[str, Any]], None]
) -> Iterator[dict[str, Any]]:
    """Yield a record for each mention: article, actor, start, end, text; offsets in the article."""
    for article in articles:
        findings = finder.read(article.text)
        for place in findings.ambiguous:
            doubt(doubt_record(article.id, article.text, place))
        for found in findings.found:
            yield {
                "article": article.id,
                "actor": found.actor,
                "start": found.start,
                "end": found.end,
                "text": article.text[found.start : found.end],
            }


def sentence_records(articles: Iterable[Article]) -> Iterator[dict[str, Any]]:
    """Yield a record for each sentence: article, sentence_index, start, end, text; offsets in the article."""
    for article in articles:
        for index, (start, end) in enumerate(split_sentences(article.text, markdown=article.markdown)):
            text = article.text[start:end]
            yield {"article": article.id, "sentence_index": index, "start": start, "end": end, "text": text}
