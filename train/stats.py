"""Show what labelled sentences hold."""

import sys
from pathlib import Path

from data.folder import SPLITS, read_data_folder
from data.labelled_files import read_sentences
from data.labels import SENTIMENTS, STANCES
from data.sentence import LabelledSentence
from data.statistics import count
from data.writing import whole_file
from evaluation.plots import counts_figure
from train.tables import print_rows


def read_all(paths: list[Path]) -> list[LabelledSentence]:
    """Return the sentences of files and of all splits of data folders.

    Raises:
        UserError: One of them is not as it must be.
    """
    sentences: list[LabelledSentence] = []
    for path in paths:
        if path.is_dir():
            folder = read_data_folder(path)
            for split in SPLITS:
                sentences += getattr(folder, split)
        else:
            sentences += read_sentences(path)
    return sentences


def show_stats(paths: list[Path], *, plot: Path | None, actors: int) -> None:
    """Print the counts of labelled sentences and, where asked, draw them."""
    counted = count(read_all(paths))
    rows = [(name, str(value)) for name, value in counted.sizes.items()]
    rows += [(f"stance {name}", str(counted.stances.get(name, 0))) for name in (*STANCES, "unlabelled")]
    rows += [(f"sentiment {name}", str(counted.sentiments.get(name, 0))) for name in (*SENTIMENTS, "unlabelled")]
    rows += [(f"tag {name}", str(value)) for name, value in counted.tags.items()]
    rows += [
        ("pairs that share over half of their 5-grams", str(len(counted.alike))),
        ("sentences with another's frame", str(len(counted.same_frame))),
        ("sentences with one of the 50 most frequent 4-grams", f"{counted.frequent_grams_share:.1%}"),
    ]
    print_rows(("", "count"), rows, sys.stdout)
    frequent = list(counted.actors.items())[:actors]
    table = [(name, *(str(stances.get(stance, 0)) for stance in STANCES)) for name, stances in frequent]
    print_rows(("actor", *STANCES), table, sys.stdout)
    if plot:
        figure = counts_figure(
            {"stance": counted.stances, "sentiment": counted.sentiments, "tags": counted.tags},
            {name: dict(stances) for name, stances in frequent},
        )
        with whole_file(plot) as partial:
            figure.savefig(partial)
