"""Text taken apart, timed: sentence splitting and actor finding, in characters a second."""

import time
from collections.abc import Callable
from typing import Any

from data.actor_list import BUNDLED, read_actors
from data.finding import ActorFinder
from data.splitting import split_sentences
from evaluation.throughput import as_json, spread
from train.bench.sentences import articles, bundled
from train.bench.sizes import BenchSizes
from train.progress import console

ARTICLE_SENTENCES = 16


def bench_text(sizes: BenchSizes, *, repeats: int) -> list[dict[str, Any]]:
    """Return the rates of splitting and finding, in turn on the same text, of which each round reads another part.

    So the caches of word forms help as much as in an archive, where every article is new. The first part warms
    them up. Short of text, later rounds read earlier parts again.
    """
    console.print(f"text: {repeats} rounds", highlight=False)
    parts = _parts(sizes.text_characters)
    finder = ActorFinder(read_actors(BUNDLED))
    steps: dict[str, Callable[[str], object]] = {
        "sentence splitting": lambda text: list(split_sentences(text)),
        "actor finding": finder.read,
    }
    rates: dict[str, list[float]] = {name: [] for name in steps}
    for turn in range(repeats + 1):
        part = parts[turn % len(parts)]
        for name in sorted(steps, reverse=turn % 2 == 1):
            begun = time.perf_counter()
            for text in part:
                steps[name](text)
            seconds = time.perf_counter() - begun
            rates[name] += [sum(map(len, part)) / seconds] if turn else []
    return [{"step": name, **as_json({"characters_per_s": spread(values)})} for name, values in rates.items()]


def _parts(characters: int) -> list[list[str]]:
    """Return the bundled sentences as articles, in parts of about so many characters."""
    parts: list[list[str]] = [[]]
    for page in articles(len(bundled()) // ARTICLE_SENTENCES, ARTICLE_SENTENCES):
        if sum(map(len, parts[-1])) >= characters:
            parts.append([])
        parts[-1].append(page.text)
    return parts
