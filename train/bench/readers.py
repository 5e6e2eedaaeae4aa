"""Who reads in a bench: our predictor, transformers' pipeline, SetFit's way."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, cast

from transformers import PreTrainedModel, pipeline

from data.sentence import LabelledSentence
from evaluation.throughput import pass_flops
from models.predictor import Predictor
from models.readings import Reading, make_readings
from train.bench.models import BenchModels
from train.bench.rounds import Contender
from train.bench.sentences import texts_with_actors
from train.bench.setfit import SetFitReader, in_context
from train.bench.sizes import BenchSizes

OURS = "ours"
PIPELINE_BATCHES = (1, 16)


def readers_of(models: BenchModels, sizes: BenchSizes, actors: int) -> list[Contender]:
    """Return everybody who reads texts of so many actors: ours all of them, peers the first, as slow as they are."""
    texts = texts_with_actors(actors, sizes.texts)
    few = texts[: max(1, sizes.pairs // actors)]
    return [
        reader
        for precision in models.readers
        for reader in (
            _ours(models, texts, precision, actors),
            *(_peers(models, few, precision, actors) if precision in models.peers else ()),
        )
    ]


def _peers(models: BenchModels, texts: Sequence[LabelledSentence], precision: str, actors: int) -> Iterator[Contender]:
    yield from (_pipeline(models, texts, precision, actors, batch) for batch in PIPELINE_BATCHES)
    yield _setfit(models, texts, precision, actors)


def _ours(models: BenchModels, texts: Sequence[LabelledSentence], precision: str, actors: int) -> Contender:
    lengths = [len(reading.input_ids) for reading in readings_of(models.predictor, texts)]
    return _contender(
        OURS, precision, models.readers[precision].predict, texts, pass_flops(lengths, models.shape), texts, actors
    )


def readings_of(predictor: Predictor, texts: Sequence[LabelledSentence]) -> list[Reading]:
    """Return the readings that the predictor makes of texts."""
    config = predictor.config
    return make_readings(texts, predictor.tokenizer, target=config.target, max_tokens=config.max_tokens)


def _pipeline(
    models: BenchModels, texts: Sequence[LabelledSentence], precision: str, actors: int, batch: int
) -> Contender:
    """Return transformers' text-classification pipeline on (sentence, actor) pairs.

    Its own way: pairs in the order given, each batch padded to its longest; truncated to what we read at once.
    """
    parts: dict[str, Any] = {"model": models.peers[precision], "tokenizer": models.tokenizer, "device": models.device}
    classify = pipeline("text-classification", **parts)
    limits: dict[str, Any] = {"truncation": True, "max_length": models.max_tokens}
    pairs = [{"text": text.text, "text_pair": actor.actor} for text in texts for actor in text.actors]
    lengths = [len(models.tokenizer(**pair, **limits)["input_ids"]) for pair in pairs]
    read = partial(classify, batch_size=batch, **limits)
    flops = pass_flops(lengths, models.shape)
    return _contender(f"pipeline_batch_{batch}", precision, read, pairs, flops, texts, actors)


def _setfit(models: BenchModels, texts: Sequence[LabelledSentence], precision: str, actors: int) -> Contender:
    read = SetFitReader(cast(PreTrainedModel, models.peers[precision].base_model), models.tokenizer, models.max_tokens)
    marked = [in_context(text.text, *actor.mentions[0]) for text in texts for actor in text.actors]
    encoded = models.tokenizer(marked, truncation=True, max_length=models.max_tokens)["input_ids"]
    flops = pass_flops([len(ids) for ids in encoded], models.shape)
    return _contender("setfit", precision, read, marked, flops, texts, actors)


def _contender(
    system: str,
    precision: str,
    read: Callable[[Any], object],
    items: Sequence[Any],
    flops: float,
    texts: Sequence[LabelledSentence],
    actors: int,
) -> Contender:
    few = list(items[:2])
    targets = sum(len(text.actors) for text in texts)
    run, warm = partial(read, list(items)), partial(read, few)
    return Contender(system, precision, run, warm, flops, targets, len(texts), actors)
