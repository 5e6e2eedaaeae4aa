"""Tracking a run in MLflow, in a way that never stops the training."""

import logging
import queue
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from matplotlib.figure import Figure
from mlflow.data.dataset_source_registry import resolve_dataset_source
from mlflow.data.meta_dataset import MetaDataset
from mlflow.entities import DatasetInput, InputTag, Metric, Param, RunTag

from train.logged_model import crown, log_model
from train.store import experiment_id

log = logging.getLogger("train")

LAST_CALL_S = 60.0  # how long a finished run waits for a server that stopped answering
RETRY_S = 5.0
OF_THE_RUN = ("run_name", "output", "experiment")
# Told apart on white and by most colour-blind readers (Okabe and Ito); MLflow's own are sometimes twice the same.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555", "#7a3e9d")
MOST_COUNTED = 500  # runs, to choose the next colour
DIGEST_LENGTH = 36  # the longest digest that MLflow takes; the whole SHA-256 is a tag of the input


class MlflowTracker:
    """Keeps a run in MLflow from a thread of its own.

    What the store does not take is kept, in order, and tried again; the training goes on
    meanwhile, and a warning says so once.
    """

    def __init__(self, client: mlflow.MlflowClient, run_id: str, *, noted: Mapping[str, int] | None = None) -> None:
        self._client = client
        self.run_id = run_id
        self._noted = noted or {}  # the last step of each figure that the run has already
        self._waiting: queue.Queue[Callable[[], object] | None] = queue.Queue()
        self._failing = threading.Event()
        self._give_up = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    @classmethod
    def start(
        cls,
        client: mlflow.MlflowClient,
        *,
        experiment: str,
        name: str,
        parameters: Mapping[str, Any],
        tags: Mapping[str, str],
    ) -> "MlflowTracker":
        """Begin a new run."""
        owner = experiment_id(client, experiment)
        before = len(client.search_runs([owner], max_results=MOST_COUNTED))
        colour = {"mlflow.runColor": COLOURS[before % len(COLOURS)]}
        run = client.create_run(owner, run_name=name, tags=colour | dict(tags))
        tracker = cls(client, run.info.run_id)
        tracker.do(lambda: client.log_batch(run.info.run_id, params=_parameters(parameters)))
        return tracker

    @classmethod
    def resume(cls, client: mlflow.MlflowClient, run_id: str) -> "MlflowTracker":
        """Go on with a run; figures that it already has of a step are not noted again."""
        client.update_run(run_id, status="RUNNING")
        names = client.get_run(run_id).data.metrics
        noted = {name: max(metric.step for metric in client.get_metric_history(run_id, name)) for name in names}
        return cls(client, run_id, noted=noted)

    def metrics(self, values: Mapping[str, float], step: int) -> None:
        """Note figures of a step."""
        now = int(time.time() * 1000)
        entries = [Metric(name, value, now, step) for name, value in values.items() if step > self._noted.get(name, -1)]
        self.do(lambda: self._client.log_batch(self.run_id, metrics=entries))

    def tags(self, values: Mapping[str, str]) -> None:
        """Set tags of the run."""
        entries = [RunTag(name, value) for name, value in values.items()]
        self.do(lambda: self._client.log_batch(self.run_id, tags=entries))

    def datasets(self, path: Path, sha256: Mapping[str, str]) -> None:
        """Note the files of a data folder as inputs, each with its whole SHA-256."""
        inputs = []
        for split, digest in sha256.items():
            with warnings.catch_warnings():  # MLflow finds two ways to read a path, both the same
                warnings.simplefilter("ignore", UserWarning)
                source = resolve_dataset_source(str(path / f"{split}.jsonl"))
            data = MetaDataset(source=source, name=f"{path.name}/{split}", digest=digest[:DIGEST_LENGTH])
            tags = [InputTag("mlflow.data.context", split), InputTag("sha256", digest)]
            inputs.append(DatasetInput(dataset=data._to_mlflow_entity(), tags=tags))
        self.do(lambda: self._client.log_inputs(self.run_id, datasets=inputs))

    def figure(self, figure: Figure, name: str) -> None:
        """Keep a picture."""
        self.do(lambda: self._client.log_figure(self.run_id, figure, name))

    def table(self, table: pd.DataFrame, name: str) -> None:
        """Keep a table."""
        self.do(lambda: self._write_table(table, name))

    def _write_table(self, table: pd.DataFrame, name: str) -> None:
        """Write a table; MLflow's own `log_table` would add its rows to those of a try before."""
        if any(entry.path == name for entry in self._client.list_artifacts(self.run_id)):
            self._client.log_text(self.run_id, table.to_json(orient="split", index=False), name)
        else:
            self._client.log_table(self.run_id, table, name)

    def document(self, content: Mapping[str, Any], name: str) -> None:
        """Keep a JSON document."""
        self.do(lambda: self._client.log_dict(self.run_id, dict(content), name))

    def text(self, content: str, name: str) -> None:
        """Keep a text."""
        self.do(lambda: self._client.log_text(self.run_id, content, name))

    def model(self, folder: Path, *, dev_macro_f1: float, dev_sha256: str) -> bool | None:
        """Log and register a model folder; say whether it is the champion now, None if MLflow gave up."""
        outcome: list[bool] = []

        def log_and_crown() -> None:
            address = log_model(self._client, self.run_id, folder)
            outcome.append(crown(self._client, address, dev_macro_f1=dev_macro_f1, dev_sha256=dev_sha256))

        self.do(log_and_crown)
        self.flush()
        return outcome[0] if outcome else None

    def do(self, job: Callable[[], object]) -> None:
        """Have a job done after those before it, tried again until it is."""
        self._waiting.put(job)

    def end(self, status: str) -> None:
        """Wait a while for what is still to be noted, then say how the run ended."""
        self.do(lambda: self._client.set_terminated(self.run_id, status))
        self.flush()
        self._waiting.put(None)

    def flush(self) -> bool:
        """Wait until all is noted, LAST_CALL_S at most once the store has stopped answering."""
        done = threading.Event()
        self.do(done.set)
        while not done.wait(1.0):
            if self._failing.is_set() and not done.wait(LAST_CALL_S):
                self._give_up.set()
                log.warning("the MLflow store still does not answer: not all of run %s was tracked", self.run_id)
                return False
        return True

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            while not self._give_up.is_set():
                try:
                    job()
                    self._failing.clear()
                    break
                except Exception as error:  # whatever a tracker does, the training goes on
                    if not self._failing.is_set():
                        log.warning(
                            "the MLflow store does not answer (%s); the training goes on and tracking is tried again",
                            _first_line(error),
                        )
                    self._failing.set()
                    self._give_up.wait(RETRY_S)


def _parameters(values: Mapping[str, Any]) -> list[Param]:
    """Return settings as parameters; what names a run and not a recipe would differ in every comparison."""
    return [
        Param(name, "" if value is None else str(value)) for name, value in values.items() if name not in OF_THE_RUN
    ]


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
