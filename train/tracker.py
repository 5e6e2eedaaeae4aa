"""What a fit tells whoever keeps its record, and a keeper that forgets."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
from matplotlib.figure import Figure


class Tracker(Protocol):
    """Keeps the record of a run. No call may stop the training, whatever becomes of the record."""

    run_id: str

    def metrics(self, values: Mapping[str, float], step: int) -> None:
        """Note figures of a step."""

    def tags(self, values: Mapping[str, str]) -> None:
        """Note facts of the run."""

    def figure(self, figure: Figure, name: str) -> None:
        """Keep a picture."""

    def table(self, table: pd.DataFrame, name: str) -> None:
        """Keep a table."""

    def document(self, content: Mapping[str, Any], name: str) -> None:
        """Keep a JSON document."""

    def text(self, content: str, name: str) -> None:
        """Keep a text."""

    def model(self, folder: Path, *, dev_macro_f1: float, dev_sha256: str) -> bool | None:
        """Keep a model folder; say whether it is the champion now, None if it could not be kept."""

    def end(self, status: str) -> None:
        """Note how the run ended: FINISHED, FAILED or KILLED."""


class NullTracker:
    """Forgets everything: for the processes of a parallel run that are not the first."""

    run_id = "untracked"

    def metrics(self, values: Mapping[str, float], step: int) -> None:
        """Forget figures."""

    def tags(self, values: Mapping[str, str]) -> None:
        """Forget facts."""

    def figure(self, figure: Figure, name: str) -> None:
        """Forget a picture."""

    def table(self, table: pd.DataFrame, name: str) -> None:
        """Forget a table."""

    def document(self, content: Mapping[str, Any], name: str) -> None:
        """Forget a document."""

    def text(self, content: str, name: str) -> None:
        """Forget a text."""

    def model(self, folder: Path, *, dev_macro_f1: float, dev_sha256: str) -> bool | None:
        """Forget a model."""
        return None

    def end(self, status: str) -> None:
        """Forget how it ended."""
