"""What a sweep is told: how many trials, and which values of which settings are tried."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data.problems import UserError, read_text
from train.settings import FitSettings, flag, is_number

OF_ONE_RUN = ("output", "run_name")
NOT_SEARCHED = (*OF_ONE_RUN, "data", "experiment", "seed", "seeds", "controls", "checkpoint_steps")


@dataclass(frozen=True)
class Span:
    """Numbers from low to high; `log`: as many below the geometric mean as above; whole numbers if both are."""

    low: float
    high: float
    log: bool = False

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are tried."""
        return isinstance(self.low, int) and isinstance(self.high, int)


Space = Mapping[str, Span | tuple[Any, ...]]


def default_space(learning_rate: float) -> Space:
    """Return the settings that are worth a search, the learning rate within a factor of 4 of an encoder's own."""
    return {
        "learning_rate": Span(learning_rate / 4, learning_rate * 4, log=True),
        "head_learning_rate": Span(3e-4, 5e-3, log=True),
        "batch_size": (8, 16, 32),
        "epochs": Span(4, 16),
        "dropout": Span(0.0, 0.3),
        "weight_decay": Span(1e-3, 0.1, log=True),
    }


def read_space(path: Path) -> Space:
    """Read a space from TOML: `batch_size = [8, 16]`, `learning_rate = {low = 1e-5, high = 1e-4, log = true}`.

    Raises:
        UserError: The file is no TOML, a setting is unknown or not for a search, or its values are not settings.
    """
    try:
        table = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path}: expected TOML, found a mistake: {error}.") from error
    if not table:
        raise UserError(f"{path}: expected settings to search, found none. Write `epochs = [4, 8]`, for example.")
    space = space_of({name.replace("-", "_"): values for name, values in table.items()}, where=str(path))
    for name, values in space.items():
        if name in NOT_SEARCHED:
            raise UserError(f"{path}: {name} is no setting to search. Leave it out.")
        if isinstance(values, Span) and not is_number(name):
            raise UserError(f"{path}: {name}: expected a list of values, found a span of numbers.")
        for value in (values.low, values.high) if isinstance(values, Span) else values:
            FitSettings.from_flat({name: value})
    return space


def space_of(table: Mapping[str, Any], *, where: str) -> Space:
    """Return the space that a table describes, as TOML or a sweep's notes hold it.

    Raises:
        UserError: Values are neither a list nor a span.
    """
    return {name: _values(where, name, value) for name, value in table.items()}


def table_of(space: Space) -> dict[str, Any]:
    """Return a space as `space_of` reads it."""
    return {name: asdict(values) if isinstance(values, Span) else list(values) for name, values in space.items()}


def _values(where: str, name: str, value: object) -> Span | tuple[Any, ...]:
    if isinstance(value, list) and value:
        return tuple(value)
    wrong = UserError(
        f"{where}: {name}: expected a list of values or {{low = …, high = …, log = true or false}}, found {value!r}."
    )
    if not isinstance(value, dict) or not {"low", "high"} <= value.keys() <= {"low", "high", "log"}:
        raise wrong
    low, high, log = value["low"], value["high"], value.get("log", False)
    numbers = all(isinstance(bound, int | float) and not isinstance(bound, bool) for bound in (low, high))
    if not numbers or not isinstance(log, bool) or not low < high or (log and low <= 0):
        raise wrong
    return Span(low, high, log)


def best_toml(settings: Mapping[str, Any], found: str) -> str:
    """Return settings as TOML for `train fit --config`, under a line that says where they were found."""
    lines = [f"# {found}", f"# train fit --config THIS_FILE, with {flag('seeds')} 5 to see what is luck."]
    kept = {name: value for name, value in settings.items() if value is not None and name not in OF_ONE_RUN}
    lines += [f"{name} = {json.dumps(value)}" for name, value in kept.items()]
    return "\n".join(lines) + "\n"
