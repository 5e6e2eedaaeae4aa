"""Articles as one self-contained page: the text with its actors coloured by stance, and what it comes to."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from data.labels import STANCES
from train.rendering import render
from train.spool import Spool
from train.summary import ABSTAINED, summary_rows

MOST_ARTICLES = 200
MOST_TELLING = 2  # sentences shown for each actor and stance
MOST_IN_MATRIX = 12  # actors
SIGNS = {"against": "▼", "neutral": "●", "favor": "▲"}
FACES = {"negative": "−", "neutral": "·", "positive": "+"}
# What would reorder or hide the text around it: controls, and marks of writing direction.
UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Piece:
    """A stretch of a sentence: plain, or an actor's mention with its stance."""

    text: str
    actor: str | None = None
    stance: str | None = None
    said: str = ""  # for hover, focus and screen readers


@dataclass(frozen=True)
class ShownSentence:
    """A sentence with its pieces and the margin's sign of its sentiment."""

    anchor: str
    pieces: list[Piece]
    sentiment: str | None
    face: str
    said: str


def article_page(spool: Spool) -> str:
    """Return the page of the articles in a spool as HTML; whatever the text holds, it is shown as text."""
    records = list(spool.entries("record"))
    articles = [
        {"id": shown(article["article"]), "paragraphs": paragraphs}
        for article, paragraphs in _articles(list(spool.entries("article")), records)
    ]
    rows = summary_rows(_without_groups(records))
    return render(
        "articles.html.j2",
        articles=articles,
        rows=rows,
        telling=_telling(records),
        matrix=_matrix(records, [row["actor"] for row in rows[:MOST_IN_MATRIX]]),
        stances=STANCES,
        signs=SIGNS,
        sentences=len({(record["article"], record["sentence_index"]) for record in records}),
    )


def shown(text: str) -> str:
    """Return a text with what would reorder or hide its neighbours replaced by U+FFFD."""
    return UNSHOWABLE.sub("\ufffd", text)


def _without_groups(records: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    names = ("actor", "article", "stance", "probabilities")
    return ({name: record[name] for name in names} for record in records)


def _articles(
    articles: Sequence[dict[str, Any]], records: Sequence[dict[str, Any]]
) -> Iterable[tuple[dict[str, Any], list[list[ShownSentence]]]]:
    by_sentence: defaultdict[str, defaultdict[int, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        by_sentence[record["article"]][record["sentence_index"]].append(record)
    for number, article in enumerate(articles):
        paragraphs: list[list[ShownSentence]] = []
        end = 0
        for index, of_sentence in sorted(by_sentence[article["article"]].items()):
            start = of_sentence[0]["sentence_start"]
            if not paragraphs or "\n" in article["text"][end:start]:
                paragraphs.append([])
            paragraphs[-1].append(_sentence(f"s{number}-{index}", of_sentence))
            end = start + len(of_sentence[0]["sentence"])
        yield article, paragraphs


def _sentence(anchor: str, records: Sequence[dict[str, Any]]) -> ShownSentence:
    text, sentiment = records[0]["sentence"], records[0]["sentiment"]
    marks = [(start, end, record) for record in records for start, end in record["mentions"] or ()]
    pieces: list[Piece] = []
    last = 0
    for start, end, record in sorted(marks, key=lambda mark: mark[:2]):
        pieces += [Piece(shown(text[last:start]))] if start > last else []
        pieces.append(Piece(shown(text[start:end]), record["actor"], record["stance"] or ABSTAINED, _said(record)))
        last = end
    pieces += [Piece(shown(text[last:]))] if last < len(text) else []
    said = ""
    if sentiment:
        said = f"sentiment: {sentiment} {records[0]['sentiment_probabilities'][sentiment]:.2f}"
    return ShownSentence(anchor, pieces, sentiment, FACES.get(sentiment or "", ""), said)


def _said(record: dict[str, Any]) -> str:
    figures = ", ".join(f"{stance} {record['probabilities'][stance]:.2f}" for stance in STANCES)
    return f"{record['actor']}: {record['stance'] or ABSTAINED} ({figures})"


def _telling(records: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return, for each actor, the sentences most surely against and in favour of it."""
    anchors = {article: number for number, article in enumerate(dict.fromkeys(record["article"] for record in records))}
    best: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for stance in ("against", "favor"):
        of_stance: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for record in records:
            if record["stance"] == stance:
                of_stance[record["actor"]].append(record)
        for actor, found in of_stance.items():
            for record in sorted(found, key=lambda one: -one["probabilities"][stance])[:MOST_TELLING]:
                best[actor].append(
                    {
                        "stance": stance,
                        "probability": record["probabilities"][stance],
                        "text": shown(record["sentence"]),
                        "anchor": f"s{anchors[record['article']]}-{record['sentence_index']}",
                    }
                )
    return best


def _matrix(records: Sequence[dict[str, Any]], actors: Sequence[str]) -> dict[str, dict[str, Counter[str]]]:
    """Return, for each actor, how often the others are met with which stance in the sentences that name it."""
    by_sentence: defaultdict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        if record["actor"] in actors:
            by_sentence[record["article"], record["sentence_index"]].append(record)
    matrix = {actor: {other: Counter[str]() for other in actors} for actor in actors}
    for together in by_sentence.values():
        for one in together:
            for other in together:
                if one is not other and other["stance"] in ("against", "favor"):
                    matrix[one["actor"]][other["actor"]][other["stance"]] += 1
    return {actor: row for actor, row in matrix.items() if any(row.values())}
