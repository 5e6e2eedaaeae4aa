"""Training timed: our Trainer, a pass a sentence, beside transformers' own, a pass a pair."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import torch
from transformers import (
    DataCollatorWithPadding,
    EarlyStoppingCallback,
    PreTrainedModel,
    PrinterCallback,
    Trainer,
    TrainingArguments,
)
from transformers.trainer_utils import IntervalStrategy, SaveStrategy

from data.labels import STANCES, label_index
from data.sentence import LabelledSentence
from evaluation.throughput import step_flops
from models.readings import make_readings
from train.bench.models import BenchModels
from train.bench.pace import Pace
from train.bench.rounds import Contender, alternate, matmul_contenders, rows_of
from train.bench.sentences import sentences_of_two
from train.bench.sizes import BenchSizes
from train.job import FitJob
from train.learning import make_trainer, model_config
from train.precision import fast_precision
from train.settings import FitSettings

OURS = "ours"
TRAINER_BATCHES = (8, 32)  # TrainingArguments' default, and ours
ACTORS = 2


@dataclass(frozen=True)
class _Peer:
    """A sequence classifier and how transformers' Trainer is told to train it."""

    models: BenchModels
    model: PreTrainedModel
    precision: str

    def train(self, sentences: Sequence[LabelledSentence], batch: int) -> float:
        """Make pairs, tokenise them, train on each once: AdamW, batches padded to their longest (the default)."""
        pace = Pace()
        tokenizer = self.models.tokenizer
        limits = {"truncation": True, "max_length": self.models.max_tokens}
        items = [
            {**tokenizer(sentence.text, actor.actor, **limits), "label": label_index(actor.stance, STANCES)}
            for sentence in sentences
            for actor in sentence.actors
        ]
        arguments = TrainingArguments(
            output_dir=str(self.models.job.workspace.checkpoints),
            num_train_epochs=1,
            per_device_train_batch_size=batch,
            bf16=self.precision == "bf16",
            use_cpu=not torch.cuda.is_available(),
            eval_strategy="no",
            save_strategy="no",
            disable_tqdm=True,
            report_to="none",
        )
        trainer = Trainer(
            model=copy.deepcopy(self.model),
            args=arguments,
            train_dataset=items,
            data_collator=DataCollatorWithPadding(tokenizer),
        )
        trainer.add_callback(pace)
        trainer.remove_callback(PrinterCallback)
        trainer.train()
        return pace.seconds


def bench_fit(models: BenchModels, sizes: BenchSizes, *, repeats: int) -> dict[str, Any]:
    """Return the rates of an epoch over sentences of two actors, nothing evaluated, nothing saved.

    Both are timed at the pace of the steps after the first. The peer's batch is 8, which is its default, or 32,
    whichever was faster in the warm-up of its precision.
    """
    sentences = sentences_of_two(sizes.fit_sentences)
    few = sentences[::2]  # rates are compared, and the peer is slower
    peer = models.peers["fp32"]  # mixed precision keeps its weights so
    contenders = matmul_contenders(models.precisions, models.device)
    batches = {}
    for precision in models.precisions:
        batches[precision] = _faster_batch(_Peer(models, peer, precision), few[: 2 * len(few) // 3])
        contenders += [
            _ours(models, sentences, precision),
            _trainer(_Peer(models, peer, precision), few, batches[precision]),
        ]
    seconds = alternate(contenders, repeats=repeats, name="fit")
    return {
        "rows": rows_of(contenders, seconds, ours=OURS),
        "fit_precision": fast_precision(),
        "trainer_batch": batches,
        "sentences": len(sentences),
    }


def _ours(models: BenchModels, sentences: Sequence[LabelledSentence], precision: str) -> Contender:
    job = models.job
    settings = FitSettings.from_flat({**job.settings.flat(), "precision": precision, "epochs": 1})
    predictor = models.predictor
    readings = make_readings(
        sentences, predictor.tokenizer, target=predictor.config.target, max_tokens=predictor.config.max_tokens
    )
    flops = step_flops([len(reading.input_ids) for reading in readings], models.shape)

    def train(some: Sequence[LabelledSentence]) -> float:
        data = replace(job.data, train=list(some), dev=[])
        return _train_ours(models, replace(job, settings=settings, data=data))

    return _contender(OURS, precision, partial(train, sentences), partial(train, sentences[:4]), flops, sentences)


def _train_ours(models: BenchModels, job: FitJob) -> float:
    """Train as `train fit` does, an epoch, with neither evaluation nor checkpoints."""
    model, pace = copy.deepcopy(models.predictor.model), Pace()  # one that accelerate has not yet set a precision for
    trainer = make_trainer(job, model, model_config(job), [pace])
    trainer.remove_callback(EarlyStoppingCallback)
    trainer.args.eval_strategy, trainer.args.save_strategy = IntervalStrategy.NO, SaveStrategy.NO
    trainer.args.load_best_model_at_end = False
    trainer.train()
    return pace.seconds


def _trainer(peer: _Peer, sentences: Sequence[LabelledSentence], batch: int) -> Contender:
    tokenizer, most = peer.models.tokenizer, peer.models.max_tokens
    lengths = [
        len(tokenizer(sentence.text, actor.actor, truncation=True, max_length=most)["input_ids"])
        for sentence in sentences
        for actor in sentence.actors
    ]
    run, warm = partial(peer.train, sentences, batch), partial(peer.train, sentences[:4], batch)
    flops = step_flops(lengths, peer.models.shape)
    return _contender("trainer_pairs", peer.precision, run, warm, flops, sentences)


def _contender(
    system: str, precision: str, run: Any, warm: Any, flops: float, sentences: Sequence[LabelledSentence]
) -> Contender:
    targets = sum(len(sentence.actors) for sentence in sentences)
    return Contender(system, precision, run, warm, flops, targets, len(sentences), ACTORS)


def _faster_batch(peer: _Peer, sentences: Sequence[LabelledSentence]) -> int:
    seconds = {}
    for batch in TRAINER_BATCHES:
        peer.train(sentences[:2], batch)
        seconds[batch] = peer.train(sentences, batch)
    return min(seconds, key=lambda batch: seconds[batch])
