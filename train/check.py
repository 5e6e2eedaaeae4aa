"""Check labelled files before training on them."""

from collections import Counter
from pathlib import Path

from data.folder import SPLITS, read_data_folder
from data.labelled_files import read_sentences
from data.problems import UserError
from data.sentence import LabelledSentence


def check(paths: list[Path]) -> str:
    """Return a line for each file that is in order.

    Raises:
        UserError: Something is wrong with one of them; all problems of all files are listed.
    """
    lines, faults = [], []
    for path in paths:
        try:
            if path.is_dir():
                folder = read_data_folder(path)
                lines += [_count(path / f"{split}.jsonl", getattr(folder, split)) for split in SPLITS]
            else:
                lines.append(_count(path, read_sentences(path)))
        except UserError as error:
            faults.append(str(error))
    if faults:
        raise UserError("\n".join(faults))
    return "\n".join(lines)


def _count(path: Path, sentences: list[LabelledSentence]) -> str:
    stances = Counter(actor.stance for sentence in sentences for actor in sentence.actors if actor.stance)
    labels = ", ".join(f"{count} {stance}" for stance, count in sorted(stances.items()))
    return f"{path}: {len(sentences)} sentences, {stances.total()} stance labels ({labels})"
