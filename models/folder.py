"""A model folder: config.json, model.safetensors, the tokenizer's files and a model card."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModel, PreTrainedTokenizerBase

from data.labels import SENTIMENTS, STANCES
from data.problems import UserError
from data.writing import whole_folder
from models.classifier import StanceClassifier

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


def save_model_folder(
    path: Path, *, model: StanceClassifier, tokenizer: PreTrainedTokenizerBase, config: ModelConfig, card: str
) -> None:
    """Write a model folder, whole or not at all.

    Raises:
        UserError: The folder exists and is not empty.
    """
    with whole_folder(path) as partial:
        tokenizer.save_pretrained(partial)
        weights = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
        save_file(weights, partial / WEIGHTS, metadata={"format": "pt"})
        (partial / CONFIG).write_text(json.dumps(asdict(config), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        (partial / CARD).write_text(card, encoding="utf-8")


def load_model_folder(path: Path) -> tuple[ModelConfig, Tokenizer, StanceClassifier]:
    """Read a model folder; the model is in fp32 and in evaluation mode.

    Raises:
        UserError: A file is missing or broken, or the folder is of another format.
    """
    config = read_config(path)
    encoder_config = AutoConfig.for_model(**config.encoder_config)
    encoder = AutoModel.from_config(encoder_config)  # type: ignore[no-untyped-call]
    encoder.pooler = None
    model = StanceClassifier(encoder, target=config.target, dropout=config.dropout)
    try:
        model.load_state_dict(load_file(path / WEIGHTS))
    except (SafetensorError, RuntimeError) as error:
        first = str(error).splitlines()[0]
        raise UserError(
            f"{path / WEIGHTS}: expected the weights that {CONFIG} describes ({first}). Export it again."
        ) from error
    model.eval()
    tokenizer = Tokenizer.from_file(str(path / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return config, tokenizer, model


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
