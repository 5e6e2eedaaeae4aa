"""The labels most probably wrong, as records to go through by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data.labels import SENTIMENTS, STANCES
from data.sentence import LabelledSentence
from evaluation.report import sentiment_labels, stance_labels
from evaluation.suspects import find_suspects
from models.predictions import Predictions
from train.measuring import Measured
from train.output import write_records
from train.tables import plain_table

COLUMNS = ("rank", "kind", "id", "article", "text", "actor", "label", "suggested", "probability", "quality")


def write_suspects(measured: Measured, output: Path) -> str:
    """Write the suspects of a measured model or recipe; return what is to be said of them."""
    records, expected = suspect_records(measured.sentences, measured.predictions, measured.learning)
    write_records(
        records, form=output.suffix[1:], output=output, columns=dict.fromkeys(COLUMNS, object), table=plain_table
    )
    counts = ", ".join(f"{number} of {kind}" for kind, number in expected.items())
    return f"suspects: {output}, {len(records)} labels that are not what the models say; probably wrong are {counts}"


def suspect_records(
    sentences: Sequence[LabelledSentence], predictions: Predictions, learning: Predictions | None = None
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return a record for each label whose model says another, the most suspect first, and how many are expected wrong.

    `probability` is that of the suggested label, `quality` cleanlab's score of the given one, both by `learning`
    where there is such. The expected numbers are by kind, stance and sentiment.
    """
    ranking = learning or predictions
    actors: list[tuple[LabelledSentence, str | None]] = [
        (sentence, actor.actor) for sentence in sentences for actor in sentence.actors
    ]
    places = [("stance", STANCES, stance_labels(sentences), predictions.stance, ranking.stance, actors)]
    if predictions.sentiment is not None and ranking.sentiment is not None:
        alone: list[tuple[LabelledSentence, str | None]] = [(sentence, None) for sentence in sentences]
        labels_of_all = sentiment_labels(sentences)
        places.append(("sentiment", SENTIMENTS, labels_of_all, predictions.sentiment, ranking.sentiment, alone))
    records, expected = [], {}
    for kind, labels, given, held_out, probabilities, of in places:
        suspects = find_suspects(given, held_out, ranking=probabilities)
        expected[kind] = suspects.expected
        for position, quality in zip(suspects.order, suspects.quality, strict=True):
            said = int(probabilities[position].argmax())
            if said != given[position]:
                sentence, actor = of[position]
                records.append(
                    {
                        "kind": kind,
                        "id": sentence.id,
                        "article": sentence.article,
                        "text": sentence.text,
                        "actor": actor,
                        "label": labels[given[position]],
                        "suggested": labels[said],
                        "probability": round(float(probabilities[position, said]), 4),
                        "quality": round(float(quality), 4),
                    }
                )
    records.sort(key=lambda record: record["quality"])
    return [{"rank": rank, **record} for rank, record in enumerate(records, start=1)], expected
