"""A predictor for a model folder: its graph with ONNX Runtime where it has one, else its weights with torch."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from data.problems import UserError
from data.sentence import LabelledSentence
from models.graph_files import graph_of
from models.predictions import Predictions


class SentenceReader(Protocol):
    """What reads sentences, by whichever runtime."""

    def predict(self, sentences: Sequence[LabelledSentence]) -> Predictions:
        """Return the probabilities of every actor and every sentence."""


def load_predictor(folder: Path, *, precision: str = "fp32") -> SentenceReader:
    """Load a model folder; torch is imported only where there is no graph, or nothing to run it with.

    In "fp32" graph and torch say the same to rounding, so that either may stand for the other. "bf16" is read with
    torch, "int8" with the graph of that name.

    Raises:
        UserError: The folder is not whole, its graph is of other weights, or no runtime is installed.
    """
    if precision == "int8" or (precision == "fp32" and graph_of(folder, precision)):
        try:
            from models.onnx_predictor import OnnxPredictor
        except ModuleNotFoundError as error:
            if precision == "int8":
                raise UserError(
                    f"--precision int8: expected ONNX Runtime, found no {error.name}. Install it: "
                    "pip install '.[onnx]'."
                ) from error
        else:
            return OnnxPredictor.from_folder(folder, precision)
    try:
        from models.predictor import Predictor
    except ModuleNotFoundError as error:
        raise UserError(
            f"{folder}: no {error.name} here to read with. Install torch (pip install '.[fit]'), or ONNX Runtime "
            "(pip install '.[onnx]') and take a folder that `train export --onnx` wrote."
        ) from error
    return Predictor.from_folder(folder, precision)
