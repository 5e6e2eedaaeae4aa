"""Where two runs answer differently, what is most telling first."""

from typing import Any

import numpy as np

from train.compared_runs import Answers

Differing = dict[str, Any]


def differing(baseline: Answers, run: Answers, kind: str) -> list[Differing]:
    """Return the items answered differently: first those that one has right, the surest pair of answers first."""
    found = []
    for place in np.flatnonzero(baseline.predicted != run.predicted):
        one, other = baseline.rows[place], run.rows[place]
        label, first, second = one[kind], _answer(one, kind), _answer(other, kind)
        right = {first["answer"]: "baseline", second["answer"]: "run"}.get(label, "neither") if label else None
        found.append(
            {
                **{name: one[name] for name in ("id", "article", "text")},
                **({"actor": one["actor"]} if kind == "stance" else {}),
                "label": label,
                "baseline": first,
                "run": second,
                "right": right,
            }
        )
    return sorted(found, key=_order)


def _answer(row: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return an answer with its probability, which a run keeps of stances alone."""
    if kind == "stance":
        return {"answer": row["predicted"], "probability": row[row["predicted"]]}
    return {"answer": row["predicted_sentiment"], "probability": None}


def _order(item: Differing) -> tuple[bool, float]:
    sure = sum(item[side]["probability"] or 0.0 for side in ("baseline", "run"))
    return item["right"] not in ("baseline", "run"), -sure
