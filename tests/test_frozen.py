"""Frozen layers: as they were after a fit, read once, and the same as if they were read each time."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import (
    BertConfig,
    BertModel,
    DistilBertConfig,
    DistilBertModel,
    ElectraConfig,
    ElectraModel,
    RobertaConfig,
    RobertaModel,
)

from data.problems import UserError
from models.batches import make_batch
from models.classifier import StanceClassifier
from models.frozen import freeze_layers, keep_lower_states
from models.predictor import predict_readings
from models.readings import Reading
from tests.conftest import small_corpus
from tests.test_fit import BRIEF, runs, train

SIZES: dict[str, Any] = {
    "vocab_size": 60,
    "hidden_size": 16,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "intermediate_size": 32,
}
READINGS = [
    Reading(row, list(range(2, 2 + length)), [0] * length, [0], [[1, 2]], True)
    for row, length in enumerate((9, 4, 30, 4, 17))
]


def classifier(kind: str = "bert") -> StanceClassifier:
    torch.manual_seed(0)
    encoder: dict[str, Any] = {
        "bert": lambda: BertModel(BertConfig(**SIZES), add_pooling_layer=False),
        "roberta": lambda: RobertaModel(RobertaConfig(**SIZES, max_position_embeddings=64), add_pooling_layer=False),
    }
    return StanceClassifier(encoder[kind](), target="span", dropout=0.1)


@pytest.mark.parametrize("kind", ["bert", "roberta"])
@pytest.mark.parametrize("layers", [1, 2])
def test_frozen_states_give_what_the_whole_encoder_gives(tmp_path: Path, kind: str, layers: int) -> None:
    model = classifier(kind)
    sentences = small_corpus(len(READINGS))
    sentences = [type(each)(each.id, each.article, each.text, each.actors[:1]) for each in sentences]
    expected = predict_readings(model, READINGS, sentences, pad_id=1)
    freeze_layers(model, layers)
    kept = keep_lower_states(model, READINGS, tmp_path / "states", pad_id=1, bf16=False)
    calls: list[int] = []
    encoder: Any = model.encoder
    encoder.embeddings.register_forward_hook(lambda *_: calls.append(1))
    found = predict_readings(model, kept, sentences, pad_id=1)
    assert not calls  # the frozen part was not read again
    assert np.abs(found.stance - expected.stance).max() < 1e-6
    assert (tmp_path / "states").stat().st_size == sum(len(reading.input_ids) for reading in READINGS) * 16 * 4


def test_frozen_layers_are_not_moved_and_have_no_dropout(tmp_path: Path) -> None:
    model = classifier()
    freeze_layers(model, 2)
    encoder: Any = model.encoder
    layers = encoder.encoder.layer
    model.train()
    modes = [module.training for module in (encoder.embeddings, *layers)]
    assert modes == [False, False, False, True]
    kept = keep_lower_states(model, READINGS, tmp_path / "states", pad_id=1, bf16=False)
    model.train()
    batch = {name: torch.from_numpy(array) for name, array in make_batch(kept, pad_id=1).items()}
    model(**batch).stance.sum().backward()
    moved = [all(weight.grad is not None for weight in layer.parameters()) for layer in layers]
    assert moved == [False, False, True]
    assert all(weight.grad is None for weight in encoder.embeddings.parameters())
    assert set(model.state_dict()) == set(classifier().state_dict())  # the parts are not saved a second time


def test_frozen_layers_beyond_the_encoders_are_refused() -> None:
    with pytest.raises(UserError, match=r"--freeze-layers: expected at most 2 of the encoder's 3 layers, found 3"):
        freeze_layers(classifier(), 3)


def test_frozen_layers_of_an_encoder_built_otherwise_are_refused() -> None:
    encoder = DistilBertModel(DistilBertConfig(vocab_size=60, dim=16, n_layers=2, n_heads=2, hidden_dim=32))
    with pytest.raises(UserError, match="expected an encoder built as BERT is, embeddings and layers, found 'distil"):
        freeze_layers(StanceClassifier(encoder, target="span", dropout=0.1), 1)


def test_frozen_layers_of_an_encoder_that_does_more_between_them_are_refused(tmp_path: Path) -> None:
    config = ElectraConfig(**SIZES, embedding_size=8)  # widens what the embeddings give before the first layer
    model = StanceClassifier(ElectraModel(config), target="span", dropout=0.1)
    freeze_layers(model, 1)
    with pytest.raises(UserError, match=r"expected an encoder whose layers work one after the other, found .*electra"):
        keep_lower_states(model, READINGS, tmp_path / "states", pad_id=1, bf16=False)
    model = classifier()
    freeze_layers(model, 1)
    model._views = (model._views[0], model._views[0])
    with pytest.raises(UserError, match=r"expected an encoder whose layers work one after the other, found .*bert"):
        keep_lower_states(model, READINGS, tmp_path / "states", pad_id=1, bf16=False)
    assert not (tmp_path / "states").exists()


@pytest.mark.slow
def test_frozen_layers_of_a_fit_are_the_encoders_own_and_the_others_learn(
    published_encoder: Path, data_folder: Path, tmp_path: Path
) -> None:
    words = ("fit", "--data", data_folder, "--encoder", published_encoder, *BRIEF, "--freeze-layers", "1")
    train(*words, "--output", "model", folder=tmp_path)
    fitted = load_file(tmp_path / "model" / "model.safetensors")
    before = load_file(published_encoder / "model.safetensors")
    same = {
        name: torch.equal(weight, before[known])
        for name, weight in fitted.items()
        for known in [name.removeprefix("encoder."), "bert." + name.removeprefix("encoder.")]
        if known in before
    }
    assert same
    assert {name for name, equal in same.items() if equal} == {
        name for name in same if ".embeddings." in name or ".layer.0." in name
    }
    done = train(*words[:-1], "9", "--output", "other", folder=tmp_path, status=2)
    assert "--freeze-layers: expected at most" in done.stderr
    assert not list(tmp_path.glob("other*"))  # said before anything is begun
    done = train(*words, "--max-tokens", "9999", "--output", "other", folder=tmp_path, status=2)
    assert "--max-tokens: expected at most" in done.stderr
    assert not list(tmp_path.glob("other*"))
    assert len(runs(tmp_path)) == 1
