"""A stance model as MLflow serves it.

This file is logged with every model, with the project's modules that it imports written into it
(`models.bundle`), so that it runs where this project is not installed.
"""

import json
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.pyfunc import PythonModel, PythonModelContext

from data.labels import SENTIMENTS, STANCES
from data.sentence import LabelledActor, LabelledSentence
from models.predictor import Predictor


class StanceModel(PythonModel):  # type: ignore[misc]
    """Rows of `text, actor, mentions` in, the same rows with stance and sentiment out.

    `mentions` are [start, end] pairs in the text, code points, end exclusive. Rows with the same
    text are read in one pass. A row without an actor gets the sentence's sentiment alone.
    """

    def load_context(self, context: PythonModelContext) -> None:
        """Load the model folder that was logged beside this file."""
        self._predictor = Predictor.from_folder(Path(context.artifacts["model"]))

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: dict[str, Any] | None = None
    ) -> pd.DataFrame:
        """Return a row for each row given, in its order."""
        rows_of_text: dict[str, list[int]] = {}
        for row, text in enumerate(model_input["text"]):
            rows_of_text.setdefault(text, []).append(row)
        actors = [
            _actor(name, mentions) for name, mentions in zip(model_input["actor"], model_input["mentions"], strict=True)
        ]
        sentences = []
        order: list[int] = []
        for text, rows in rows_of_text.items():
            named = [row for row in rows if actors[row] is not None]
            order += named
            sentences.append(
                LabelledSentence(text, text, text, tuple(actor for row in named if (actor := actors[row])))
            )
        predictions = self._predictor.predict(sentences)
        output: list[dict[str, Any]] = [{} for _ in actors]
        for position, rows in enumerate(rows_of_text.values()):
            sentiment = None if predictions.sentiment is None else predictions.sentiment[position]
            for row in rows:
                output[row] = {"stance": None, **dict.fromkeys(STANCES), **_sentiment(sentiment)}
        for row, stance in zip(order, predictions.stance, strict=True):
            output[row].update({label: float(value) for label, value in zip(STANCES, stance, strict=True)})
            output[row]["stance"] = STANCES[stance.argmax()]
        return pd.DataFrame(output, index=model_input.index)


def _sentiment(probabilities: Any) -> dict[str, Any]:
    if probabilities is None:
        return {"sentiment": None, **{f"sentiment_{label}": None for label in SENTIMENTS}}
    figures = {f"sentiment_{label}": float(value) for label, value in zip(SENTIMENTS, probabilities, strict=True)}
    return {"sentiment": SENTIMENTS[probabilities.argmax()], **figures}


def _actor(name: str | None, mentions: Any) -> LabelledActor | None:
    if name is None or mentions is None or pd.isna(name):
        return None
    pairs = json.loads(mentions) if isinstance(mentions, str) else mentions
    return LabelledActor(name, tuple((int(start), int(end)) for start, end in pairs))


mlflow.models.set_model(StanceModel())
