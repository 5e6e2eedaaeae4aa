"""A small encoder made of a large one: some of its layers, and the word embeddings of fewer pieces."""

import copy
import re
from collections.abc import Sequence
from typing import Any

from transformers import AutoModel, PreTrainedModel

from data.problems import UserError

LAYER = re.compile(r"encoder\.layer\.(\d+)\.")  # in BERT, RoBERTa and their kin
PIECE_IDS = ("pad_token_id", "bos_token_id", "eos_token_id")


def make_student(teacher: PreTrainedModel, *, layers: int, kept: Sequence[int]) -> PreTrainedModel:
    """Return an encoder with `layers` evenly spaced layers of the teacher, its last among them.

    `kept` are the teacher's ids of the pieces that the student knows, in the student's order.

    Raises:
        UserError: The teacher has fewer layers, or is not built as BERT is.
    """
    chosen = evenly_spaced(int(teacher.config.num_hidden_layers), layers)
    config = copy.deepcopy(teacher.config)
    config.num_hidden_layers, config.vocab_size = layers, len(kept)
    for name in PIECE_IDS:
        old = getattr(config, name, None)
        setattr(config, name, kept.index(old) if old in kept else None)
    embeddings = teacher.get_input_embeddings().weight
    names = {id(tensor): name for name, tensor in teacher.named_parameters()}
    weights: dict[str, Any] = {}
    for name, tensor in teacher.state_dict().items():
        layer = LAYER.match(name)
        if name == names[id(embeddings)]:
            weights[name] = tensor[list(kept)]
        elif layer and int(layer[1]) in chosen:
            weights[LAYER.sub(f"encoder.layer.{chosen.index(int(layer[1]))}.", name)] = tensor
        elif not layer:
            weights[name] = tensor
    config.dtype = "float32"
    student: PreTrainedModel = AutoModel.from_config(config)  # type: ignore[no-untyped-call]
    student.pooler = None  # type: ignore[assignment]
    missing, unexpected = student.load_state_dict(weights, strict=False)
    if any(LAYER.match(name) for name in missing) or unexpected or not chosen:
        raise UserError(
            f"--teacher: expected an encoder built as BERT or RoBERTa, found {teacher.config.model_type}. "
            "Choose another teacher."
        )
    return student


def evenly_spaced(teacher_layers: int, layers: int) -> list[int]:
    """Return which layers of the teacher a student has, counted from 0: of 12, six are 1, 3, 5, 7, 9, 11.

    Raises:
        UserError: The teacher has fewer layers.
    """
    if not 1 <= layers <= teacher_layers:
        raise UserError(f"--layers: expected 1 to {teacher_layers}, the teacher's layers, found {layers}.")
    return [round((layer + 1) * teacher_layers / layers) - 1 for layer in range(layers)]
