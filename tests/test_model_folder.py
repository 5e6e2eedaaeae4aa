"""A model folder: written whole, read whole, or not at all; the predictor; the serving file."""

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from data.labels import STANCES
from data.problems import UserError
from data.sentence import LabelledSentence
from models.bundle import bundle
from models.classifier import StanceClassifier
from models.config import ModelConfig
from models.encoder import load_encoder
from models.folder import load_model_folder, save_model_folder
from models.predictor import Predictor
from tests.conftest import small_corpus


def write_model(path: Path, encoder_folder: Path, *, target: str = "span", reads_sentiment: bool = True) -> Path:
    torch.manual_seed(3)
    encoder = load_encoder(str(encoder_folder))
    model = StanceClassifier(encoder.model, target=target, dropout=0.1)
    config = ModelConfig(
        encoder="tiny",
        encoder_revision=encoder.revision,
        encoder_config={**encoder.model.config.to_diff_dict(), "model_type": "bert"},
        target=target,
        max_tokens=48,
        dropout=0.1,
        pad_id=1,
        reads_sentiment=reads_sentiment,
    )
    save_model_folder(path, model=model, tokenizer=encoder.tokenizer, config=config, card="# tiny\n")
    return path


@pytest.fixture(scope="module")
def folder(published_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "tiny", published_encoder)


