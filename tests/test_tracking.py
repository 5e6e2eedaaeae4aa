"""A store that stops answering delays a warning, not the training."""

import logging
import time
from typing import Any

import pytest

from train import tracking
from train.store import runs_page
from train.tracker import NullTracker, Tracker
from train.tracking import MlflowTracker


class Store:
    """An MLflow client that fails its first `failures` calls."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.kept: list[tuple[str, Any]] = []

    def _call(self, name: str, value: Any) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("no route to the store")
        self.kept.append((name, value))

    def log_batch(self, run_id: str, metrics: Any = (), params: Any = (), tags: Any = ()) -> None:
        self._call("metrics", [(metric.key, metric.value, metric.step) for metric in metrics])

    def set_terminated(self, run_id: str, status: str) -> None:
        self._call("end", status)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracking, "RETRY_S", 0.05)
    monkeypatch.setattr(tracking, "LAST_CALL_S", 2.0)


def test_tracking_keeps_what_it_is_told_in_order() -> None:
    store = Store()
    tracker = MlflowTracker(store, "run")
    tracker.metrics({"train_loss": 0.5}, 1)
    tracker.metrics({"train_loss": 0.4}, 2)
    tracker.end("FINISHED")
    assert store.kept == [
        ("metrics", [("train_loss", 0.5, 1)]),
        ("metrics", [("train_loss", 0.4, 2)]),
        ("end", "FINISHED"),
    ]


def test_tracking_tries_again_and_loses_nothing(caplog: pytest.LogCaptureFixture) -> None:
    store = Store(failures=5)
    tracker = MlflowTracker(store, "run")
    with caplog.at_level(logging.WARNING):
        begun = time.monotonic()
        for step in range(3):
            tracker.metrics({"train_loss": 1.0}, step)
        assert time.monotonic() - begun < 0.05
        tracker.end("FINISHED")
    assert [value[0][2] for name, value in store.kept if name == "metrics"] == [0, 1, 2]
    assert store.kept[-1] == ("end", "FINISHED")
    assert sum("does not answer" in record.message for record in caplog.records) == 1


def test_tracking_gives_up_at_the_end_and_says_so(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "LAST_CALL_S", 0.2)
    store = Store(failures=10**9)
    tracker = MlflowTracker(store, "run")
    with caplog.at_level(logging.WARNING):
        tracker.metrics({"train_loss": 1.0}, 1)
        tracker.end("FINISHED")
    assert "not all of run run was tracked" in caplog.text
    assert store.kept == []


def test_tracking_of_a_resumed_run_does_not_repeat_its_steps() -> None:
    store = Store()
    tracker = MlflowTracker(store, "run", noted={"train_loss": 10})
    for step in (9, 10, 11):
        tracker.metrics({"train_loss": 1.0}, step)
    tracker.metrics({"train_loss": 1.0, "test_stance_macro_f1": 0.5}, 10)  # killed between the two
    tracker.end("FINISHED")
    kept = [figure for name, figures in store.kept if name == "metrics" for figure in figures]
    assert kept == [("train_loss", 1.0, 11), ("test_stance_macro_f1", 0.5, 10)]


def test_tracking_null_tracker_is_a_tracker() -> None:
    tracker: Tracker = NullTracker()
    tracker.metrics({"train_loss": 1.0}, 1)
    assert tracker.model(None, dev_macro_f1=0.0, dev_sha256="") is None  # type: ignore[arg-type]


def test_tracking_page_opens_the_model_training_workspace() -> None:
    assert runs_page("http://127.0.0.1:5000/", "3") == (
        "http://127.0.0.1:5000/#/experiments/3/runs?workflowType=machine_learning"
    )
