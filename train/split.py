"""Labelled files into a data folder."""

from pathlib import Path

from data.folder import SPLITS, read_data_folder
from data.labelled_files import read_sentences, write_sentences
from data.problems import UserError
from data.sentence import LabelledSentence
from data.splits import UNSEEN, make_splits
from data.writing import refuse_non_empty, whole_folder


def split(
    files: list[Path], to: Path, *, seed: int, dev: float, test: float, unseen: float, keep: Path | None = None
) -> str:
    """Write train.jsonl, dev.jsonl and test.jsonl; return how many sentences each has.

    The sentences of `keep`, a data folder, are added and stay in their splits, but for those that `make_splits` must
    move: how many, is told.

    Raises:
        UserError: A file is wrong, an id stands in two files, the shares leave nothing for a split,
            or the folder holds something.
    """
    refuse_non_empty(to)
    if not (dev > 0 and test > 0 and dev + test < 1):
        raise UserError(f"--dev {dev} --test {test}: expected shares above 0 that leave something for train.")
    old = read_data_folder(keep) if keep else None
    before: dict[str, list[LabelledSentence]] = {name: getattr(old, name) for name in SPLITS} if old else {}
    kept = {sentence.id: name for name, chosen in before.items() for sentence in chosen}
    sentences = [sentence for chosen in before.values() for sentence in chosen]
    sentences += [sentence for file in files for sentence in read_sentences(file)]
    owners: dict[str, LabelledSentence] = {}
    twice = sorted({sentence.id for sentence in sentences if owners.setdefault(sentence.id, sentence) is not sentence})
    if twice:
        raise UserError(
            f"the id {twice[0]!r} ({len(twice)} in all) stands in two files. Give each sentence its own id."
        )
    splits = make_splits(sentences, seed=seed, dev=dev, test=test, unseen=unseen, kept=kept)
    empty = [name for name, chosen in splits.items() if not chosen]
    if empty:
        raise UserError(
            f"{len(sentences)} sentences leave none for {', '.join(empty)}. Label more, or change the shares."
        )
    with whole_folder(to) as partial:
        for name, chosen in splits.items():
            write_sentences(chosen, partial / f"{name}.jsonl")
    marked = sum(UNSEEN in sentence.tags for sentence in splits["test"])
    counts = ", ".join(f"{name} {len(chosen)}" for name, chosen in splits.items())
    moved = sum(kept.get(sentence.id, name) != name for name, chosen in splits.items() for sentence in chosen)
    note = f"; {moved} of {keep} moved, which new ones tie to sentences of another split" if moved else ""
    return f"{to}: {counts} sentences; {marked} of test name only actors that train does not{note}"
