"""A data folder and what its splits may share: nothing."""

import dataclasses
import hashlib
from pathlib import Path

import pytest

from data.folder import BUNDLED, read_data_folder
from data.labelled_files import write_sentences
from data.problems import UserError
from tests.conftest import small_corpus


def make_folder(path: Path) -> Path:
    for name, start in (("train", 0), ("dev", 6), ("test", 12)):
        write_sentences(small_corpus(6, start), path / f"{name}.jsonl")
    return path


def test_folder_reads_three_splits_with_their_fingerprints(tmp_path: Path) -> None:
    folder = read_data_folder(make_folder(tmp_path))
    assert [len(split) for split in (folder.train, folder.dev, folder.test)] == [6, 6, 6]
    assert folder.sha256["dev"] == hashlib.sha256((tmp_path / "dev.jsonl").read_bytes()).hexdigest()


def test_folder_needs_all_three_files(tmp_path: Path) -> None:
    (make_folder(tmp_path) / "dev.jsonl").unlink()
    with pytest.raises(UserError, match=r"found no dev\.jsonl"):
        read_data_folder(tmp_path)


def test_folder_refuses_the_same_sentence_in_train_and_test(tmp_path: Path) -> None:
    make_folder(tmp_path)
    leaked = dataclasses.replace(small_corpus(1)[0], id="other", article="other", text=small_corpus(1)[0].text + " ")
    write_sentences([*small_corpus(6, 12), leaked], tmp_path / "test.jsonl")
    with pytest.raises(UserError, match="the same sentence is 's-000' in train and 'other' in test"):
        read_data_folder(tmp_path)


def test_folder_refuses_an_article_in_two_splits(tmp_path: Path) -> None:
    make_folder(tmp_path)
    sibling = dataclasses.replace(small_corpus(1, 30)[0], article="s-000")
    write_sentences([*small_corpus(6, 6), sibling], tmp_path / "dev.jsonl")
    with pytest.raises(UserError, match="article 's-000' stands in train and in dev"):
        read_data_folder(tmp_path)


def test_folder_reports_the_problems_of_all_files(tmp_path: Path) -> None:
    make_folder(tmp_path)
    (tmp_path / "train.jsonl").write_text("{\n", encoding="utf-8")
    (tmp_path / "test.jsonl").write_text("[]\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"(?s)train\.jsonl:1: .*test\.jsonl:1: "):
        read_data_folder(tmp_path)


def test_folder_without_stance_labels_is_refused(tmp_path: Path) -> None:
    make_folder(tmp_path)
    bare = [dataclasses.replace(sentence, actors=()) for sentence in small_corpus(6, 6)]
    write_sentences(bare, tmp_path / "dev.jsonl")
    with pytest.raises(UserError, match=r"dev\.jsonl: expected stance labels, found none"):
        read_data_folder(tmp_path)


def test_folder_bundled_sentences_are_in_order() -> None:
    folder = read_data_folder(BUNDLED)
    everything = folder.train + folder.dev + folder.test
    assert len(everything) >= 200
    opposed = [
        sentence for sentence in everything if {"against", "favor"} <= {actor.stance for actor in sentence.actors}
    ]
    assert len(opposed) >= len(everything) / 3
