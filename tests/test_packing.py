"""Packed layers: the same products, and the layers they were for everybody else."""

import copy
from pathlib import Path

import pytest
import torch
from torch import nn

from models.onnx_export import write_graph
from models.onnx_predictor import OnnxPredictor
from models.packing import PackedLinear, pack
from models.predictor import Predictor
from tests.conftest import small_corpus
from tests.test_model_folder import write_model

pytestmark = pytest.mark.skipif(
    not torch.backends.mkldnn.is_available(),  # type: ignore[no-untyped-call]
    reason="this torch has no oneDNN",
)


def layer(kind: torch.dtype = torch.float32, *, bias: bool = True) -> nn.Linear:
    torch.manual_seed(0)
    made = nn.Linear(24, 40, bias=bias).to(kind)
    pack(made)
    if kind is torch.bfloat16 and type(made) is nn.Linear:
        pytest.skip("this processor multiplies no bf16")
    assert type(made) is PackedLinear
    return made


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("kind", "near"), [(torch.float32, 1e-6), (torch.bfloat16, 2e-2)])
def test_packed_product_is_the_layers(kind: torch.dtype, near: float, bias: bool) -> None:
    made, given = layer(kind, bias=bias), torch.randn(3, 7, 24).to(kind)
    expected = nn.functional.linear(given, made.weight, made.bias)
    with torch.inference_mode():
        found = made(given)
    assert made._packed.weight is not None  # type: ignore[union-attr]
    assert torch.allclose(found.float(), expected.float(), atol=near)


def test_packed_layer_follows_its_weights() -> None:
    made, given = layer(), torch.randn(5, 24)
    with torch.inference_mode():
        made(given)
    optimizer = torch.optim.SGD(made.parameters(), lr=1.0)
    made(given).sum().backward()
    optimizer.step()
    with torch.inference_mode():
        assert torch.allclose(made(given), nn.functional.linear(given, made.weight, made.bias), atol=1e-5)
    other = layer()
    other.load_state_dict({name: torch.zeros_like(weight) for name, weight in made.state_dict().items()})
    with torch.inference_mode():
        assert not other(given).any()


def test_packed_layer_is_copied_and_saved_as_the_layer_it_was() -> None:
    made, given = layer(), torch.randn(5, 24)
    with torch.inference_mode():
        expected = made(given)
    twin = copy.deepcopy(made)
    assert set(twin.state_dict()) == {"weight", "bias"}
    with torch.no_grad():
        twin.weight.zero_()
    with torch.inference_mode():
        assert torch.equal(made(given), expected)
        assert torch.allclose(twin(given), twin.bias.expand(5, 40))
        with torch.autocast("cpu", torch.bfloat16):
            assert made(given).dtype == torch.bfloat16


def test_packed_predictor_says_what_it_said(
    published_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_model(tmp_path / "model", published_encoder)
    sentences = small_corpus(9)
    found = Predictor.from_folder(folder).predict(sentences).stance
    monkeypatch.setattr("models.predictor.pack", lambda module: None)
    expected = Predictor.from_folder(folder).predict(sentences).stance
    assert abs(found - expected).max() < 1e-6


def test_packed_model_is_exported_as_it_was(published_encoder: Path, tmp_path: Path) -> None:
    predictor = Predictor.from_folder(write_model(tmp_path / "model", published_encoder))
    expected = predictor.predict(small_corpus(9)).stance
    write_graph(predictor.model, tmp_path / "model.onnx", pad_id=predictor.config.pad_id)
    graph = OnnxPredictor(predictor.config, predictor.tokenizer, tmp_path / "model.onnx")
    assert abs(graph.predict(small_corpus(9)).stance - expected).max() < 1e-5


def test_packing_leaves_layers_alone_where_torch_has_no_such_product(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.backends.mkldnn.is_available", lambda: False)
    made = nn.Linear(2, 2)
    pack(made)
    assert type(made) is nn.Linear
