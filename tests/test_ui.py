"""The MLflow UI on the store that runs are tracked in: its server, and its pages in a browser."""

import importlib.util
import math
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from mlflow.exceptions import MlflowException

from data.labels import STANCES
from evaluation.plots import confusion_figure
from train import ui
from train.logged_model import DEV_FIGURE
from train.settings import FitSettings
from train.store import CHAMPION, REGISTERED, open_store
from train.tracking import MlflowTracker
from train.views import CURVES, KEY, METRICS, PARAMETERS

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from playwright.sync_api import Page

EXPERIMENT = "stanowisko"
WIDE = {"width": 3400, "height": 900}  # a table draws only the columns that are in sight
GROUPS = ("Metrics", "Parameters", "Tags")  # a row of headers above the names
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
in_browser = pytest.mark.skipif(
    CHROMIUM is None or importlib.util.find_spec("playwright") is None,
    reason="needs the package playwright and a chromium, chromium-browser or google-chrome on the path",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def served(folder: Path, port: int) -> Iterator[str]:
    """Run `train ui` in a folder; give the address that it says."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW")}
    process = subprocess.Popen(
        [sys.executable, "-m", "train", "ui", "--port", str(port)],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout
        yield process.stdout.readline().removeprefix("runs: ").rstrip("\n")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def track_run(
    client: "MlflowClient", name: str, *, figure: float, parent: str | None = None, **settings: object
) -> str:
    """Track a run as `train fit` does, with made-up figures; return its id."""
    told = FitSettings.from_flat({"encoder": "mini", "learning_rate": 2e-4, "run_name": name, **settings}).flat()
    tags = {"mlflow.source.name": "train fit", "mlflow.source.git.commit": "c357890", "data_sha256_test": "392a3d0c"}
    if parent:
        tags["mlflow.parentRunId"] = parent
    tracker = MlflowTracker.start(client, experiment=EXPERIMENT, name=name, parameters=told, tags=tags)
    for step in range(20, 201, 20):
        loss = round(0.2 + math.exp(-step / 90), 4)
        tracker.metrics({CURVES[0]: loss, "learning_rate": 2e-4 * (1 - step / 200)}, step)
        if step % 40 == 0:
            dev = round(figure * (1 - math.exp(-step / 60)), 4)
            tracker.metrics({CURVES[1]: dev, CURVES[2]: round(dev - 0.1, 4)}, step)
    offsets = zip(METRICS, (0.0, -0.034, 0.036, -0.19, 0.011, 0.035 - figure, 0.09), strict=True)
    tracker.metrics({name: round(figure + offset, 4) for name, offset in offsets}, 200)
    tracker.tags({"mlflow.note.content": f"| | stance |\n|---|---|\n| macro_f1 | {figure:.3f} |\n"})
    tracker.document({"stance": {"macro_f1": {"value": figure}}}, "report.json")
    tracker.do(lambda: client.log_text(tracker.run_id, f"<h1>The report of {name}</h1>", "report.html"))
    counts = np.array([[310, 52, 21], [61, 604, 43], [14, 55, 252]])
    tracker.figure(confusion_figure(counts, labels=STANCES, title="stance, test"), "confusion_stance.png")
    tracker.end("FINISHED")
    return tracker.run_id


def track_runs(folder: Path) -> dict[str, str]:
    """Track two runs, a nested pair of seeds and a champion in a store in a folder; return the ids by name."""
    client = open_store()
    ids = {
        "span": track_run(client, "span", figure=0.7214),
        "none": track_run(client, "none", figure=0.4873, target="none"),
    }
    ids["seeds"] = track_run(client, "seeds", figure=0.7189)
    for seed in (1, 2):
        track_run(client, f"seeds-{seed}", figure=0.71 + 0.0089 * seed, parent=ids["seeds"], seed=seed)
    model = folder / "model"
    model.mkdir()
    (model / "config.json").write_text("{}")
    client.create_registered_model(REGISTERED)
    version = client.create_model_version(REGISTERED, model.as_uri(), run_id=ids["span"]).version
    client.set_registered_model_alias(REGISTERED, CHAMPION, version)
    return ids


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The address that `train ui` says of a store of runs, and their ids by name."""
    folder = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder / 'mlflow.db'}")
        ids = track_runs(folder)
    with served(folder, free_port()) as address:
        yield address, ids


@pytest.fixture(scope="module")
def page() -> Iterator["Page"]:
    """A page of a browser without a screen."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(30_000)
        yield page
        browser.close()


def opened(page: "Page", address: str) -> "Page":
    """Load an address from nothing, MLflow's assistant out of the way; a new fragment alone would not load it."""
    page.goto("about:blank")
    page.goto(address)
    page.add_locator_handler(page.get_by_role("button", name="Close", exact=True), lambda close: close.click())
    return page


def page_of(address: str, path: str) -> str:
    return f"{address.split('#')[0]}#/{path}?workflowType=machine_learning"


@pytest.mark.slow
def test_ui_serves_the_runs_page_and_leaves_no_server_behind(tmp_path: Path) -> None:
    port = free_port()
    with served(tmp_path, port) as address:
        page = rf"#/experiments/\d+/runs\?workflowType=machine_learning&viewStateShareKey={KEY}"
        found = re.fullmatch(rf"(http://127\.0\.0\.1:{port})/{page}", address)
        assert found, address
        with urllib.request.urlopen(found[1], timeout=30) as answer:  # noqa: S310  # our own server
            assert b"<title>MLflow</title>" in answer.read()
    until = time.monotonic() + 20
    while answers(port):
        assert time.monotonic() < until, "the server outlives the command"
        time.sleep(0.2)


