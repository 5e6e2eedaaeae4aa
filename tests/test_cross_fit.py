"""Models that read what they were not fitted on, and the labels that they find suspicious."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from data.labelled_files import write_sentences
from data.problems import UserError
from models.predictions import Predictions
from tests.conftest import small_corpus
from tests.test_fit import train
from train.cross_fit import _folds, _Means, cross_fitted
from train.settings import FitSettings

CONFIG = """
max_tokens = 48
epochs = 8
batch_size = 8
learning_rate = 3e-3
layer_decay = 1  # the encoder knows nothing yet: all of it has to learn
freeze_embeddings = false
precision = 'fp32'
"""


def test_folds_keep_articles_together_and_read_everything_once() -> None:
    articles = [str(number // 3) for number in range(90)]
    seen: list[int] = []
    for fitted_on, dev, held_out in _folds(articles, 5, 1):
        parts = [{articles[index] for index in part} for part in (fitted_on, dev, held_out)]
        assert not parts[0] & parts[1] and not parts[2] & (parts[0] | parts[1])
        assert len(fitted_on) + len(dev) + len(held_out) == 90
        seen += held_out.tolist()
    assert sorted(seen) == list(range(90))


def test_folds_more_than_the_articles_bear_are_refused() -> None:
    with pytest.raises(UserError, match="--folds 5: expected at least 10 articles, found 9"):
        cross_fitted(small_corpus(9), FitSettings(), folds=5)


def test_folds_means_are_half_of_what_learnt_it_and_half_of_what_did_not() -> None:
    def said(actors: list[float], sentences: list[float]) -> Predictions:
        stance, sentiment = (
            np.repeat(np.array(rows, dtype=np.float32)[:, None], 3, axis=1) for rows in (actors, sentences)
        )
        return Predictions(stance, sentiment)

    unseen, learnt = _Means(4, 2), _Means(4, 2)
    unseen.add(said([0.2] * 4, [0.1, 0.3]), actors=np.ones(4, dtype=bool), sentences=np.arange(2))
    for value in (0.4, 0.8):  # two models were fitted on the first sentence, whose actors are the first three
        learnt.add(said([value] * 3, [value]), actors=np.array([True, True, True, False]), sentences=np.array([0]))
    joined = learnt.with_half_of(unseen).predictions(True)
    assert joined.stance[:, 0].tolist() == pytest.approx([0.4, 0.4, 0.4, 0.2])
    assert joined.sentiment is not None
    assert joined.sentiment[:, 1].tolist() == pytest.approx([0.35, 0.3])
    assert learnt.with_half_of(unseen).predictions(False).sentiment is None


@pytest.mark.slow
def test_suspects_of_fitted_folds_are_the_labels_that_were_flipped(published_encoder: Path, tmp_path: Path) -> None:
    sentences = small_corpus(120)
    flipped = set(np.random.default_rng(1).choice(120, 6, replace=False).tolist())
    for number in flipped:
        nowak, kowal = sentences[number].actors
        other = {"favor": "against", "against": "favor", "neutral": "favor"}[str(kowal.stance)]
        wrong = dataclasses.replace(kowal, stance=other)
        sentences[number] = dataclasses.replace(sentences[number], actors=(nowak, wrong))
    write_sentences(sentences, tmp_path / "all.jsonl")
    (tmp_path / "fit.toml").write_text(CONFIG)
    done = train(
        *("evaluate", "--data", "all.jsonl", "--folds", "3", "--encoder", published_encoder, "--config", "fit.toml"),
        *("--suspects", "suspects.jsonl", "--json", "report.json"),
        folder=tmp_path,
    )
    records = [json.loads(line) for line in (tmp_path / "suspects.jsonl").read_text().splitlines()]
    assert [record["rank"] for record in records] == list(range(1, len(records) + 1))
    stances = [record for record in records if record["kind"] == "stance"]
    found = {int(record["id"][2:]) for record in stances[:6]}
    assert len(found & flipped) >= 3
    assert all(record["label"] != record["suggested"] for record in records)
    assert "suspects: suspects.jsonl" in done.stdout
    assert json.loads((tmp_path / "report.json").read_text())["counts"]["sentences"] == 120


@pytest.mark.slow
def test_suspects_refuse_a_model_that_was_fitted_on_the_sentences(
    published_encoder: Path, data_folder: Path, tmp_path: Path
) -> None:
    words = ("--data", data_folder, "--encoder", published_encoder, "--output", "model", "--max-tokens", "48")
    train("fit", *words, "--epochs", "1", folder=tmp_path)
    evaluate = ("evaluate", "--model", "model", "--suspects", "out.csv", "--data")
    done = train(*evaluate, data_folder / "train.jsonl", folder=tmp_path, status=2)
    assert "expected sentences that the model has not seen" in done.stderr
    done = train("evaluate", "--model", "model", "--data", data_folder / "train.jsonl", folder=tmp_path)
    assert "the model was fitted on these sentences (train): figures will flatter it." in done.stderr
    done = train(*evaluate, data_folder / "test.jsonl", folder=tmp_path)
    assert "flatter" not in done.stderr
    assert (tmp_path / "out.csv").read_text().startswith("rank,kind,id,article,text,actor,label,suggested")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--folds", "3", "--model", "m"), "expected neither --model nor --train"),
        (("--encoder", "mini"), "expected --folds with them"),
        (("--suspects", "a.txt"), "expected a name that ends in .csv or .jsonl"),
    ],
)
def test_evaluate_refuses_flags_that_do_not_go_together(
    data_folder: Path, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    done = train("evaluate", "--data", data_folder / "test.jsonl", *words, folder=tmp_path, status=2)
    assert message in done.stderr
