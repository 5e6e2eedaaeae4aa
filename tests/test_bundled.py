"""The bundled sentences hold what their data card says, and cannot be solved by words alone."""

import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score

from data.folder import BUNDLED, DataFolder, read_data_folder
from data.labelled_files import read_sentences
from data.labels import STANCES
from data.statistics import Statistics, count
from evaluation.agreement import agreement
from evaluation.controls import stance_controls
from evaluation.report import stance_labels
from train.stats import read_all

CARD = (Path(__file__).parents[1] / "data" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder() -> DataFolder:
    return read_data_folder(BUNDLED)


@pytest.fixture(scope="module")
def counted() -> Statistics:
    return count(read_all([BUNDLED]))


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("sentences", 2400),
        ("stance labels", 4500),
        ("opposite stances", 900),
        ("shared stances", 400),
        ("different actors", 250),
        ("40 words or more", 100),
        ("an actor mentioned twice", 100),
    ],
)
def test_bundled_sizes_are_what_was_promised(counted: Statistics, name: str, least: int) -> None:
    assert counted.sizes[name] >= least


def test_bundled_hard_cases_are_there(counted: Statistics) -> None:
    assert counted.tags["event"] >= 500
    for tag in ("negation", "concession", "irony", "action", "comparison", "quote", "metonymy", "headline", "hyphen"):
        assert counted.tags[tag] >= 100, tag


def test_bundled_sentences_follow_no_template(counted: Statistics) -> None:
    assert counted.alike == []
    assert counted.same_frame == []
    assert counted.frequent_grams_share < 0.04


def test_bundled_frequent_actors_have_every_stance(counted: Statistics) -> None:
    for name, stances in list(counted.actors.items())[:40]:
        assert all(stances[stance] > 0 for stance in STANCES), name


def test_bundled_splits_are_of_the_promised_size(folder: DataFolder, counted: Statistics) -> None:
    total = counted.sizes["sentences"]
    assert abs(len(folder.dev) / total - 0.15) < 0.01
    assert abs(len(folder.test) / total - 0.15) < 0.01
    known = {actor.actor for sentence in folder.train for actor in sentence.actors}
    for sentence in folder.test:
        assert ("unseen" in sentence.tags) == known.isdisjoint(actor.actor for actor in sentence.actors)


def test_bundled_data_card_says_the_counts(counted: Statistics) -> None:
    rows = dict(re.findall(r"^\| ([^|]+?) \| ([\d,]+) \|$", CARD, flags=re.MULTILINE))
    told = {name: int(value.replace(",", "")) for name, value in rows.items()}
    for name, value in counted.sizes.items():
        assert told[name] == value, name
    for tag, value in counted.tags.items():
        assert told[f"tag {tag}"] == value, tag


def test_bundled_stance_is_not_given_away(folder: DataFolder) -> None:
    true = stance_labels(folder.test)
    scores = {
        name: f1_score(true, probabilities.argmax(axis=1), average="macro", zero_division=0.0)
        for name, probabilities in stance_controls(folder.train, folder.test).items()
    }
    assert scores["majority"] < 0.24
    assert scores["name_only"] < 0.42
    assert scores["tfidf"] < 0.62


def test_bundled_second_labels_agree(folder: DataFolder) -> None:
    first = {sentence.id: sentence for sentence in folder.train + folder.dev + folder.test}
    second = read_sentences(BUNDLED / "second_labels.jsonl")
    assert len(second) >= 500
    pairs = []
    for sentence in second:
        stances = {actor.actor: actor.stance for actor in first[sentence.id].actors}
        assert first[sentence.id].text == sentence.text
        pairs += [(str(stances[a.actor]), str(a.stance)) for a in sentence.actors if a.actor in stances]
    own, other = (np.array([STANCES.index(pair[side]) for pair in pairs]) for side in (0, 1))
    assert agreement(own, other, labels=STANCES).alpha > 0.8