def test_ui_of_a_server_that_takes_no_tag_opens_the_runs_all_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> str:
        raise MlflowException("Permission denied")

    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://tracking:5000")
    monkeypatch.setattr(ui, "open_store", lambda: None)
    monkeypatch.setattr(ui, "experiment_id", lambda *_: "7")
    monkeypatch.setattr("train.views.runs_view", refuse)
    ui.serve(port=1, open_browser=False, experiment=EXPERIMENT)
    assert capsys.readouterr().out == "runs: http://tracking:5000/#/experiments/7/runs?workflowType=machine_learning\n"
    assert "Permission denied" in caplog.text


@in_browser
@pytest.mark.slow
def test_ui_runs_table_shows_the_columns_that_matter_first(runs: tuple[str, dict[str, str]], page: "Page") -> None:
    from playwright.sync_api import expect

    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    opened(page, runs[0])
    expect(page.get_by_role("columnheader", name="data_sha256_test").first).to_be_visible()
    headers = page.get_by_role("columnheader").evaluate_all(
        "cells => cells.filter(cell => cell.innerText).map(cell => [cell.getBoundingClientRect().left, cell.innerText])"
    )
    names = [name for name in dict.fromkeys(name for _, name in sorted(headers)) if name not in GROUPS]
    first = ["Run Name", "Created", *METRICS, *PARAMETERS, "Models", "Source", "Version", "data_sha256_test"]
    assert names[: len(first)] == first
    cell = page.get_by_role("row").filter(has=page.get_by_text("0.7214")).get_by_role("gridcell")
    assert {"0.7214", "0.6874", "0.7574", "0.5314", "0.7324", "0.035", "mini", "span"} <= set(cell.all_inner_texts())
    expect(page.get_by_text("seeds-1")).to_have_count(0)
    page.locator(".ag-row button").first.click()  # a run of several seeds lies closed, and opens
    expect(page.get_by_role("link", name="seeds-1")).to_be_visible()


@in_browser
@pytest.mark.slow
def test_ui_charts_draw_test_figures_and_curves(runs: tuple[str, dict[str, str]], page: "Page") -> None:
    from playwright.sync_api import expect

    page.set_viewport_size({"width": 1600, "height": 2400})
    opened(page, f"{runs[0]}&compareRunsMode=CHART")
    for section in ("On test", "While training", "What differs", "Model metrics"):
        expect(page.get_by_text(section, exact=True)).to_be_visible()
    area = page.get_by_test_id("experiment-view-compare-runs-chart-area")
    expect(area.locator(".barlayer .point")).to_have_count(3 * 3)  # a bar a run and figure: span, none, seeds
    expect(area.locator(".scatterlayer .js-line").nth(3 * 3 - 1)).to_be_attached()
    for metric in CURVES:
        expect(area.get_by_text(metric, exact=True)).to_be_visible()
    expect(area.get_by_text("gradient_norm")).to_have_count(0)  # what MLflow adds lies in a closed section


@in_browser
@pytest.mark.slow
def test_ui_two_runs_compared_show_figures_and_parameters(runs: tuple[str, dict[str, str]], page: "Page") -> None:
    from playwright.sync_api import expect

    page.set_viewport_size({"width": 1400, "height": 900})
    opened(page, runs[0])
    for name in ("span", "none"):
        row = (
            page.get_by_role("link", name=name, exact=True)
            .locator("xpath=ancestor::*[@row-id]")
            .get_attribute("row-id")
        )
        page.locator(f'[row-id="{row}"] .ag-selection-checkbox input').click(force=True)
    page.get_by_test_id("runs-compare-button").click()
    expect(page.get_by_text("Comparing 2 Runs from 1 Experiment")).to_be_visible()
    for text in ("learning_rate", "0.0002", DEV_FIGURE, "0.732", "0.498"):  # of the figures those in sight are drawn
        expect(page.get_by_text(text, exact=True).first).to_be_attached()


@in_browser
@pytest.mark.slow
def test_ui_run_page_shows_the_summary_and_opens_its_files(runs: tuple[str, dict[str, str]], page: "Page") -> None:
    from playwright.sync_api import expect

    address, ids = runs
    run = f"experiments/1/runs/{ids['span']}"
    opened(page, page_of(address, run))
    expect(page.get_by_role("cell", name="macro_f1", exact=True)).to_be_attached()  # a table, not Markdown's bars
    opened(page, page_of(address, f"{run}/artifacts/confusion_stance.png"))
    expect(page.locator("img[src^='blob:'], img[src*='confusion_stance']").first).to_be_visible()
    opened(page, page_of(address, f"{run}/artifacts/report.json"))
    expect(page.get_by_text('"macro_f1"').first).to_be_visible()
    opened(page, page_of(address, f"{run}/artifacts/report.html"))
    expect(page.frame_locator("iframe").get_by_role("heading", name="The report of span")).to_be_visible()


@in_browser
@pytest.mark.slow
def test_ui_registered_model_shows_its_champion(runs: tuple[str, dict[str, str]], page: "Page") -> None:
    from playwright.sync_api import expect

    opened(page, page_of(runs[0], f"models/{REGISTERED}"))
    expect(page.get_by_text(CHAMPION)).to_be_visible()