def test_model_folder_holds_no_pickle_and_no_leftovers(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json", "README.md"} <= names
    assert not [name for name in names if name.endswith((".bin", ".pt", ".pkl", ".pickle"))]
    assert [path.name for path in folder.parent.iterdir()] == ["tiny"]


@pytest.mark.parametrize("target", ["span", "pair", "none"])
def test_model_folder_read_back_gives_the_same_probabilities(
    published_encoder: Path, tmp_path: Path, target: str
) -> None:
    path = write_model(tmp_path / "m", published_encoder, target=target)
    first, second = (Predictor.from_folder(path).predict(small_corpus(9)) for _ in range(2))
    assert np.array_equal(first.stance, second.stance)
    assert first.stance.shape == (18, 3)
    assert np.allclose(first.stance.sum(axis=1), 1, atol=1e-6)
    assert first.sentiment is not None
    assert first.sentiment.shape == (9, 3)


def test_model_folder_gives_what_torch_gives(folder: Path) -> None:
    config, tokenizer, model = load_model_folder(folder)
    sentence = small_corpus(1)[0]
    ids = torch.tensor([tokenizer.encode(sentence.text).ids])
    with torch.inference_mode():
        states = model.encoder(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state[0]
        offsets = tokenizer.encode(sentence.text).offsets
        ((start, end),) = sentence.actors[1].mentions
        own = [index for index, (first, last) in enumerate(offsets) if first < end and last > start]
        seen = torch.cat([states[own].mean(dim=0), states[0]])
        expected = model.stance_head(seen).softmax(dim=0).numpy()
    found = Predictor(config, tokenizer, model).predict([sentence]).stance[1]
    assert np.allclose(found, expected, atol=1e-6)


def test_model_folder_predictions_do_not_hang_on_order_or_neighbours(folder: Path) -> None:
    predictor = Predictor.from_folder(folder)
    sentences = small_corpus(30)
    together = predictor.predict(sentences).stance.reshape(30, 2, 3)
    backwards = predictor.predict(sentences[::-1]).stance.reshape(30, 2, 3)[::-1]
    alone = np.stack([predictor.predict([sentence]).stance for sentence in sentences])
    assert np.allclose(together, backwards, atol=1e-6)
    assert np.allclose(together, alone, atol=1e-6)


def test_model_folder_that_never_saw_a_sentiment_says_none(published_encoder: Path, tmp_path: Path) -> None:
    path = write_model(tmp_path / "m", published_encoder, reads_sentiment=False)
    assert Predictor.from_folder(path).predict(small_corpus(2)).sentiment is None


def test_model_folder_predictor_takes_sentences_without_actors(folder: Path) -> None:
    predictions = Predictor.from_folder(folder).predict([LabelledSentence("a", "a", "Nic."), *small_corpus(1)])
    assert predictions.stance.shape == (2, 3)
    assert Predictor.from_folder(folder).predict([]).stance.shape == (0, 3)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_model_folder_with_a_file_missing_is_refused(published_encoder: Path, tmp_path: Path, name: str) -> None:
    path = write_model(tmp_path / "m", published_encoder)
    (path / name).unlink()
    with pytest.raises(UserError, match=f"found no {name} in it"):
        Predictor.from_folder(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 99}, "expected format 1, found 99"),
        ({"stances": ["favor", "neutral", "against"]}, "expected format 1"),
        ({"surprise": 1}, "expected the configuration of a stance model"),
        ({"target": "pair"}, "expected the weights that config.json describes"),
    ],
)
def test_model_folder_of_another_kind_is_refused(
    published_encoder: Path, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    path = write_model(tmp_path / "m", published_encoder)
    config = json.loads((path / "config.json").read_text())
    (path / "config.json").write_text(json.dumps({**config, **change}))
    with pytest.raises(UserError, match=message):
        Predictor.from_folder(path)


def test_model_folder_broken_weights_are_refused(published_encoder: Path, tmp_path: Path) -> None:
    path = write_model(tmp_path / "m", published_encoder)
    (path / "model.safetensors").write_bytes((path / "model.safetensors").read_bytes()[:2000])
    with pytest.raises(UserError, match="expected the weights"):
        Predictor.from_folder(path)


def test_model_folder_is_not_written_over_another(published_encoder: Path, folder: Path) -> None:
    with pytest.raises(UserError, match="expected a new or empty folder"):
        write_model(folder, published_encoder)


def test_bundle_needs_none_of_our_packages(folder: Path, tmp_path: Path) -> None:
    """Run the serving file where only installed packages are importable, and compare."""
    (tmp_path / "serving.py").write_text(bundle("models.serving"), encoding="utf-8")
    script = f"""
import importlib.util, json, sys, types
sys.path = [entry for entry in sys.path if "site-packages" in entry or "python3" in entry]
sys.meta_path = [finder for finder in sys.meta_path if "editable" not in str(finder).lower()]
spec = importlib.util.spec_from_file_location("serving_alone", {str(tmp_path / "serving.py")!r})
module = importlib.util.module_from_spec(spec); sys.modules["serving_alone"] = module; spec.loader.exec_module(module)
assert not {{"data", "models", "train", "evaluation"}} & set(sys.modules), "a package of ours was imported"
import pandas as pd
served = module.StanceModel(); served.load_context(types.SimpleNamespace(artifacts={{"model": {str(folder)!r}}}))
rows = pd.read_json({str(tmp_path / "rows.json")!r})
print(served.predict(None, rows).to_json(orient="records"))
"""
    sentences = small_corpus(7)
    rows = [
        {"text": sentence.text, "actor": actor.actor, "mentions": actor.mentions}
        for sentence in sentences
        for actor in sentence.actors
    ]
    (tmp_path / "rows.json").write_text(json.dumps([*rows, {"text": "Nic.", "actor": None, "mentions": None}]))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=120
    )
    assert done.returncode == 0, done.stderr
    served = json.loads(done.stdout.splitlines()[-1])
    expected = Predictor.from_folder(folder).predict(sentences)
    assert np.allclose([[row[label] for label in STANCES] for row in served[:-1]], expected.stance, atol=1e-5)
    assert expected.sentiment is not None
    sentiment = [[row[f"sentiment_{label}"] for label in ("negative", "neutral", "positive")] for row in served[:-1:2]]
    assert np.allclose(sentiment, expected.sentiment, atol=1e-5)
    assert served[-1]["stance"] is None
    assert served[-1]["sentiment"] is not None


def test_bundle_refuses_names_that_clash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "one.py").write_text("from models.two import helper\n\ndef size() -> int:\n    return 1\n")
    (tmp_path / "models" / "two.py").write_text("def size() -> int:\n    return 2\n\ndef helper() -> None: ...\n")
    monkeypatch.setattr("models.bundle.ROOT", tmp_path)
    with pytest.raises(ValueError, match=r"size is defined in models\.two and in models\.one"):
        bundle("models.one")


def test_model_config_is_frozen() -> None:
    assert dataclasses.is_dataclass(ModelConfig)
    assert ModelConfig.__dataclass_params__.frozen  # type: ignore[attr-defined]
