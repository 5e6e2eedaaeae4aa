"""The two label sets and their order, which every array of the project follows."""

STANCES = ("against", "neutral", "favor")
SENTIMENTS = ("negative", "neutral", "positive")
MISSING = -100  # the index of a missing label: it trains nothing and scores nothing


def label_index(label: str | None, labels: tuple[str, ...]) -> int:
    """Return the position of a label in its set, MISSING for None."""
    return MISSING if label is None else labels.index(label)
