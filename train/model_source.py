"""From what a user calls a model to its folder: a path, an MLflow run, or an address in the registry."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.problems import UserError
from train.store import CHAMPION, REGISTERED, all_experiments, open_store, runs_called, store_exists, tracking_uri

if TYPE_CHECKING:
    from mlflow import MlflowClient

FOLDER_IN_MODEL = "artifacts/"
WAYS = "Name a model folder, an MLflow run (id or name) or models:/NAME@ALIAS."


def model_folder(model: str | None) -> Path:
    """Return the local folder of a model; None is the champion, else the newest finished run's.

    Raises:
        UserError: There is no such model, or the store does not answer.
    """
    if model and Path(model).is_dir():
        return Path(model)
    if model and (model.startswith((".", "/", "~")) or not store_exists()):
        raise UserError(f"--model {model}: expected a model folder, found none there. {WAYS}")
    if not store_exists():
        raise UserError(
            f"no model yet: {tracking_uri()} does not exist here. Run `train fit` first, or name one with --model."
        )
    client = open_store()
    if model is None:
        return _download(_default_address(client))
    if model.startswith("models:/m-"):
        return _download(_logged(client, model.removeprefix("models:/")))
    if model.startswith("models:/"):
        return _download(model)
    return _download(_address_of_run(client, model))


def _default_address(client: "MlflowClient") -> str:
    from mlflow.exceptions import MlflowException

    try:
        client.get_model_version_by_alias(REGISTERED, CHAMPION)
        return f"models:/{REGISTERED}@{CHAMPION}"
    except MlflowException:
        pass
    runs = client.search_runs(
        all_experiments(client), "attributes.status = 'FINISHED'", order_by=["attributes.start_time DESC"]
    )
    for run in runs:
        models = _models_of_run(client, run)
        if models:
            return models[0]
    raise UserError("no model yet: the store has no champion and no finished run with a model. Run `train fit` first.")


def _address_of_run(client: "MlflowClient", name: str) -> str:
    runs = runs_called(client, name)
    if not runs:
        raise UserError(f"--model {name}: found no folder and no MLflow run of that id or name. {WAYS}")
    run = runs[0]
    models = _models_of_run(client, run)
    if not models:
        raise UserError(f"--model {name}: the run ({run.info.status}) has no model. Choose a finished run.")
    return models[0]


def _models_of_run(client: "MlflowClient", run: Any) -> list[str]:
    models = client.search_logged_models([run.info.experiment_id], f"source_run_id = '{run.info.run_id}'")
    return [str(model.artifact_location) for model in models]


def _logged(client: "MlflowClient", model_id: str) -> str:
    from mlflow.exceptions import MlflowException

    try:
        return str(client.get_logged_model(model_id).artifact_location)
    except MlflowException as error:
        raise UserError(f"--model models:/{model_id}: found no such model. {WAYS}") from error


def _download(address: str) -> Path:
    import mlflow
    from mlflow.exceptions import MlflowException

    try:
        path = Path(mlflow.artifacts.download_artifacts(f"{address}/{FOLDER_IN_MODEL}", dst_path=_scratch(address)))
    except (MlflowException, OSError) as error:
        raise UserError(f"--model {address}: cannot be fetched ({str(error).splitlines()[0]}). {WAYS}") from error
    folders = [entry for entry in path.iterdir() if (entry / "config.json").exists()]
    if not folders:
        raise UserError(f"--model {address}: expected a stance model, found no model folder in it. {WAYS}")
    return folders[0]


def _scratch(address: str) -> str | None:
    """Return a folder to fetch into; a local store is read in place."""
    return None if tracking_uri().startswith("sqlite") else tempfile.mkdtemp(prefix="stanowisko-")
