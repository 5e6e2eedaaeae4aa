"""A model folder: config.json, model.safetensors, the tokenizer's files and a model card."""

import json
from dataclasses import asdict
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModel, PreTrainedTokenizerBase
from transformers.initialization import no_init_weights

from data.problems import UserError
from data.writing import whole_folder
from models.classifier import StanceClassifier
from models.config import CARD, CONFIG, WEIGHTS, ModelConfig, read_config, read_tokenizer


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
    with no_init_weights():  # no time and no memory for weights that are replaced at once
        encoder = AutoModel.from_config(encoder_config)  # type: ignore[no-untyped-call]
    encoder.pooler = None
    model = StanceClassifier(encoder, target=config.target, dropout=config.dropout)
    try:
        model.load_state_dict(load_file(path / WEIGHTS), assign=True)
    except (SafetensorError, RuntimeError) as error:
        first = str(error).splitlines()[0]
        raise UserError(
            f"{path / WEIGHTS}: expected the weights that {CONFIG} describes ({first}). Export it again."
        ) from error
    model.eval()
    return config, read_tokenizer(path), model
