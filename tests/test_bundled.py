"""The bundled sentences hold what their data card says, and cannot be solved by words alone."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline

from data.folder import BUNDLED, DataFolder, read_data_folder
from data.labelled_files import read_sentences
from data.labels import STANCES
from data.sentence import LabelledActor, LabelledSentence
from data.statistics import Statistics, count
from evaluation.agreement import agreement
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
    def rows(
        sentences: list[LabelledSentence], view: Callable[[LabelledSentence, LabelledActor], str]
    ) -> tuple[list[str], list[str]]:
        labelled = [(s, a) for s in sentences for a in s.actors if a.stance]
        return [view(s, a) for s, a in labelled], [str(a.stance) for _, a in labelled]

    def macro_f1(view: Callable[[LabelledSentence, LabelledActor], str]) -> float:
        words, labels = rows(folder.train, view)
        model = make_pipeline(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
            LogisticRegression(C=5, max_iter=500, class_weight="balanced"),
        ).fit(words, labels)
        words, labels = rows(folder.test, view)
        return float(f1_score(labels, model.predict(words), average="macro"))

    _, labels = rows(folder.test, lambda sentence, actor: "")
    assert f1_score(labels, ["neutral"] * len(labels), average="macro", zero_division=0.0) < 0.24
    assert macro_f1(lambda sentence, actor: actor.actor) < 0.42
    assert macro_f1(lambda sentence, actor: f"{sentence.text} @ {actor.actor}") < 0.62


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
