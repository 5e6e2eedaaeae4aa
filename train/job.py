"""What every part of a fit needs to know."""

from dataclasses import dataclass
from pathlib import Path

from data.folder import DataFolder
from models.encoder import LoadedEncoder
from train.settings import FitSettings
from train.tracker import Tracker
from train.workspace import Workspace


@dataclass(frozen=True)
class FitJob:
    """A fit with everything resolved: settings without a None, data read, encoder loaded."""

    settings: FitSettings
    data: DataFolder
    encoder: LoadedEncoder
    workspace: Workspace
    tracker: Tracker
    first: bool  # false in the processes of a parallel run that write nothing

    @property
    def output(self) -> Path:
        """The model folder to write."""
        return Path(str(self.settings.run.output))
