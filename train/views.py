"""The view of the runs that `train ui` opens: which columns stand first, and which charts are drawn.

MLflow keeps a saved view as a tag of the experiment, `mlflow.sharedViewState.KEY`, and the runs page opens it when its
address carries `viewStateShareKey=KEY`. None of it is documented. It follows the UI's own source, as of MLflow 3.17, in
mlflow/server/js/src/experiment-tracking/components: what a view holds is `ExperimentPageUIState.tsx`, what a chart is
`runs-charts.types.ts`. The tag is JSON, `{"name", "createdAt", "updatedAt", "state"}` (milliseconds), its `state` again
JSON, in a string, which the UI itself compresses but reads plain too. The store takes 20,000 characters.
"""

import json
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from train.logged_model import DEV_FIGURE

if TYPE_CHECKING:
    from mlflow import MlflowClient

KEY = "stanowisko"
TAG = f"mlflow.sharedViewState.{KEY}"
NAME = "Stance"

STANCE = "test_stance_macro_f1"
SENTIMENT = "test_sentiment_macro_f1"
CALIBRATION = "test_stance_ece"
METRICS = (STANCE, f"{STANCE}_low", f"{STANCE}_high", SENTIMENT, DEV_FIGURE, CALIBRATION, "swap_follow")
CURVES = ("train_loss", "dev_stance_macro_f1", "dev_sentiment_macro_f1")
PARAMETERS = ("encoder", "target", "epochs", "learning_rate", "batch_size", "seed")
VARIED = ("target", "learning_rate", "batch_size", "seed")  # of these the last chart shows what they do to stance
ATTRIBUTES = ("Models", "Source", "Version")
TAGS = ("data_sha256_test",)  # the figures of two runs compare where this is the same

MOST_RUNS = 20  # in one chart
NARROWEST = 90  # pixels, for a name of a model or an encoder


def runs_view(client: "MlflowClient", experiment_id: str) -> str:
    """Have the experiment keep the view, and return the key that opens it.

    Nothing is written where the view is there already; one that was changed in the UI since stays as it is.

    Raises:
        MlflowException: The store does not answer, or takes no tag.
    """
    state = json.dumps(view_state(), separators=(",", ":"))
    if _outdated(client.get_experiment(experiment_id).tags.get(TAG), state):
        now = int(time.time() * 1000)
        value = {"name": NAME, "createdAt": now, "updatedAt": now, "state": state}
        client.set_experiment_tag(experiment_id, TAG, json.dumps(value))
    return KEY


def view_state() -> dict[str, Any]:
    """Return what the view holds; what it does not name is as MLflow has it by default."""
    columns = [
        *_columns("metrics", METRICS),
        *_columns("params", PARAMETERS),
        *_columns("attributes", ATTRIBUTES),
        *_columns("tags", TAGS),
    ]
    return {
        "selectedColumns": columns,
        "columnOrder": columns,  # else metrics stand in the order of the alphabet
        "columnWidths": {column: _width(column) for column in columns},
        "compareRunCharts": _charts(),
        "compareRunSections": _sections(),
        "isAccordionReordered": True,  # else sections stand in the order of the alphabet
        "hideEmptyCharts": True,
    }


def _columns(kind: str, names: Iterable[str]) -> list[str]:
    return [f"{kind}.`{name}`" for name in names]


def _width(column: str) -> int:
    """Return the pixels that a column's whole name needs; at MLflow's width most read `test_stance_ma…`."""
    return max(NARROWEST, 30 + 7 * len(column.split("`")[1]))


def _sections() -> list[dict[str, Any]]:
    """Return the groups of charts.

    MLflow adds a chart to *Model metrics* for each metric that has none, most of them of a single point: it is closed.
    """
    return [
        _section("test", "On test"),
        _section("training", "While training"),
        _section("settings", "What differs", columns=1),
        _section("rest", "Model metrics", display=False, isGenerated=True),
    ]


def _charts() -> list[dict[str, Any]]:
    return [
        *[_chart("BAR", "test", metric, metricKey=metric) for metric in (STANCE, SENTIMENT, CALIBRATION)],
        *[_line(metric) for metric in CURVES],
        _chart(
            "DIFFERENCE",
            "settings",
            "parameters",
            chartName="Parameters that differ",
            compareGroups=["Parameters"],
            showChangeFromBaseline=False,
            showDifferencesOnly=True,
            baselineColumnUuid="",
        ),
        _chart("PARALLEL", "settings", "varied", selectedParams=list(VARIED), selectedMetrics=[STANCE]),
    ]


def _section(identifier: str, name: str, **more: Any) -> dict[str, Any]:
    return {"uuid": identifier, "name": name, "display": True, "isReordered": True, "deleted": False, **more}


def _chart(kind: str, section: str, identifier: str, **more: Any) -> dict[str, Any]:
    """Return a chart of a section; MLflow fills in nothing, so that each kind must name all that it draws with."""
    return {
        "uuid": f"{section}-{identifier}",
        "type": kind,
        "metricSectionId": section,
        "runsCountToCompare": MOST_RUNS,
        "deleted": False,
        "isGenerated": False,
        **more,
    }


def _line(metric: str) -> dict[str, Any]:
    return _chart(
        "LINE",
        "training",
        metric,
        metricKey=metric,
        selectedMetricKeys=[metric],
        xAxisKey="step",
        xAxisScaleType="linear",
        selectedXAxisMetricKey="",
        scaleType="linear",
        range={},
        lineSmoothness=0,
        useGlobalXaxisKey=True,
        useGlobalLineSmoothing=True,
    )


def _outdated(kept: str | None, state: str) -> bool:
    if kept is None:
        return True
    try:
        view = json.loads(kept)
        return bool(view["updatedAt"] == view["createdAt"] and view["state"] != state)
    except (ValueError, TypeError, KeyError):  # no view that MLflow would open
        return True
