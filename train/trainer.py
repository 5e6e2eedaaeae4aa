"""transformers' Trainer, given our batches, our loss and our evaluation."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, Sampler
from transformers import TrainingArguments

from data.labels import MISSING
from models.batches import make_batch
from models.classifier import StanceClassifier
from models.layers import layers_above
from train.processor_trainer import ProcessorTrainer
from train.training_readings import LabelledReading, TrainingReadings

# Every step is read in this many parts: one process reads them one after the other, two processes
# one each, with the same random numbers, so that both give the same gradients.
PARTS = 2
BATCHES_SORTED_TOGETHER = 16


class StepSampler(Sampler[list[int]]):
    """Batches of about equal tokens: shuffled, sorted by length a stretch at a time, shuffled again.

    A step has `batch_size` readings on average, more where they are short. Each step comes as
    PARTS lists of indices, of which this process takes every `world`-th. The order hangs on the
    seed and the epoch alone.
    """

    def __init__(self, lengths: Sequence[int], batch_size: int, *, seed: int, rank: int = 0, world: int = 1) -> None:
        self._lengths = np.asarray(lengths)
        self._batch_size = batch_size
        self._seed = seed
        self._rank = rank
        self._world = world
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch whose order comes next."""
        self._epoch = epoch

    @property
    def steps_per_epoch(self) -> int:
        """How many steps an epoch has, the same in each."""
        return sum(count for _, count in self._stretches())

    def __len__(self) -> int:
        return self.steps_per_epoch * PARTS // self._world

    def __iter__(self) -> Iterator[list[int]]:
        for step in self.steps():
            for part in range(self._rank, PARTS, self._world):
                yield step[part::PARTS]

    def steps(self) -> list[list[int]]:
        """Return the indices of each step of this epoch, for all processes together."""
        generator = np.random.default_rng([self._seed, self._epoch])
        shuffled = generator.permutation(len(self._lengths))
        steps: list[list[int]] = []
        for stretch, count in self._stretches():
            members = shuffled[stretch]
            members = members[np.argsort(self._lengths[members], kind="stable")]
            steps += _equal_parts(members.tolist(), self._lengths[members], count)
        return [steps[index] for index in generator.permutation(len(steps))]

    def _stretches(self) -> Iterator[tuple[slice, int]]:
        """Yield slices of the shuffled readings with the number of steps that each makes."""
        total, size = len(self._lengths), self._batch_size * BATCHES_SORTED_TOGETHER
        stretches = max(1, round(total / size))
        bounds = np.linspace(0, total, stretches + 1).astype(int)
        for start, end in itertools.pairwise(bounds):
            yield slice(start, end), max(1, int(end - start) // self._batch_size)


def _equal_parts(members: list[int], lengths: NDArray[np.int64], count: int) -> list[list[int]]:
    """Cut readings sorted by length into `count` runs of about equal tokens, PARTS or more in each."""
    tokens = np.cumsum(lengths)
    cuts = [0]
    for part in range(1, count):
        ideal = int(np.searchsorted(tokens, tokens[-1] * part / count)) + 1
        cuts.append(min(max(ideal, cuts[-1] + PARTS), len(members) - PARTS * (count - part)))
    cuts.append(len(members))
    return [members[start:end] for start, end in itertools.pairwise(cuts)]


class StanceTrainer(ProcessorTrainer):
    """Trains a StanceClassifier.

    The loss is the (class-weighted) mean cross-entropy over labelled actors plus the mean
    cross-entropy over labelled sentences. The means are over what a step holds on average, not
    over what this step holds: a short sentence, of which a step takes many, weighs as much as a
    long one. Dropout is drawn afresh from (seed, step, part), so that a resumed run and a run in
    two processes draw the same.
    """

    def __init__(
        self,
        *,
        model: StanceClassifier,
        args: TrainingArguments,
        train_dataset: TrainingReadings,
        batch_size: int,
        pad_id: int,
        class_weights: NDArray[np.float32],  # (3,)
        optimizer: torch.optim.Optimizer,
        evaluate_dev: Callable[[], dict[str, float]],
        callbacks: list[Any],
    ) -> None:
        self._readings = train_dataset
        self._batch_size = batch_size
        self._pad_id = pad_id
        self._evaluate_dev = evaluate_dev
        self._part = 0
        super().__init__(
            model=model,
            args=args,
            train_dataset=train_dataset,
            eval_dataset=train_dataset,  # asked for, never read: `evaluate` below does its own reading
            optimizers=(optimizer, None),
            callbacks=callbacks,
        )
        self._class_weights = torch.from_numpy(class_weights).to(args.device)
        self._labels_per_step = train_dataset.labels(class_weights) / self._sampler().steps_per_epoch
        self.loss_is_scaled_for_ga = True  # by the labels of a whole step, below

    def get_train_dataloader(self) -> DataLoader[Any]:
        """Return the batches of this process."""
        sampler = self._sampler()
        loader: DataLoader[Any] = DataLoader(self._readings, batch_sampler=sampler, collate_fn=self._collate)
        loader.set_epoch = sampler.set_epoch  # the loop looks for it here
        return loader

    def _sampler(self) -> StepSampler:
        return StepSampler(
            self._readings.lengths(),
            self._batch_size,
            seed=self.args.seed,
            rank=self.args.process_index,
            world=self.args.world_size,
        )

    def _collate(self, items: list[LabelledReading]) -> dict[str, Tensor]:
        arrays = make_batch([reading for reading, _, _ in items], pad_id=self._pad_id)
        batch = {name: torch.from_numpy(array) for name, array in arrays.items()}
        batch["stance"] = torch.tensor([label for _, stance, _ in items for label in stance], dtype=torch.long)
        batch["sentiment"] = torch.tensor([sentiment for _, _, sentiment in items], dtype=torch.long)
        return batch

    def get_batch_samples(
        self, epoch_iterator: Iterator[Any], num_batches: int, device: torch.device
    ) -> tuple[list[Any], None]:
        """Return the parts of a step that this process reads."""
        self._part = 0
        parts, _ = super().get_batch_samples(epoch_iterator, num_batches, device)
        return parts, None

    def training_step(
        self, model: nn.Module, inputs: dict[str, Tensor], num_items_in_batch: Tensor | int | None = None
    ) -> Tensor:
        """Read one part forth and back; return its share of the step's loss."""
        position = self._part * self.args.world_size + self.args.process_index
        step = self.state.global_step * PARTS + position
        torch.manual_seed(int(np.random.SeedSequence([self.args.seed, step]).generate_state(1, np.uint64)[0] >> 1))
        self._part += 1
        return super().training_step(model, inputs, num_items_in_batch)

    def compute_loss(
        self,
        model: nn.Module,
        inputs: dict[str, Tensor],
        return_outputs: bool = False,
        num_items_in_batch: Tensor | int | None = None,
    ) -> Tensor:
        """Return this part's share of the step's loss, times the number of processes that average it."""
        stance, sentiment = inputs.pop("stance"), inputs.pop("sentiment")
        logits = model(**inputs)
        stance_loss = functional.cross_entropy(
            logits.stance, stance, weight=self._class_weights, ignore_index=MISSING, reduction="sum"
        )
        sentiment_loss = functional.cross_entropy(logits.sentiment, sentiment, ignore_index=MISSING, reduction="sum")
        stance_labels, sentiment_labels = self._labels_per_step
        loss: Tensor = (stance_loss / stance_labels + sentiment_loss / sentiment_labels) * self.args.world_size
        return loss

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Measure on dev, log it, and return it under transformers' names (`eval_…`)."""
        metrics = {f"eval_{name}": value for name, value in self._evaluate_dev().items()}
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics


def make_optimizer(
    model: StanceClassifier, *, encoder_rate: float, head_rate: float, weight_decay: float, layer_decay: float = 1.0
) -> torch.optim.Optimizer:
    """Return AdamW with one learning rate for the encoder's last layer and one for the heads.

    Each layer below learns at `layer_decay` times the rate of the one above it, embeddings at that of a
    layer below all (Howard and Ruder 2018; Clark et al. 2020). Biases and layer norms do not decay, as in
    BERT's own recipe (Devlin et al. 2019). The first group is of the encoder's last layer: its rate is logged.
    """
    above = layers_above(model.encoder)
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            of_encoder = name.startswith("encoder.")
            rate = encoder_rate * layer_decay ** above[name.removeprefix("encoder.")] if of_encoder else head_rate
            groups.setdefault((rate, weight_decay if parameter.ndim > 1 else 0.0), []).append(parameter)
    return torch.optim.AdamW(
        [
            {"params": groups[rate, decay], "lr": rate, "weight_decay": decay}
            for rate, decay in sorted(groups, key=lambda group: group[0] != encoder_rate)
        ],
        fused=True,
    )
