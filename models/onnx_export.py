"""A classifier as graphs for ONNX Runtime: encoder, pooling and heads in one."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import onnx_ir as ir
import torch
from onnx_ir.passes.common import ClearMetadataAndDocStringPass
from torch import Tensor, nn

from models.batches import make_batch
from models.classifier import StanceClassifier
from models.onnx_int8 import quantise
from models.readings import Reading

OPSET = 23  # the newest with operators of its own in torch's exporter: Attention and Gelu come out whole
OUTPUTS = ["stance", "sentiment"]


def write_graph(model: StanceClassifier, path: Path, *, pad_id: int) -> None:
    """Write the graph of a classifier in fp32, on the CPU.

    Its inputs are the arrays of `models.batches.make_batch`, its outputs the logits "stance" (actors, 3)
    and "sentiment" (readings, 3); readings, tokens, actors and mention tokens may be of any number.
    Beyond 2 GB the weights stand in a file beside it, which is a limit of the format.
    """
    batch = {name: torch.from_numpy(array) for name, array in make_batch(_example(), pad_id=pad_id).items()}
    shapes = {name: dict.fromkeys(range(tensor.dim()), torch.export.Dim.DYNAMIC) for name, tensor in batch.items()}
    with _quiet():
        program = torch.onnx.export(
            _Flat(model).eval(),
            kwargs=batch,
            input_names=list(batch),
            output_names=OUTPUTS,
            opset_version=OPSET,
            dynamo=True,
            dynamic_shapes=shapes,
            verbose=False,
        )
        if program is None:
            raise RuntimeError("torch exported nothing")
        ClearMetadataAndDocStringPass()(program.model)  # where in whose folders each node came from
        program.save(path)


def write_int8(graph: Path, path: Path) -> None:
    """Write a graph with the encoder's weights in 8 bits (`models.onnx_int8`); the heads stay in fp32."""
    with _quiet():
        ir.save(quantise(ir.load(graph)), path)


class _Flat(nn.Module):
    """The classifier with its logits as a pair: a graph has tensors for outputs."""

    def __init__(self, model: StanceClassifier) -> None:
        super().__init__()
        self.model = model

    def forward(
        self,
        input_ids: Tensor,  # (readings, tokens)
        attention_mask: Tensor,  # (readings, tokens)
        token_type_ids: Tensor,  # (readings, tokens)
        actor_rows: Tensor,  # (actors,)
        mention_tokens: Tensor,  # (mention tokens,)
        mention_actors: Tensor,  # (mention tokens,)
    ) -> tuple[Tensor, Tensor]:
        logits = self.model(input_ids, attention_mask, token_type_ids, actor_rows, mention_tokens, mention_actors)
        return logits.stance, logits.sentiment


def _example() -> list[Reading]:
    """Return readings whose numbers of rows, tokens, actors and mention tokens all differ, and none is 1.

    A size of 1, or one that equals another, might pass into the graph as what always holds.
    """
    tokens = [[[1], [2, 4], [3]], [[1, 2]]]
    return [
        Reading(row, list(range(length)), [0] * length, list(range(len(actors))), actors, True)
        for row, (length, actors) in enumerate(zip((8, 5), tokens, strict=True))
    ]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the exporters say of their own insides off the screen."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
