"""How a tracked run begins: in MLflow, and in the notes of its work folder."""

from collections.abc import Mapping
from typing import Any

from train.provenance import git_commit, package_versions
from train.store import absolute_tracking_uri, open_store
from train.tracking import MlflowTracker
from train.workspace import Workspace


def begin_run(
    command: str,
    settings: Mapping[str, Any],
    *,
    experiment: str,
    name: str,
    workspace: Workspace,
    tags: Mapping[str, str],
    facts: Mapping[str, Any],
) -> MlflowTracker:
    """Begin the run of `train COMMAND`, tagged with code and package versions; note what a resumed run must know.

    Raises:
        UserError: The store does not answer.
    """
    provenance = {
        "mlflow.source.name": f"train {command}",
        "mlflow.source.type": "LOCAL",
        "mlflow.source.git.commit": git_commit(),
        "work_folder": str(workspace.path),
        **{f"version_{package}": number for package, number in package_versions().items()},
    }
    tracker = MlflowTracker.start(
        open_store(), experiment=experiment, name=name, parameters=settings, tags={**provenance, **tags}
    )
    workspace.note(command, settings, run_id=tracker.run_id, tracking_uri=absolute_tracking_uri(), **facts)
    return tracker
