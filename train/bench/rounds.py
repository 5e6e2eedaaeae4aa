"""Contenders timed in turn: every round reads with each of them, the order reversed from round to round."""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch

from evaluation.throughput import Spread, as_json, rate, spread, times_as_fast
from train.progress import console, step_bar

MATMUL = "matrix product"
MATMUL_SIZE = 2048
KINDS = {"fp32": torch.float32, "bf16": torch.bfloat16, "int8": torch.int8}


@dataclass(frozen=True)
class Contender:
    """Something that is timed: `system` in `precision`, on so much work; `flops` are those of its real tokens.

    `run` may return seconds of its own reckoning; `warm` is run once before the rounds. `actors` is how many each
    sentence asks for, 0 where that says nothing.
    """

    system: str
    precision: str
    run: Callable[[], object]
    warm: Callable[[], object]
    flops: float
    targets: int = 0
    sentences: int = 0
    actors: int = 0


Seconds = Mapping[int, Sequence[float]]  # by the contender's place


def alternate(contenders: Sequence[Contender], *, repeats: int, name: str) -> Seconds:
    """Return the seconds of each contender in each round, all warmed up before the first."""
    console.print(f"{name}: {len(contenders)} measurements a round, {repeats} rounds", highlight=False)
    seconds: dict[int, list[float]] = {place: [] for place in range(len(contenders))}
    with step_bar(name) as bar:
        task = bar.add_task(name, total=len(contenders) * (repeats + 1), figures="warm-up")
        for contender in contenders:
            contender.warm()
            bar.advance(task)
        for turn in range(repeats):
            if not console.is_terminal:
                console.print(f"{name}: round {turn + 1} of {repeats}", highlight=False)
            for place in sorted(seconds, reverse=turn % 2 == 1):
                bar.update(task, figures=f"{contenders[place].system} {contenders[place].precision}")
                gc.collect()  # what the one before left is not this one's
                begun = time.perf_counter()
                took = contenders[place].run()
                elapsed = time.perf_counter() - begun
                seconds[place].append(took if isinstance(took, float) else elapsed)
                bar.advance(task)
    return seconds


def matmul_contenders(precisions: Sequence[str], device: torch.device) -> list[Contender]:
    """Return the probe of the machine: a square matrix product in each precision, timed like everybody else."""
    contenders = []
    for precision in precisions:
        kind = KINDS[precision]
        left, right = (torch.randn(MATMUL_SIZE, MATMUL_SIZE, device=device).to(kind) for _ in range(2))
        run = partial(_multiply, left, right)
        contenders.append(Contender(MATMUL, precision, run, run, flops=2.0 * MATMUL_SIZE**3))
    return contenders


def _multiply(left: torch.Tensor, right: torch.Tensor) -> None:
    (torch._int_mm if left.dtype == torch.int8 else torch.mm)(left, right)
    if left.device.type == "cuda":
        torch.cuda.synchronize()


def matmul_rates(contenders: Sequence[Contender], seconds: Seconds) -> dict[str, Spread]:
    """Return the operations a second of the matrix product, by precision."""
    return {
        each.precision: rate(each.flops, seconds[place])
        for place, each in enumerate(contenders)
        if each.system == MATMUL
    }


def rows_of(contenders: Sequence[Contender], seconds: Seconds, *, ours: str) -> list[dict[str, Any]]:
    """Return a row for each contender but the probe: its rates, its share of the machine, and ours against it.

    `times_ours` has, for each precision that ours is timed in, how many times this contender's targets/s it reaches
    at the same number of actors.
    """
    machine = matmul_rates(contenders, seconds)
    rows = []
    for place, each in enumerate(contenders):
        if each.system == MATMUL:
            continue
        speeds = {
            "targets_per_s": rate(each.targets, seconds[place]),
            "sentences_per_s": rate(each.sentences, seconds[place]),
            "gflop_per_s": rate(each.flops / 1e9, seconds[place]),
            "share_of_matmul": spread([each.flops / one / machine[each.precision].median for one in seconds[place]]),
        }
        times = {
            own.precision: times_as_fast(own.targets, seconds[number], each.targets, seconds[place])
            for number, own in enumerate(contenders)
            if (own.system, own.actors) == (ours, each.actors)
        }
        head = {"system": each.system, "precision": each.precision, "actors": each.actors}
        rows.append(head | as_json(speeds) | {"times_ours": as_json(times)})
    return rows
