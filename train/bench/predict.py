"""Reading timed: our predictor beside its peers, and an archive of growing size."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from data.actor_list import BUNDLED, read_actors
from data.articles import Article
from data.finding import ActorFinder
from evaluation.throughput import Spread, as_json, growth, line_of, spread
from train.bench.models import BenchModels
from train.bench.readers import OURS, readers_of, readings_of
from train.bench.rounds import Contender, Seconds, alternate, matmul_contenders, matmul_rates, rows_of
from train.bench.sentences import articles
from train.bench.sizes import BenchSizes
from train.predict import predict_articles
from train.taking_apart import take_apart

ACTORS = (1, 2, 4, 8)
TIMES_LARGER = (1, 2, 4, 8, 16)


def bench_predict(models: BenchModels, sizes: BenchSizes, *, repeats: int) -> dict[str, Any]:
    """Return the rates of all readers at 1, 2, 4 and 8 actors a sentence, and the line of time against tokens."""
    pages = articles(TIMES_LARGER[-1], sizes.article_sentences)
    finder = ActorFinder(read_actors(BUNDLED))
    tokens = [_tokens(page, models, finder) for page in pages]
    readers = [
        *matmul_contenders(tuple(models.readers), models.device),
        *(reader for actors in ACTORS for reader in readers_of(models, sizes, actors)),
    ]
    archive = [_archive(pages[:times], models, finder) for times in TIMES_LARGER]
    seconds = alternate([*readers, *archive], repeats=repeats, name="predict")
    measured = {sum(tokens[:times]): seconds[len(readers) + place] for place, times in enumerate(TIMES_LARGER)}
    return {
        "matmul_gflop_per_s": as_json(_giga(matmul_rates(readers, seconds))),
        "rows": rows_of(readers, seconds, ours=OURS),
        "predictor_precision": models.precisions[-1],
        "growth_from_1_to_8_actors": _growth(readers, seconds),
        "archive": _archive_figures(measured),
    }


def _archive(pages: Sequence[Article], models: BenchModels, finder: ActorFinder) -> Contender:
    """Return the whole reading of an archive: sentences split, actors found, stances said."""
    precision = models.precisions[-1]

    def read(some: Sequence[Article]) -> None:
        for _ in predict_articles(take_apart(some, finder), models.predictors[precision], [], texts=False):
            pass

    # Warmed up with all of it, sentence and actor finding alone: their caches help as in a long archive.
    warm = partial(lambda: list(take_apart(pages, finder)))
    return Contender("archive", precision, partial(read, pages), warm, flops=0.0)


def _tokens(page: Article, models: BenchModels, finder: ActorFinder) -> int:
    sentences = [sentence for taken in take_apart([page], finder) for _, sentence in taken.sentences]
    return sum(len(reading.input_ids) for reading in readings_of(models.predictor, sentences))


def _archive_figures(measured: dict[int, Sequence[float]]) -> dict[str, Any]:
    """Return the times at each size and the line through their medians."""
    spreads = {size: spread(seconds) for size, seconds in measured.items()}
    line = line_of(list(spreads), [each.median for each in spreads.values()])
    return {
        "tokens": list(measured),
        "seconds": [[round(one, 4) for one in seconds] for seconds in measured.values()],
        "slope_ms_per_token": float(f"{1000 * line.slope:.4g}"),
        "intercept_s": float(f"{line.intercept:.4g}"),
        "r_squared": round(line.r_squared, 5),
    }


def _growth(readers: Sequence[Contender], seconds: Seconds) -> dict[str, dict[str, float]]:
    """Return how much longer ours takes with eight actors a sentence than with one, by precision."""
    mine = {(each.precision, each.actors): place for place, each in enumerate(readers) if each.system == OURS}
    precisions = {precision for precision, _ in mine}
    return as_json(
        {each: growth(seconds[mine[each, ACTORS[0]]], seconds[mine[each, ACTORS[-1]]]) for each in sorted(precisions)}
    )


def _giga(rates: dict[str, Spread]) -> dict[str, Spread]:
    return {name: Spread(each.median / 1e9, each.low / 1e9, each.high / 1e9) for name, each in rates.items()}
