"""Measure a model on labelled sentences."""

import json
from pathlib import Path
from typing import Any

from data.folder import file_sha256
from data.labelled_files import read_sentences
from data.problems import UserError
from data.writing import whole_file
from evaluation.report import make_report
from models.predictor import Predictor
from train.model_source import model_folder


def evaluate(model: str | None, data: Path, *, output: Path | None) -> dict[str, Any]:
    """Return the report of a model on a file, and write it as JSON where an output is named.

    Raises:
        UserError: The model or the file is not as it must be.
    """
    sentences = read_sentences(data)
    if not any(actor.stance for sentence in sentences for actor in sentence.actors):
        raise UserError(
            f"{data}: expected stance labels to measure against, found none. Use `train predict` to read it."
        )
    predictor = Predictor.from_folder(model_folder(model))
    predictions = predictor.predict(sentences)
    report = make_report(
        sentences,
        predictions.stance,
        predictions.sentiment,
        data_sha256=file_sha256(data),
        temperatures=predictor.config.calibration,
    )
    if output:
        with whole_file(output) as partial:
            partial.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return report
