"""Articles taken apart into sentences and their actors; where cores are left for it, while the encoder reads."""

import multiprocessing
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from data.actor_list import read_actors
from data.articles import Article
from data.finding import ActorFinder, Ambiguous, Found
from data.sentence import LabelledActor, LabelledSentence
from data.splitting import split_sentences
from models.threads import usable_cores

SENTENCES_FIRST = 512  # taken apart here: for fewer it is not worth starting another process
ARTICLES_TOGETHER = 16  # are handed over
WAITING = 4  # such groups a process may be ahead: memory does not grow with the archive
CORES = 8  # from which on one is worth more for the text than for the encoder
MOST = 4  # processes beside a GPU, which reads faster than one of them finds


@dataclass(frozen=True)
class Place:
    """Where a sentence stands: its article, its number there, its offset in the article's text."""

    article: Article
    index: int
    start: int


@dataclass(frozen=True)
class TakenApart:
    """An article, its sentences with the actors found in them, and the mentions that are in doubt."""

    article: Article
    sentences: list[tuple[Place, LabelledSentence]]
    doubts: list[Ambiguous]


def text_processes() -> int:
    """Return how many other processes should take articles apart here: none where the encoder needs all cores."""
    cores = usable_cores()
    torch = sys.modules.get("torch")  # loaded by now if it reads
    if torch and torch.cuda.is_available():
        return min(MOST, cores - 1)
    return 1 if cores >= CORES else 0


def take_apart(articles: Iterable[Article], finder: ActorFinder) -> Iterator[TakenApart]:
    """Yield articles taken apart, in order."""
    for article in articles:
        findings = finder.read(article.text)
        yield TakenApart(article, sentences_of(article, findings.found), findings.ambiguous)


def take_apart_ahead(articles: Iterable[Article], actors: Path, *, processes: int) -> Iterator[TakenApart]:
    """Yield articles taken apart, in order: the first ones here, the others by processes that are ahead of the reader.

    Raises:
        UserError: The actor list is not as it must be.
    """
    waiting = iter(articles)
    sentences = 0
    for article in take_apart(waiting, ActorFinder(read_actors(actors))):
        yield article
        sentences += len(article.sentences)
        if processes and sentences >= SENTENCES_FIRST:
            yield from _by_others(waiting, actors, processes)


def sentences_of(article: Article, found: Sequence[Found]) -> list[tuple[Place, LabelledSentence]]:
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
        read.append((Place(article, index, start), LabelledSentence(f"{article.id}-{index}", article.id, text, actors)))
    return read


def _by_others(articles: Iterator[Article], actors: Path, processes: int) -> Iterator[TakenApart]:
    ahead: deque[Future[list[TakenApart]]] = deque()
    pool = ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))
    try:
        while group := list(islice(articles, ARTICLES_TOGETHER)):
            ahead.append(pool.submit(_take_all, group, actors))
            if len(ahead) >= WAITING * processes:
                yield from ahead.popleft().result()
        while ahead:
            yield from ahead.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _take_all(articles: Sequence[Article], actors: Path) -> list[TakenApart]:
    return list(take_apart(articles, _finder(actors)))


@cache
def _finder(actors: Path) -> ActorFinder:
    """Return the finder of a process: made once, for all that it is handed."""
    return ActorFinder(read_actors(actors))
