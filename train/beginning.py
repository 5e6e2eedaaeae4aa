"""How a tracked run begins, or goes on: in MLflow, and in the notes of its work folder."""

import os
from collections.abc import Mapping
from typing import Any

from data.folder import DataFolder
from data.problems import UserError
from train.provenance import provenance_tags
from train.store import absolute_tracking_uri, open_store
from train.tracking import MlflowTracker
from train.workspace import Workspace


def noted_facts(command: str, workspace: Workspace | None) -> dict[str, Any]:
    """Return what an unfinished run of `train COMMAND` noted, and have MLflow look where it is tracked.

    Nothing without a work folder, or if the run was killed before it began.

    Raises:
        UserError: The notes are another command's, or broken.
    """
    facts = workspace.read(command)[1] if workspace else {}
    if "tracking_uri" in facts:
        os.environ.setdefault("MLFLOW_TRACKING_URI", facts["tracking_uri"])
    return facts


def check_unchanged(data: DataFolder, facts: Mapping[str, Any]) -> None:
    """Refuse to go on with a run whose data is another now.

    Raises:
        UserError: It is.
    """
    if "sha256" in facts and facts["sha256"] != data.sha256:
        raise UserError(f"{data.path}: the data has changed since the run began. Restore it, or start a new run.")


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
    """Begin the run of `train COMMAND` that works in a folder, or go on with it if its notes know of one.

    A new run is tagged with code and package versions; `facts` are noted for one that is resumed.

    Raises:
        UserError: The store does not answer.
    """
    known = workspace.read(command)[1]
    if "run_id" in known:
        return MlflowTracker.resume(open_store(), known["run_id"])
    provenance = provenance_tags(command) | {"work_folder": str(workspace.path)}
    tracker = MlflowTracker.start(
        open_store(), experiment=experiment, name=name, parameters=settings, tags={**provenance, **tags}
    )
    workspace.note(command, settings, run_id=tracker.run_id, tracking_uri=absolute_tracking_uri(), **facts)
    return tracker
