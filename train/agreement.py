"""Show how far two labellings of the same sentences agree."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from data.labels import SENTIMENTS, STANCES, label_index
from data.problems import UserError
from data.sentence import LabelledSentence
from evaluation.agreement import agreement
from train.stats import read_all
from train.tables import print_rows

Pair = tuple[str, str, str, str]  # the item, what it says, the first label, the second label


def show_agreement(first: Path, second: Path, *, disagreements: bool) -> None:
    """Print the agreement on stance and on sentiment and, where asked, each disagreement.

    Raises:
        UserError: The files have no sentence in common, or the same id has another text.
    """
    sentences = {sentence.id: sentence for sentence in read_all([first])}
    both = [(sentences[other.id], other) for other in read_all([second]) if other.id in sentences]
    if not both:
        raise UserError(
            f"{second}: expected sentences with ids of {first}, found none. Label the same sentences twice."
        )
    for one, other in both:
        if one.text != other.text:
            raise UserError(f"{second}: sentence {other.id!r} has another text than in {first}. Label the same text.")
    differing: list[Pair] = []
    for kind, labels, pairs in (
        ("stance", STANCES, list(_stances(both))),
        ("sentiment", SENTIMENTS, list(_sentiments(both))),
    ):
        if pairs:
            _show(kind, labels, pairs)
            differing += [pair for pair in pairs if pair[2] != pair[3]]
    if disagreements:
        print_rows(("item", "first", "second", "sentence"), [(p[0], p[2], p[3], p[1]) for p in differing], sys.stdout)


def _stances(both: list[tuple[LabelledSentence, LabelledSentence]]) -> Iterator[Pair]:
    for one, other in both:
        second = {actor.actor: actor.stance for actor in other.actors}
        for actor in one.actors:
            stance = second.get(actor.actor)
            if actor.stance and stance:
                yield f"{one.id} {actor.actor}", one.text, actor.stance, stance


def _sentiments(both: list[tuple[LabelledSentence, LabelledSentence]]) -> Iterator[Pair]:
    for one, other in both:
        if one.sentiment and other.sentiment:
            yield one.id, one.text, one.sentiment, other.sentiment


def _show(kind: str, labels: tuple[str, ...], pairs: list[Pair]) -> None:
    first, second = (np.array([label_index(pair[side], labels) for pair in pairs]) for side in (2, 3))
    found = agreement(first, second, labels=labels)
    rows = [
        ("items", str(found.items)),
        ("Krippendorff's alpha", f"{found.alpha:.3f}"),
        ("Cohen's kappa", f"{found.kappa:.3f}"),
        ("same label", f"{found.observed:.1%}"),
        *((f"both {label}, if either", f"{share:.1%}") for label, share in found.by_label.items()),
    ]
    print_rows((kind, ""), rows, sys.stdout)
    table = [(label, *(str(value) for value in row)) for label, row in zip(labels, found.table, strict=True)]
    print_rows(("first \\ second", *labels), table, sys.stdout)
