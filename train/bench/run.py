"""How fast: ours and the peers side by side on this machine, tracked as a run of its own."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from train.bench.fit import bench_fit
from train.bench.machine import load, machine
from train.bench.models import load_models, with_int8
from train.bench.predict import bench_predict
from train.bench.process import bench_processes
from train.bench.report import bench_figure, bench_metrics, bench_sections
from train.bench.sizes import FULL, QUICK
from train.bench.text import bench_text
from train.ending import ending
from train.precision import fast_precision
from train.progress import console
from train.provenance import provenance_tags
from train.report_markdown import sections_markdown
from train.store import open_store
from train.tracking import MlflowTracker

EXPERIMENT = "stanowisko-bench"  # its own: the page of fits stays clean
PARTS = ("predict", "fit", "cold", "memory", "text")
BUSY = 0.25  # load per core from which figures are doubtful


@dataclass(frozen=True)
class BenchSettings:
    """What `train bench` is told; `only` names the parts to measure."""

    encoder: str
    repeats: int = 5
    quick: bool = False
    only: tuple[str, ...] = PARTS


@dataclass(frozen=True)
class Bench:
    """What a bench measured (as JSON), its picture if it read anything, and the run that tracked it."""

    results: dict[str, Any]
    figure: Figure | None
    run_id: str


def bench(settings: BenchSettings) -> Bench:
    """Measure the parts asked for, one after the other, and track them in MLflow.

    Raises:
        UserError: The encoder cannot be had, or the store does not answer.
    """
    facts = machine()
    if load() > BUSY * int(facts["cores"]):
        console.print(f"the machine is busy (load {load():.1f} on {facts['cores']} cores): figures will be uneven")
    client = open_store()
    tags = provenance_tags("bench") | {f"machine_{name}": value for name, value in facts.items()}
    name = f"bench-{Path(settings.encoder).name}-{time.strftime('%Y%m%d-%H%M%S')}"
    tracker = MlflowTracker.start(client, experiment=EXPERIMENT, name=name, parameters=_parameters(settings), tags=tags)
    with ending(tracker):
        results: dict[str, Any] = {"encoder": settings.encoder, "machine": facts}
        for part, measured in _measured(settings):  # each kept at once: a bench that is stopped has what it measured
            results[part] = measured
            tracker.metrics(bench_metrics({part: measured}), 0)
            tracker.document(results, "bench.json")
        figure = bench_figure(results["predict"]) if "predict" in results else None
        _track(results, figure, tracker)
    return Bench(results, figure, tracker.run_id)


def _measured(settings: BenchSettings) -> Iterator[tuple[str, Any]]:
    sizes, repeats = (QUICK if settings.quick else FULL), settings.repeats
    if "text" in settings.only:
        yield "text", bench_text(sizes, repeats=repeats)
    processes = [part for part in ("cold", "memory") if part in settings.only]
    if not processes and not {"predict", "fit"} & set(settings.only):
        return
    precisions = ("fp32", "bf16") if fast_precision() == "bf16" else ("fp32",)
    with tempfile.TemporaryDirectory(prefix="stanowisko-bench-") as folder:
        models = load_models(settings.encoder, Path(folder), precisions)
        yield "encoder_work", {**asdict(models.shape), "revision": models.job.encoder.revision}
        if processes:
            yield from bench_processes(models, sizes, Path(folder), processes, repeats=repeats).items()
        if "predict" in settings.only:
            yield "predict", bench_predict(with_int8(models, Path(folder)), sizes, repeats=repeats)
        if "fit" in settings.only:
            yield "fit", bench_fit(models, sizes, repeats=repeats)


def _track(results: dict[str, Any], figure: Figure | None, tracker: MlflowTracker) -> None:
    sections = bench_sections(results)
    tracker.tags({"mlflow.note.content": sections_markdown(sections)})
    for each in sections:
        tracker.table(pd.DataFrame(each.rows, columns=list(each.head)), f"{each.title.lower().replace(' ', '_')}.json")
    if figure:
        tracker.figure(figure, "throughput.png")


def _parameters(settings: BenchSettings) -> dict[str, Any]:
    return {**asdict(settings), "only": " ".join(settings.only)}
