"""What a distillation is told."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.problems import UserError
from train.settings import PRECISIONS, at_least, between, flag, one_of


@dataclass(frozen=True)
class DistillSettings:
    """Teacher, text and student. `tokens` 0 reads the text once."""

    teacher: str
    text: tuple[Path, ...]
    output: Path
    labelled: tuple[Path, ...] = ()
    layers: int = 6
    vocab: int = 16000
    tokens: int = 0
    tokens_per_step: int = 1500
    learning_rate: float = 3e-4
    labelled_share: float = 0.3
    max_tokens: int = 256
    precision: str = "auto"
    seed: int = 1
    checkpoint_steps: int = 200
    run_name: str | None = None
    experiment: str = "distill"

    def __post_init__(self) -> None:
        if not self.text:
            raise UserError("--text: expected at least one file of unlabelled text, found none.")
        for name, least in (("layers", 1), ("vocab", 100), ("tokens", 0), ("seed", 0), ("checkpoint_steps", 1)):
            at_least(name, getattr(self, name), least)
        at_least("max_tokens", self.max_tokens, 16)
        at_least("tokens_per_step", self.tokens_per_step, self.max_tokens)
        between("labelled_share", self.labelled_share, 0.0, 1.0)
        one_of("precision", self.precision, PRECISIONS)
        if not 0 < self.learning_rate < 1:
            raise UserError(f"{flag('learning_rate')}: expected a number above 0, found {self.learning_rate}.")

    @classmethod
    def from_flat(cls, values: dict[str, Any]) -> "DistillSettings":
        """Make settings of what `flat` returned."""
        paths = {name: tuple(Path(path) for path in values[name]) for name in ("text", "labelled")}
        return cls(**{**values, **paths, "output": Path(values["output"])})

    def flat(self) -> dict[str, Any]:
        """Return all settings, paths as text."""
        values = dataclasses.asdict(self)
        paths = {name: [str(path) for path in values[name]] for name in ("text", "labelled")}
        return {**values, **paths, "output": str(self.output)}
