"""Runs to compare: what each answered to the sentences of the same test file."""

import json
import logging
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data.labels import SENTIMENTS, STANCES, label_index
from data.problems import UserError
from evaluation.metrics import IntArray
from train.store import open_store, runs_called, store_exists, tracking_uri

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

log = logging.getLogger("train")

TABLE = "test_predictions.json"
SHA256 = "data_sha256_test"
COLUMNS = ("id", "article", "text", "actor", "stance", "predicted", *STANCES, "sentiment", "predicted_sentiment")
LABELLED = ("id", "actor", "stance", "sentiment")  # what two runs of one test file have in common
NAMES = ("output", "run_name", "experiment", "data")  # only where and under which name; the data's SHA-256 says which
TAGS = ("data_sha256_train", "data_sha256_dev", "encoder_revision", "mlflow.source.git.commit")


@dataclass(frozen=True)
class Answers:
    """What a run answered: the rows asked about, labels and answers as positions, articles; each (items,)."""

    rows: list[dict[str, Any]]
    true: IntArray
    predicted: IntArray
    articles: list[str]


@dataclass(frozen=True)
class ComparedRun:
    """A run with a row for each actor of each test sentence; `label` is its name, made unmistakable."""

    id: str
    label: str
    parameters: dict[str, str]
    test_sha256: str
    rows: list[dict[str, Any]]

    def stance(self) -> Answers:
        """Return the answers to every actor."""
        return _answers([row for row in self.rows if row["actor"] is not None], "stance", "predicted", STANCES)

    def sentiment(self) -> Answers | None:
        """Return the answers to every sentence, None if the model says no sentiment."""
        sentences = list({row["id"]: row for row in self.rows}.values())
        if any(row["predicted_sentiment"] is None for row in sentences):
            return None
        return _answers(sentences, "sentiment", "predicted_sentiment", SENTIMENTS)


def read_runs(names: Sequence[str]) -> list[ComparedRun]:
    """Return the runs of these names or ids, the newest where several have the name, with their predictions.

    Raises:
        UserError: There are fewer than two, one is named twice or does not exist, has no predictions, or was
            tested on other sentences than the first.
    """
    if len(names) < 2:
        raise UserError(f"expected two runs or more, found {len(names)}. Name them by id or name: train compare A B.")
    client = _existing_store(names[0])
    found = [_find(client, name) for name in names]
    for place, run in enumerate(found):
        before = [other.info.run_id for other in found[:place]]
        if run.info.run_id in before:
            first = names[before.index(run.info.run_id)]
            raise UserError(
                f"{names[place]}: expected a run of its own, found the same as {first} ({run.info.run_id}). "
                "Name another one; of several runs of one name the newest is taken, so use ids for those."
            )
    times = Counter(run.info.run_name for run in found)
    labels = [
        run.info.run_name + (f" ({run.info.run_id[:8]})" if times[run.info.run_name] > 1 else "") for run in found
    ]
    runs = [_read(client, run, label) for run, label in zip(found, labels, strict=True)]
    for other in runs[1:]:
        _check_same_test(runs[0], other)
    return runs


def _existing_store(name: str) -> "MlflowClient":
    """Return the store; a local one is not made where there is none."""
    if not store_exists():
        raise UserError(
            f"{name}: expected an MLflow run, and {tracking_uri()} does not exist here. Run `train fit` first."
        )
    return open_store()


def _find(client: "MlflowClient", name: str) -> "Run":
    runs = runs_called(client, name)
    if not runs:
        raise UserError(
            f"{name}: expected an MLflow run (id or name), found none in {tracking_uri()}. `train ui` shows them all."
        )
    if len(runs) > 1:
        log.warning("%d runs are called %s: the newest is taken (%s)", len(runs), name, runs[0].info.run_id)
    return runs[0]


def _read(client: "MlflowClient", run: "Run", label: str) -> ComparedRun:
    tags, run_id = run.data.tags, run.info.run_id
    kept = {artifact.path for artifact in client.list_artifacts(run_id)}
    if TABLE not in kept or SHA256 not in tags:
        raise UserError(
            f"{label}: expected a run with {TABLE}, found none in it ({run.info.status}): it is unfinished, no run of "
            "`train fit`, or one that holds the runs of several seeds. Choose a finished fit of one seed."
        )
    table = _download(client, run_id, label)
    missing = [column for column in COLUMNS if column not in table["columns"]]
    if missing:
        raise UserError(
            f"{label}: {TABLE} has no column {', '.join(missing)}: an older version made it. Fit the model again."
        )
    parameters = {name: value for name, value in run.data.params.items() if name not in NAMES}
    parameters |= {name.removeprefix("mlflow.source."): tags[name] for name in TAGS if name in tags}
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["data"]]
    return ComparedRun(run_id, label, parameters, tags[SHA256], rows)


def _download(client: "MlflowClient", run_id: str, label: str) -> dict[str, Any]:
    from mlflow.exceptions import MlflowException

    try:
        with tempfile.TemporaryDirectory() as scratch:
            path = client.download_artifacts(run_id, TABLE, scratch)
            table: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    except (MlflowException, OSError, json.JSONDecodeError) as error:
        first = (str(error) or type(error).__name__).splitlines()[0]
        raise UserError(
            f"{label}: {TABLE} cannot be fetched ({first}). Is the store's artifact folder there?"
        ) from error
    return table


def _check_same_test(first: ComparedRun, other: ComparedRun) -> None:
    if first.test_sha256 != other.test_sha256:
        raise UserError(
            f"{other.label}: expected the test sentences of {first.label} (SHA-256 {first.test_sha256[:12]}), found "
            f"others ({other.test_sha256[:12]}). Such figures do not compare: fit both on the same data folder."
        )
    labelled, of_other = ([[row[name] for name in LABELLED] for row in run.rows] for run in (first, other))
    if labelled != of_other:
        raise UserError(
            f"{other.label}: expected the {len(first.rows)} rows of {first.label} in {TABLE}, found {len(other.rows)} "
            "that are not the same. Fit the model again."
        )


def _answers(rows: list[dict[str, Any]], true: str, predicted: str, labels: tuple[str, ...]) -> Answers:
    return Answers(
        rows,
        np.array([label_index(row[true], labels) for row in rows], dtype=np.int64),
        np.array([labels.index(row[predicted]) for row in rows], dtype=np.int64),
        [row["article"] for row in rows],
    )
