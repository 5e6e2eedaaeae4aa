"""How much does the name alone move the model? The same sentences, read with one name after another."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from data.labels import STANCES
from data.probabilities import Probabilities
from evaluation.intervals import mean_with_interval

LEAST_CONTEXTS = 10  # a name read in fewer sentences gets no figure


def name_shifts(
    kinds: Sequence[str],  # of each reading: person, country, party, organisation
    names: Sequence[str],  # that stood in the sentence
    contexts: Sequence[str],  # the sentence and the place in it, whichever name stood there
    articles: Sequence[str],
    probabilities: Probabilities,  # (readings, 3)
) -> list[dict[str, Any]]:
    """Return, for each name, how far its probabilities lie from the mean over all names in the same sentences.

    A row is {"type", "actor", "sentences", "against": {"value", "low", "high"}, "neutral": …, "favor": …}, the
    shifts in probability, intervals from a bootstrap over articles; rows are sorted by type and by the
    shift of P(favor) - P(against). Every name must have been tried in sentences that others were tried in.
    """
    table = pd.DataFrame({"kind": kinds, "name": names, "context": contexts, "article": articles})
    values = pd.DataFrame(probabilities.astype(np.float64), columns=list(STANCES))
    shifts = values - values.groupby(table["context"]).transform("mean")
    together = table.groupby("context")["name"].transform("nunique") > 1
    rows = []
    for kind, name in sorted(set(zip(kinds, names, strict=True))):
        of_name = together & (table["kind"] == kind) & (table["name"] == name)
        sentences = int(table.loc[of_name, "context"].nunique())
        if sentences >= LEAST_CONTEXTS:
            articles_of, own = table.loc[of_name, "article"].tolist(), shifts[of_name]
            figures = {label: mean_with_interval(own[label].to_numpy(), articles_of) for label in STANCES}
            rows.append({"type": kind, "actor": name, "sentences": sentences, **figures})
    return sorted(rows, key=lambda row: (row["type"], row["favor"]["value"] - row["against"]["value"], row["actor"]))


def answers_changed(contexts: Sequence[str], original: Sequence[bool], answers: Sequence[int]) -> float:
    """Return the share of substitutions after which the answer is another than with the name that stood there."""
    table = pd.DataFrame({"context": contexts, "original": original, "answer": answers})
    own = table[table["original"]].drop_duplicates("context").set_index("context")["answer"]
    others = table[~table["original"]]
    return float((others["answer"] != others["context"].map(own)).mean()) if len(others) else float("nan")
