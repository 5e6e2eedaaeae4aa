"""Where runs are tracked: the MLflow store, its experiment, and the addresses of its pages."""

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from data.problems import UserError

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

DEFAULT_URI = "sqlite:///mlflow.db"
REGISTERED = "stance"
CHAMPION = "champion"
PARENT_RUN = "mlflow.parentRunId"  # MLflow's own tag of a nested run

# A server that stops answering must cost seconds, not the minutes that MLflow would retry for.
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")


def tracking_uri() -> str:
    """Return the address of the store: MLFLOW_TRACKING_URI, else the SQLite file in this folder."""
    return os.environ.get("MLFLOW_TRACKING_URI") or DEFAULT_URI


def absolute_tracking_uri() -> str:
    """Return the address of the store so that it holds from another folder too."""
    uri = tracking_uri()
    if uri.startswith("sqlite:///"):
        return f"sqlite:///{Path(uri.removeprefix('sqlite:///')).absolute()}"
    return uri


def store_exists() -> bool:
    """Say whether there is a store: a local file may not be there yet, a server is taken to be."""
    uri = tracking_uri()
    return not uri.startswith("sqlite:///") or Path(uri.removeprefix("sqlite:///")).exists()


def open_store() -> "MlflowClient":
    """Return a client of the store, which is made if it is a local file that does not exist yet.

    Raises:
        UserError: The store does not answer.
    """
    import mlflow
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    mlflow.set_tracking_uri(tracking_uri())
    client = mlflow.MlflowClient()
    try:
        client.search_experiments(max_results=1)
    except (MlflowException, SQLAlchemyError, OSError) as error:
        first = str(error).splitlines()[0]
        raise UserError(
            f"MLFLOW_TRACKING_URI={tracking_uri()}: expected an MLflow store, and it does not answer ({first}). "
            "Start the server, or unset the variable to track into mlflow.db here."
        ) from error
    return client


def experiment_id(client: "MlflowClient", name: str) -> str:
    """Return the id of an experiment; a new one of a local store keeps its artifacts beside it.

    Raises:
        UserError: The experiment was deleted.
    """
    experiment = client.get_experiment_by_name(name)
    if experiment is None:
        return str(client.create_experiment(name, artifact_location=_artifacts_beside_store()))
    if experiment.lifecycle_stage != "active":
        raise UserError(
            f"--experiment {name}: expected an active experiment, found a deleted one. Restore it or name another."
        )
    return str(experiment.experiment_id)


def all_experiments(client: "MlflowClient") -> list[str]:
    """Return the ids of all experiments."""
    return [experiment.experiment_id for experiment in client.search_experiments()]


def runs_called(client: "MlflowClient", name: str) -> list["Run"]:
    """Return the runs of a name, the newest first, else the run of that id."""
    quoted = name.replace("'", "")
    experiments = all_experiments(client)
    runs = client.search_runs(experiments, f"attributes.run_name = '{quoted}'", order_by=["attributes.start_time DESC"])
    return list(runs or client.search_runs(experiments, f"attributes.run_id = '{quoted}'"))


def _artifacts_beside_store() -> str | None:
    uri = tracking_uri()
    if not uri.startswith("sqlite:///"):
        return None
    database = Path(absolute_tracking_uri().removeprefix("sqlite:///"))
    return (database.parent / "mlartifacts").as_uri()


def runs_page(server: str, experiment: str, *, view: str | None = None) -> str:
    """Return the address of an experiment's runs in the UI, in the saved view of a key.

    Without `workflowType` MLflow 3.17 opens the GenAI workspace, which is empty for training runs.
    """
    page = f"{server.rstrip('/')}/#/experiments/{experiment}/runs?workflowType=machine_learning"
    return f"{page}&viewStateShareKey={view}" if view else page
