"""Trials of precisions, remembered from one reading to the next."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from data.writing import write_text
from models.config import WEIGHTS
from models.graph_files import GRAPHS, fingerprint
from models.threads import usable_cores
from train.processor import processor

RUNTIMES = ("torch", "onnxruntime")


@dataclass(frozen=True)
class Trial:
    """How a model reads in a precision: sentences/s, and how far its probabilities are from those in fp32.

    `shift` is the mean total variation distance over actors and sentences, between 0 and 1.
    """

    sentences_per_s: float
    shift: float


@dataclass(frozen=True)
class TrialMemory:
    """Where the trials of a model on this machine are kept: a file of the user's, `key` naming the two."""

    file: Path
    key: str

    @classmethod
    def of(cls, folder: Path, precisions: Sequence[str]) -> "TrialMemory":
        """Return the memory for a model folder; other weights, graphs, cores or runtimes make it another one."""
        facts: list[Any] = [fingerprint(folder / WEIGHTS), *precisions, processor(), usable_cores()]
        facts += [fingerprint(folder / name) for name in GRAPHS.values() if (folder / name).exists()]
        facts += [_version(package) for package in RUNTIMES]
        return cls(_file(), hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32])

    def recall(self) -> dict[str, Trial]:
        """Return the trials by precision, none where they were not made yet."""
        try:
            return {name: Trial(**figures) for name, figures in self._all()[self.key].items()}
        except (KeyError, TypeError, AttributeError):  # none, or not of ours
            return {}

    def keep(self, trials: Mapping[str, Trial]) -> None:
        """Remember trials; where nothing can be written they are made again next time."""
        known = {**self._all(), self.key: {name: asdict(trial) for name, trial in trials.items()}}
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            write_text(self.file, json.dumps(known, indent=2) + "\n")
        except OSError:
            return

    def _all(self) -> dict[str, Any]:
        try:
            known = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def _file() -> Path:
    """Return the file in the cache folder that the system names."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return Path(base) / "stanowisko" / "precisions.json"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
