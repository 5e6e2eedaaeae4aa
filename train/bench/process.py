"""Whole processes timed: the cold start of `train predict`, its peak memory, and the pipeline's as a user starts it."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.actor_list import BUNDLED, read_actors
from data.articles import Article
from data.finding import ActorFinder
from data.problems import UserError
from evaluation.throughput import as_json, spread
from train.bench.models import BenchModels, save_folders
from train.bench.sentences import articles
from train.bench.sizes import BenchSizes
from train.progress import console
from train.taking_apart import take_apart

# What somebody would write for the pipeline: the pairs are found already, which `train predict` still has to do.
PIPELINE = """
import json, sys
from transformers import pipeline
classify = pipeline("text-classification", model=sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    pairs = [json.loads(line) for line in file]
classify(pairs, batch_size=16, truncation=True, max_length=int(sys.argv[3]))
"""


@dataclass(frozen=True)
class _Command:
    system: str
    reads: str
    words: list[str]


def bench_processes(
    models: BenchModels, sizes: BenchSizes, folder: Path, kinds: Sequence[str], *, repeats: int
) -> dict[str, list[dict[str, Any]]]:
    """Return CPU seconds (user and system) and wall seconds of a cold start, and peak memory, in MiB.

    "cold" reads one article `repeats` times, ours and the pipeline in turn, a new process each; the files are in
    the system's cache by then. "memory" has the peaks of these processes, and of one that reads several articles.
    """
    ours, peer = save_folders(models, folder)
    several = articles(sizes.memory_articles, sizes.article_sentences)
    turns = repeats if "cold" in kinds else 1
    console.print(f"{' and '.join(kinds)}: {turns} rounds of processes", highlight=False)
    one = _took(_commands(several[:1], "1 article", ours, peer, models.max_tokens), turns)
    measured = {"cold": _rows(one, ("cpu_s", "wall_s"))} if "cold" in kinds else {}
    if "memory" in kinds:
        more = _took(_commands(several, f"{len(several)} articles", ours, peer, models.max_tokens), 1)
        measured["memory"] = _rows([*one, *more], ("peak_mib",))
    return measured


def _took(commands: Sequence[_Command], turns: int) -> list[tuple[_Command, list[dict[str, float]]]]:
    """Run commands in turn, in alternating order, and return what each took each time."""
    took: list[list[dict[str, float]]] = [[] for _ in commands]
    for turn in range(turns):
        for place in sorted(range(len(commands)), reverse=turn % 2 == 1):
            took[place].append(_run(commands[place]))
    return list(zip(commands, took, strict=True))


def _rows(took: Sequence[tuple[_Command, list[dict[str, float]]]], figures: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "system": command.system,
            "reads": command.reads,
            **as_json({name: spread([each[name] for each in times]) for name in figures}),
        }
        for command, times in took
    ]


def _run(command: _Command) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "train.bench.child", *command.words], capture_output=True, text=True, check=False
    )
    took: dict[str, float] = json.loads(done.stdout) if done.stdout else {"status": done.returncode}
    if took["status"]:
        last = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise UserError(f"{command.system} ({command.reads}): expected it to end well, found: {last}")
    return took


def _commands(pages: Sequence[Article], reads: str, ours: Path, peer: Path, max_tokens: int) -> list[_Command]:
    """Write the articles, and the pairs found in them, and return what reads each."""
    rows, pairs = ours.parent / f"{len(pages)}.jsonl", ours.parent / f"{len(pages)}-pairs.jsonl"
    _write(rows, [{"id": page.id, "text": page.text} for page in pages])
    _write(pairs, _pairs(pages))
    predict = ["-m", "train", "predict", str(rows), "--model", str(ours), "--format", "jsonl"]
    return [
        _Command("ours", reads, [sys.executable, *predict]),
        _Command("pipeline_batch_16", reads, [sys.executable, "-c", PIPELINE, str(peer), str(pairs), str(max_tokens)]),
    ]


def _pairs(pages: Sequence[Article]) -> list[dict[str, str]]:
    finder = ActorFinder(read_actors(BUNDLED))
    sentences = [sentence for page in take_apart(pages, finder) for _, sentence in page.sentences]
    return [{"text": each.text, "text_pair": actor.actor} for each in sentences for actor in each.actors]


def _write(path: Path, records: Sequence[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
