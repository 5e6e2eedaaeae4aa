"""Measure a model, or a recipe, on labelled sentences."""

import json
import logging
from pathlib import Path

from data.folder import file_sha256, read_data_folder
from data.labelled_files import read_sentences
from data.problems import UserError
from data.sentence import LabelledSentence
from data.writing import write_text
from evaluation.report import make_report
from models.predictor import Predictor
from train.cross_fit import cross_fitted
from train.measuring import Measured, measure
from train.model_source import model_folder
from train.pictures import pictures
from train.report_markdown import report_markdown
from train.report_page import report_page
from train.settings import FitSettings

log = logging.getLogger(__name__)


def evaluate(model: str | None, data: Path, *, fitted_on: Path | None = None, must_be_new: bool = False) -> Measured:
    """Measure a model on a file; `fitted_on` are the sentences that the controls are fitted on.

    Raises:
        UserError: The model or a file is not as it must be; or the sentences `must_be_new` and the model was
            fitted on them.
    """
    sentences, sha256 = labelled_sentences(data), file_sha256(data)
    train = labelled_sentences(fitted_on) if fitted_on else []
    predictor = Predictor.from_folder(model_folder(model))
    known = [split for split in ("train", "dev") if predictor.config.data_sha256.get(split) == sha256]
    if known and must_be_new:
        raise UserError(
            f"--suspects: expected sentences that the model has not seen, found those it was fitted on ({known[0]}). "
            "Fit models without them with --folds 5 --encoder NAME_OR_PATH."
        )
    if known:
        log.warning("%s: the model was fitted on these sentences (%s): figures will flatter it.", data, known[0])
    return measure(predictor, sentences, predictor.predict(sentences), data_sha256=sha256, train=train)


def cross_evaluate(data: Path, settings: FitSettings, *, folds: int) -> Measured:
    """Measure settings on a file or data folder, each sentence read by a model that was fitted without its article.

    Raises:
        UserError: The data is not as it must be, or too little for so many folds.
    """
    if data.is_dir():
        folder = read_data_folder(data)
        sentences, sha256 = [*folder.train, *folder.dev, *folder.test], " ".join(folder.sha256.values())
    else:
        sentences, sha256 = labelled_sentences(data), file_sha256(data)
    fitted = cross_fitted(sentences, settings, folds=folds)
    report = make_report(sentences, fitted.held_out.stance, fitted.held_out.sentiment, data_sha256=sha256)
    return Measured(sentences, fitted.held_out, report, fitted.learning)


def write_report(
    measured: Measured, *, title: str, json_file: Path | None, markdown: Path | None, html: Path | None
) -> None:
    """Write a report in the forms that are asked for, each file whole or not at all."""
    report = measured.report
    if json_file:
        write_text(json_file, json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    if markdown:
        write_text(markdown, report_markdown(report, title=title))
    if html:
        write_text(html, report_page(report, dict(pictures(measured)), title=title))


def labelled_sentences(path: Path) -> list[LabelledSentence]:
    """Return the sentences of a file that has stances.

    Raises:
        UserError: It has none, or is not as it must be.
    """
    sentences = read_sentences(path)
    if not any(actor.stance for sentence in sentences for actor in sentence.actors):
        raise UserError(
            f"{path}: expected stance labels to measure against, found none. Use `train predict` to read it."
        )
    return sentences
