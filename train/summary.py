"""How often an actor is met with which stance: by outlet and week where articles have them."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from data.labels import STANCES

ABSTAINED = "abstained"  # the model was not sure enough to say a stance
OUTLETS = ("outlet", "source", "portal", "redakcja", "gazeta")
DATES = ("date", "published", "data", "datetime", "published_at")


@dataclass
class _Tally:
    sentences: int = 0
    articles: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*STANCES, ABSTAINED), 0))
    sums: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STANCES, 0.0))


def summary_rows(records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a row for each actor, and outlet and week if the records have such columns, the most met first.

    `sentences` are those that name the actor, `mean_…` the mean probability of a stance over them, and
    `balance` the mean of P(favor) - P(against), from -1 to 1. A week is ISO 8601's ("2024-W07").
    """
    tallies: dict[tuple[tuple[str, Any], ...], _Tally] = {}
    for record in records:
        if record["actor"] is None:
            continue
        key = (("actor", record["actor"]), *_groups(record))
        tally = tallies.setdefault(key, _Tally())
        tally.sentences += 1
        tally.articles.add(record["article"])
        tally.counts[record["stance"] or ABSTAINED] += 1
        for stance in STANCES:
            tally.sums[stance] += record["probabilities"][stance]
    ordered = sorted(tallies.items(), key=lambda item: (-item[1].sentences, str(item[0])))
    return [dict(key) | _figures(tally) for key, tally in ordered]


def _figures(tally: _Tally) -> dict[str, Any]:
    means = {f"mean_{stance}": round(total / tally.sentences, 4) for stance, total in tally.sums.items()}
    balance = (tally.sums["favor"] - tally.sums["against"]) / tally.sentences
    return {
        "articles": len(tally.articles),
        "sentences": tally.sentences,
        **tally.counts,
        **means,
        "balance": round(balance, 4),
    }


def _groups(record: Mapping[str, Any]) -> list[tuple[str, Any]]:
    groups: list[tuple[str, Any]] = []
    outlet = next((record[name] for name in OUTLETS if record.get(name)), None)
    if any(name in record for name in OUTLETS):
        groups.append(("outlet", outlet))
    if any(name in record for name in DATES):
        date = next((record[name] for name in DATES if record.get(name)), None)
        groups.append(("week", _week(date)))
    return groups


def _week(date: Any) -> str | None:
    """Return the ISO week of a date that begins with YYYY-MM-DD, None for anything else."""
    try:
        year, week, _ = datetime.date.fromisoformat(str(date)[:10]).isocalendar()
    except ValueError:
        return None
    return f"{year}-W{week:02}"
