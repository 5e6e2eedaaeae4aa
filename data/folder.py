"""A data folder: train, dev and test, checked against each other and fingerprinted."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from data.labelled_files import read_sentences
from data.problems import Problem, UserError, raise_problems
from data.sentence import LabelledSentence

SPLITS = ("train", "dev", "test")
BUNDLED = Path(__file__).parent / "sentences"


@dataclass(frozen=True)
class DataFolder:
    """The three splits of a data folder and the SHA-256 of each file, in hexadecimal."""

    path: Path
    train: list[LabelledSentence]
    dev: list[LabelledSentence]
    test: list[LabelledSentence]
    sha256: dict[str, str]


def read_data_folder(path: Path) -> DataFolder:
    """Read a data folder and check that no split knows another's sentences.

    Raises:
        UserError: A split is missing or wrong, a sentence or an article stands in two splits, or
            train, dev or test has no stance label.
    """
    if not path.is_dir():
        raise UserError(f"{path}: expected a data folder with train.jsonl, dev.jsonl and test.jsonl, found no folder.")
    files = {split: path / f"{split}.jsonl" for split in SPLITS}
    missing = [file.name for file in files.values() if not file.exists()]
    if missing:
        raise UserError(f"{path}: expected train.jsonl, dev.jsonl and test.jsonl, found no {', '.join(missing)}.")
    splits, faults = {}, []
    for split, file in files.items():
        try:
            splits[split] = read_sentences(file)
        except UserError as error:
            faults.append(str(error))
    if faults:
        raise UserError("\n".join(faults))
    raise_problems(path, _leaks(splits), remedy="Keep each sentence and each article in one split.")
    for split, sentences in splits.items():
        if not any(actor.stance for sentence in sentences for actor in sentence.actors):
            raise UserError(f"{files[split]}: expected stance labels, found none. Label some actors.")
    return DataFolder(path, **splits, sha256={split: file_sha256(file) for split, file in files.items()})


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _leaks(splits: dict[str, list[LabelledSentence]]) -> list[Problem]:
    text_owner: dict[str, tuple[str, str]] = {}
    article_owner: dict[str, str] = {}
    problems = []
    for split, sentences in splits.items():
        for sentence in sentences:
            text = " ".join(sentence.text.casefold().split())
            first_split, first_id = text_owner.setdefault(text, (split, sentence.id))
            if first_split != split:
                problems.append(
                    Problem(0, f"the same sentence is {first_id!r} in {first_split} and {sentence.id!r} in {split}")
                )
            elif article_owner.setdefault(sentence.article, split) != split:
                problems.append(
                    Problem(
                        0, f"article {sentence.article!r} stands in {article_owner[sentence.article]} and in {split}"
                    )
                )
    return list(dict.fromkeys(problems))
