"""The graphs of a model folder: written, checked on labelled sentences, int8 only where it is as good."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from data.folder import BUNDLED, file_sha256
from data.labelled_files import read_sentences
from data.labels import STANCES
from data.problems import UserError
from data.sentence import LabelledSentence
from evaluation.metrics import classification_metrics
from evaluation.report import stance_labels
from models.config import WEIGHTS
from models.folder import load_model_folder
from models.graph_files import GRAPHS, write_note
from models.predictions import Predictions
from models.predictor import Predictor

PARITY = 1e-4  # of a probability
COMPARED = 64  # sentences that graph and torch are compared on
MAY_COST = 0.5  # points of macro-F1 that int8 may cost


def write_graphs(folder: Path, check: Path | None) -> str:
    """Write model.onnx and, if it is as good, model.int8.onnx into a model folder; return what is to be said.

    Raises:
        UserError: A package is missing, the sentences have no stances, or the graph says other than torch.
    """
    check = check or BUNDLED / "test.jsonl"
    sentences = _labelled(check)
    export = _exporter()
    config, tokenizer, model = load_model_folder(folder)
    graph, small = (folder / name for name in GRAPHS.values())
    export.write_graph(model, graph, pad_id=config.pad_id)
    export.write_int8(graph, small)
    write_note(folder, {})
    whole = _predictions(folder, "fp32", sentences)
    _check_parity(Predictor(config, tokenizer, model), whole, sentences)
    figures = {
        "fp32": _macro_f1(whole, sentences),
        "int8": _macro_f1(_predictions(folder, "int8", sentences), sentences),
    }
    kept = 100 * (figures["fp32"] - figures["int8"]) <= MAY_COST
    if not kept:
        small.unlink()
    measured = {"sentences_sha256": file_sha256(check), "stance_macro_f1": figures}
    write_note(folder, {"weights_sha256": file_sha256(folder / WEIGHTS), "check": measured})
    return _said(figures, kept=kept)


def _labelled(check: Path) -> list[LabelledSentence]:
    sentences = read_sentences(check)
    if not (stance_labels(sentences) >= 0).any():
        raise UserError(f"--check {check}: expected stance labels to check the graphs on, found none. Label some.")
    return sentences


def _exporter() -> Any:
    try:
        from models import onnx_export
    except ModuleNotFoundError as error:
        raise UserError(
            f"--onnx: expected onnx, onnxscript and onnxruntime, found no {error.name}. Install them: "
            "pip install '.[fit,onnx]'."
        ) from error
    return onnx_export


def _predictions(folder: Path, precision: str, sentences: Sequence[LabelledSentence]) -> Predictions:
    from models.onnx_predictor import OnnxPredictor

    return OnnxPredictor.from_folder(folder, precision).predict(sentences)


def _check_parity(predictor: Predictor, found: Predictions, sentences: Sequence[LabelledSentence]) -> None:
    """Refuse a graph that says other than torch does: some encoder's own way that the exporter got wrong."""
    first = sentences[:COMPARED]
    expected = predictor.predict(first)
    pairs = [(found.stance[: len(expected.stance)], expected.stance)]
    if found.sentiment is not None and expected.sentiment is not None:
        pairs.append((found.sentiment[: len(first)], expected.sentiment))
    apart = max(float(np.abs(one - other).max(initial=0.0)) for one, other in pairs)
    if not apart <= PARITY:
        raise UserError(
            f"--onnx: expected probabilities within {PARITY} of torch's, found {apart:.2g} between them. This encoder "
            "cannot be exported: leave --onnx out."
        )


def _macro_f1(predictions: Predictions, sentences: Sequence[LabelledSentence]) -> float:
    answers = predictions.stance.argmax(axis=1)
    return classification_metrics(stance_labels(sentences), answers, labels=STANCES)["macro_f1"]


def _said(figures: dict[str, float], *, kept: bool) -> str:
    whole, small = (f"{100 * figures[precision]:.1f}" for precision in ("fp32", "int8"))
    if kept:
        return f"graphs: {', '.join(GRAPHS.values())} (stance macro-F1 {whole} in fp32, {small} in int8)"
    return (
        f"graphs: {GRAPHS['fp32']} alone; int8 is left out, as it costs more than {MAY_COST} points of stance macro-F1 "
        f"({whole} in fp32, {small} in int8)"
    )
