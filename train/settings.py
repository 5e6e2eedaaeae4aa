"""What a fit is told: one dataclass a concern, from defaults, the encoder's folder, TOML and flags, the last wins."""

import dataclasses
import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.folder import BUNDLED
from data.problems import UserError, read_text
from models.encoder_folder import fit_settings_of

TARGETS = ("span", "pair", "none")
PRECISIONS = ("auto", "fp32", "bf16")
CLASS_WEIGHTS = ("none", "balanced")


@dataclass(frozen=True)
class EncoderSettings:
    """Which encoder, and how much of it is trained. `freeze_embeddings` None: if it is a small one."""

    encoder: str = "allegro/herbert-base-cased"
    encoder_revision: str = "main"
    max_tokens: int = 256
    freeze_embeddings: bool | None = None
    freeze_layers: int = 0

    def __post_init__(self) -> None:
        at_least("max_tokens", self.max_tokens, 16)
        at_least("freeze_layers", self.freeze_layers, 0)


@dataclass(frozen=True)
class HeadSettings:
    """What the heads see, and what they are told of rare classes."""

    target: str = "span"
    dropout: float = 0.1
    class_weights: str = "none"

    def __post_init__(self) -> None:
        one_of("target", self.target, TARGETS)
        one_of("class_weights", self.class_weights, CLASS_WEIGHTS)
        between("dropout", self.dropout, 0.0, 0.9)


@dataclass(frozen=True)
class TrainingSettings:
    """How the weights are moved, and from how many seeds on. Rates that are None hang on the encoder's size."""

    epochs: int = 8
    batch_size: int = 32
    learning_rate: float | None = None
    layer_decay: float | None = None
    head_learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup: float = 0.1
    gradient_clipping: float = 1.0
    patience: int = 3
    precision: str = "auto"
    seed: int = 1
    seeds: int = 1

    def __post_init__(self) -> None:
        at_least("epochs", self.epochs, 1)
        at_least("batch_size", self.batch_size, 2)
        at_least("patience", self.patience, 1)
        at_least("seed", self.seed, 0)
        at_least("seeds", self.seeds, 1)
        one_of("precision", self.precision, PRECISIONS)
        between("warmup", self.warmup, 0.0, 1.0)
        between("weight_decay", self.weight_decay, 0.0, 1.0)
        for name in ("learning_rate", "layer_decay", "head_learning_rate", "gradient_clipping"):
            value = getattr(self, name)
            if value is not None and not 0 < value < 1e6:
                raise UserError(f"{flag(name)}: expected a number above 0, found {value}.")
        between("layer_decay", self.layer_decay or 1.0, 0.0, 1.0)


@dataclass(frozen=True)
class RunSettings:
    """What is read, where the model goes, and under which name the run is tracked."""

    data: Path = BUNDLED
    output: Path | None = None
    run_name: str | None = None
    experiment: str = "stanowisko"
    checkpoint_steps: int = 500
    controls: bool = False

    def __post_init__(self) -> None:
        at_least("checkpoint_steps", self.checkpoint_steps, 1)


@dataclass(frozen=True)
class FitSettings:
    """Everything that `train fit` is told."""

    encoder: EncoderSettings = field(default_factory=EncoderSettings)
    heads: HeadSettings = field(default_factory=HeadSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    run: RunSettings = field(default_factory=RunSettings)

    @classmethod
    def from_flat(cls, values: Mapping[str, Any]) -> "FitSettings":
        """Make settings of flat names (`learning_rate`), each found in its concern.

        Raises:
            UserError: A name is unknown, or a value is of the wrong kind or out of range.
        """
        known = _fields()
        for name, value in values.items():
            if name not in known:
                close = difflib.get_close_matches(name, known, 1)
                hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(sorted(known))}."
                raise UserError(f"unknown setting {name!r}; {hint}")
            _check_kind(name, value, str(known[name][1].type))
        concerns: dict[str, dict[str, Any]] = {concern.name: {} for concern in dataclasses.fields(cls)}
        for name, value in values.items():
            concern, made_of = known[name]
            concerns[concern][name] = Path(value) if "Path" in str(made_of.type) and value is not None else value
        return cls(
            encoder=EncoderSettings(**concerns["encoder"]),
            heads=HeadSettings(**concerns["heads"]),
            training=TrainingSettings(**concerns["training"]),
            run=RunSettings(**concerns["run"]),
        )

    def flat(self) -> dict[str, Any]:
        """Return all settings under their flat names, paths as text."""
        values = {}
        for concern in dataclasses.fields(self):
            for name, value in dataclasses.asdict(getattr(self, concern.name)).items():
                values[name] = str(value) if isinstance(value, Path) else value
        return values


