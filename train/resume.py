"""Find the unfinished run that a user means."""

from pathlib import Path

from data.problems import UserError
from train.store import open_store, runs_called
from train.workspace import STATE, Workspace


def find_workspace(run: str) -> Workspace:
    """Return the work folder of an unfinished run, named by its folder, its MLflow id or its name.

    Raises:
        UserError: There is no such run, or it left nothing to go on from.
    """
    for path in (Path(run), Path(run + ".partial")):
        if (path / STATE).exists():
            return Workspace(path.absolute())
    runs = runs_called(open_store(), run)
    if not runs:
        raise UserError(f"--resume {run}: expected a run's id, name or work folder, found no such run.")
    for found in runs:
        folder = Path(found.data.tags.get("work_folder", ""))
        if (folder / STATE).exists():
            return Workspace(folder)
    raise UserError(f"--resume {run}: the run ({runs[0].info.status}) left nothing to go on from. Start a new one.")
