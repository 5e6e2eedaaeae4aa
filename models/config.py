"""What a model folder holds, and what its config.json says of the model: read without torch."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from data.labels import SENTIMENTS, STANCES
from data.problems import UserError

FORMAT = 1
CONFIG, WEIGHTS, TOKENIZER, CARD = "config.json", "model.safetensors", "tokenizer.json", "README.md"


@dataclass(frozen=True)
class ModelConfig:
    """What a model folder says of its model; `encoder_config` is transformers' own.

    `reads_sentiment` is false for a model that was never shown a sentiment: it says none. `calibration`
    has the temperatures that the logits of "stance" and "sentiment" are divided by; 1 where it has none.
    `data_sha256` are those of the files it was fitted, chosen and measured on: train, dev, test.
    """

    encoder: str
    encoder_revision: str
    encoder_config: dict[str, Any]
    target: str
    max_tokens: int
    dropout: float
    pad_id: int
    reads_sentiment: bool
    pooling: str = "mean"
    stances: tuple[str, ...] = STANCES
    sentiments: tuple[str, ...] = SENTIMENTS
    calibration: dict[str, float] = field(default_factory=dict)
    data_sha256: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


def read_config(path: Path) -> ModelConfig:
    """Read and check config.json of a model folder.

    Raises:
        UserError: The folder or one of its files is missing, or the configuration is not ours.
    """
    if not path.is_dir():
        raise UserError(f"{path}: expected a model folder, found none. Check --model.")
    missing = [name for name in (CONFIG, WEIGHTS, TOKENIZER) if not (path / name).exists()]
    if missing:
        raise UserError(
            f"{path}: expected a model folder, found no {', '.join(missing)} in it. Export the model again."
        )
    try:
        fields = json.loads((path / CONFIG).read_text(encoding="utf-8"))
        labels = {name: tuple(fields.pop(name)) for name in ("stances", "sentiments")}
        config = ModelConfig(**{**fields, **labels})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserError(
            f"{path / CONFIG}: expected the configuration of a stance model ({error}). Export it again."
        ) from error
    if config.format != FORMAT or config.stances != STANCES or config.sentiments != SENTIMENTS:
        raise UserError(
            f"{path / CONFIG}: expected format {FORMAT}, found {config.format}. Use the version that wrote it."
        )
    return config


def read_tokenizer(path: Path) -> Tokenizer:
    """Read the tokenizer of a model folder, which neither cuts nor pads."""
    tokenizer = Tokenizer.from_file(str(path / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
