"""The view of the runs: what its tag holds, and when it is written."""

import json
from types import SimpleNamespace
from typing import Any

from train.logged_model import DEV_FIGURE
from train.views import KEY, METRICS, PARAMETERS, TAG, runs_view, view_state

STORE_TAKES = 20_000  # characters of an experiment's tag


class Store:
    """An MLflow client that holds the tags of one experiment."""

    def __init__(self) -> None:
        self.tags: dict[str, str] = {}
        self.written = 0

    def get_experiment(self, experiment_id: str) -> Any:
        return SimpleNamespace(tags=self.tags)

    def set_experiment_tag(self, experiment_id: str, key: str, value: str) -> None:
        self.tags[key] = value
        self.written += 1


def test_views_keep_a_view_that_mlflow_opens() -> None:
    store = Store()
    assert runs_view(store, "1") == KEY
    assert list(store.tags) == [f"mlflow.sharedViewState.{KEY}"] == [TAG]
    view = json.loads(store.tags[TAG])
    assert view["name"] and view["createdAt"] == view["updatedAt"] > 1.7e12
    assert json.loads(view["state"]) == view_state()
    assert len(store.tags[TAG]) < STORE_TAKES / 2


def test_views_are_written_once() -> None:
    store = Store()
    for _ in range(3):
        runs_view(store, "1")
    assert store.written == 1


def test_views_of_another_version_are_written_anew_unless_somebody_changed_them() -> None:
    store = Store()
    for updated, written in ((5, 1), (6, 0)):
        store.tags = {TAG: json.dumps({"name": "mine", "createdAt": 5, "updatedAt": updated, "state": "{}"})}
        store.written = 0
        assert runs_view(store, "1") == KEY
        assert store.written == written


def test_views_that_mlflow_could_not_open_are_written_anew() -> None:
    for broken in ("", "deflate;eJw", "[]", '{"name": 1}'):
        store = Store()
        store.tags = {TAG: broken}
        runs_view(store, "1")
        assert json.loads(json.loads(store.tags[TAG])["state"]) == view_state()


def test_views_put_stance_on_test_first() -> None:
    state = view_state()
    assert METRICS[0] == "test_stance_macro_f1" and DEV_FIGURE in METRICS
    figures, settings = (
        [f"{kind}.`{name}`" for name in names] for kind, names in (("metrics", METRICS), ("params", PARAMETERS))
    )
    assert state["columnOrder"][: len(figures) + len(settings)] == [*figures, *settings]
    assert set(state["columnWidths"]) == set(state["columnOrder"]) == set(state["selectedColumns"])


def test_views_have_every_chart_in_a_section_and_no_chart_twice() -> None:
    state = view_state()
    charts, sections = state["compareRunCharts"], state["compareRunSections"]
    assert len({chart["uuid"] for chart in charts}) == len(charts)
    shown = {section["uuid"] for section in sections if section["display"]}
    assert {chart["metricSectionId"] for chart in charts} == shown
    assert [section["name"] for section in sections if not section["display"]] == ["Model metrics"]
