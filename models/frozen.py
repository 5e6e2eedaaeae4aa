"""The lower layers of an encoder left as they are: what they make of a reading is computed once and kept."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import PreTrainedModel

from data.problems import UserError
from models.batches import by_token_budget, make_batch
from models.classifier import StanceClassifier
from models.predictions import TOKEN_BUDGET
from models.readings import Reading

CHECKED_ON = 8  # readings
TOLERANCE = 1e-3


class _Given(nn.Module):
    """Stands where embeddings stood, for an encoder that is given states instead of tokens."""

    def forward(self, *_: object, inputs_embeds: Tensor, **__: object) -> Tensor:
        return inputs_embeds


@dataclass(frozen=True)
class Parted:
    """An encoder in two, both with its own weights: the modules of the lower part, and each part as an encoder."""

    frozen: list[nn.Module]
    lower: PreTrainedModel
    upper: PreTrainedModel


def parted(encoder: PreTrainedModel, layers: int) -> Parted:
    """Return an encoder's embeddings and first layers, and what is above them.

    Raises:
        UserError: The encoder has not so many layers and one more, or is not built of embeddings and layers.
    """
    embeddings, stack = (getattr(encoder, name, None) for name in ("embeddings", "encoder"))
    every = getattr(stack, "layer", None)
    if not (isinstance(embeddings, nn.Module) and isinstance(stack, nn.Module) and isinstance(every, nn.ModuleList)):
        raise UserError(
            f"--freeze-layers: expected an encoder built as BERT is, embeddings and layers, found "
            f"{encoder.config.model_type!r}. Use --freeze-embeddings."
        )
    if layers >= len(every):
        raise UserError(
            f"--freeze-layers: expected at most {len(every) - 1} of the encoder's {len(every)} layers, found {layers}."
        )
    lower = _view(encoder, encoder=_view(stack, layer=nn.ModuleList(every[:layers])))
    upper = _view(encoder, embeddings=_Given(), encoder=_view(stack, layer=nn.ModuleList(every[layers:])))
    return Parted([embeddings, *every[:layers]], lower, upper)


def freeze_layers(model: StanceClassifier, layers: int) -> None:
    """Leave a classifier's embeddings and first layers as they are, their dropout off, from now on.

    Raises:
        UserError: Its encoder cannot be parted there.
    """
    parts = parted(model.encoder, layers)
    model.set_frozen(parts.frozen, lower=parts.lower, upper=parts.upper)


def keep_lower_states(
    model: StanceClassifier,
    readings: Sequence[Reading],
    file: Path,
    *,
    pad_id: int,
    bf16: bool,
    on_batch: Callable[[int], None] = lambda readings: None,
) -> list[Reading]:
    """Return the readings with the states that the frozen layers make of them; these stand in a new file, in fp32.

    Raises:
        UserError: The upper layers do not go on from these states as the whole encoder does.
    """
    if not readings:
        return []
    _check(model, readings[:CHECKED_ON], pad_id)
    ends = np.cumsum([len(reading.input_ids) for reading in readings])
    hidden = int(model.encoder.config.hidden_size)
    states = np.memmap(file, dtype=np.float32, mode="w+", shape=(int(ends[-1]), hidden))
    parts = np.split(states, ends[:-1])
    model.eval()
    for group in by_token_budget([len(part) for part in parts], TOKEN_BUDGET):
        for index, made in zip(group, _lower(model, [readings[index] for index in group], pad_id, bf16), strict=True):
            parts[index][:] = made[: len(parts[index])]
        on_batch(len(group))
    return [replace(reading, lower=part) for reading, part in zip(readings, parts, strict=True)]


def _lower(model: StanceClassifier, readings: Sequence[Reading], pad_id: int, bf16: bool) -> NDArray[np.float32]:
    batch = _tensors(model, readings, pad_id)
    with torch.inference_mode(), torch.autocast(batch["input_ids"].device.type, torch.bfloat16, enabled=bf16):
        states = model.encode_lower(batch["input_ids"], batch["attention_mask"], batch["token_type_ids"])
    made: NDArray[np.float32] = states.float().cpu().numpy()
    return made


def _check(model: StanceClassifier, readings: Sequence[Reading], pad_id: int) -> None:
    """Compare the two parts, one after the other, with the whole."""
    model.eval()
    batch = _tensors(model, readings, pad_id)
    real = batch["attention_mask"].bool()
    ids, mask, types = (batch[name] for name in ("input_ids", "attention_mask", "token_type_ids"))
    try:
        with torch.inference_mode():
            whole = model.encode(ids, mask, types)
            parts = model.encode(ids, mask, types, model.encode_lower(ids, mask, types))
        same = torch.allclose(whole[real], parts[real], atol=TOLERANCE)
    except RuntimeError:  # shapes that do not fit
        same = False
    if not same:
        raise UserError(
            f"--freeze-layers: expected an encoder whose layers work one after the other, found one "
            f"({model.encoder.config.model_type!r}) where they do not. Use --freeze-embeddings."
        )


def _tensors(model: StanceClassifier, readings: Sequence[Reading], pad_id: int) -> dict[str, Tensor]:
    device = next(model.parameters()).device
    return {name: torch.from_numpy(array).to(device) for name, array in make_batch(readings, pad_id=pad_id).items()}


def _view(module: nn.Module, **children: nn.Module) -> PreTrainedModel:
    """Return a module with the same weights, some of its children others."""
    view = copy.copy(module)
    view._modules = {**module._modules, **children}
    return view  # type: ignore[return-value]
