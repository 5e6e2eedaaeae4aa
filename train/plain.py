"""Only the actors of articles, or only their sentences, as records."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from data.actor_list import TYPES
from data.articles import Article
from data.discovery import discover
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


def discovered_records(articles: Iterable[Article], finder: ActorFinder, *, least: int) -> list[dict[str, Any]]:
    """Return a record for each name that the list lacks: name, type, count, articles, forms, example."""
    found = discover((article.text for article in articles), finder, least=least)
    return [
        {
            "name": one.name,
            "type": one.type,
            "count": one.count,
            "articles": one.articles,
            "forms": [form for form, _ in one.forms.most_common()],
            "example": one.example,
        }
        for one in found
    ]


def actor_list_toml(records: Iterable[Mapping[str, Any]]) -> str:
    """Return discovered names as an actor list to edit: most frequent first, counts and forms in comments."""
    entries = ["# Names met in the articles that no list has. Delete what is no actor; a type may be left out."]
    for record in records:
        kind = f"a {record['type']}, " if record["type"] not in (None, *TYPES) else ""
        lines = [f"# {kind}{record['count']} times: {', '.join(record['forms'][:8])}", "[[actor]]"]
        lines.append(f"name = {json.dumps(record['name'], ensure_ascii=False)}")
        lines += [f'type = "{record["type"]}"'] if record["type"] in TYPES else []
        entries.append("\n".join(lines))
    return "\n\n".join(entries) + "\n"