def read_settings(config: Path | None, given: Mapping[str, Any]) -> FitSettings:
    """Make settings of what the encoder's folder advises (`fit.toml`), a TOML file and what is given; the last wins.

    Raises:
        UserError: A file is unreadable, a name is unknown, or a value is of the wrong kind or out of range.
    """
    values = {**(read_config(config) if config else {}), **given}
    advice = fit_settings_of(FitSettings.from_flat(values).encoder.encoder)
    return FitSettings.from_flat({**(read_config(advice) if advice else {}), **values})


def refuse_more_fits(settings: FitSettings) -> None:
    """Refuse settings that ask for more than one fit, where each fit is made once.

    Raises:
        UserError: They do.
    """
    for name, value, one in (("seeds", settings.training.seeds, 1), ("controls", settings.run.controls, False)):
        if value != one:
            raise UserError(
                f"--config: expected settings of a single fit, found {name} = {str(value).lower()}. Leave it out here, "
                "and give it to `train fit`."
            )


def read_config(path: Path) -> dict[str, Any]:
    """Return the flat settings of a TOML file; names may be written with hyphens, as flags are.

    Raises:
        UserError: The file is unreadable or no flat TOML, or a setting is unknown or wrong.
    """
    try:
        table = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path}: expected TOML, found a mistake: {error}.") from error
    nested = [name for name, value in table.items() if isinstance(value, dict)]
    if nested:
        raise UserError(
            f"{path}: expected settings as NAME = VALUE, found the table [{nested[0]}]. Take its heading out."
        )
    values = {name.replace("-", "_"): value for name, value in table.items()}
    try:
        FitSettings.from_flat(values)
    except UserError as error:
        raise UserError(f"{path}: {error}") from error
    return values


def flag(name: str) -> str:
    """Return the flag of a setting: batch_size → --batch-size."""
    return "--" + name.replace("_", "-")


def is_number(name: str) -> bool:
    """Say whether a setting is a number, whole or not."""
    return int in _kinds(str(_fields()[name][1].type))


def _fields() -> dict[str, tuple[str, dataclasses.Field[Any]]]:
    concerns = {"encoder": EncoderSettings, "heads": HeadSettings, "training": TrainingSettings, "run": RunSettings}
    return {
        made_of.name: (name, made_of) for name, concern in concerns.items() for made_of in dataclasses.fields(concern)
    }


def _check_kind(name: str, value: object, kind: str) -> None:
    if value is None and "None" in kind:
        return
    kinds = _kinds(kind)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise UserError(f"{flag(name)}: expected {' or '.join(each.__name__ for each in kinds)}, found {value!r}.")


def _kinds(kind: str) -> tuple[type, ...]:
    if "bool" in kind:
        return (bool,)
    if "float" in kind:
        return (int, float)
    return (int,) if "int" in kind else (str, Path)


def at_least(name: str, value: int, least: int) -> None:
    """Refuse a setting below `least`.

    Raises:
        UserError: It is.
    """
    if value < least:
        raise UserError(f"{flag(name)}: expected at least {least}, found {value}.")


def between(name: str, value: float, low: float, high: float) -> None:
    """Refuse a setting outside [low, high].

    Raises:
        UserError: It is.
    """
    if not low <= value <= high:
        raise UserError(f"{flag(name)}: expected a number from {low} to {high}, found {value}.")


def one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuse a setting that is none of the choices.

    Raises:
        UserError: It is.
    """
    if value not in choices:
        raise UserError(f"{flag(name)}: expected one of {', '.join(choices)}, found {value!r}.")
