"""The dropout of training on a processor."""

import pytest
import torch
from torch import nn
from torch.nn import functional
from transformers import BertConfig, BertModel, Trainer

from models.classifier import StanceClassifier
from train.dropout import ProcessorDropout, dropout
from train.processor_trainer import ProcessorTrainer


@pytest.mark.parametrize(("rate", "kind"), [(0.1, torch.float32), (0.5, torch.float32), (0.1, torch.bfloat16)])
def test_dropout_drops_its_share_and_keeps_the_mean(rate: float, kind: torch.dtype) -> None:
    torch.manual_seed(1)
    given = torch.ones(250, 4001, dtype=kind)
    made = dropout(given, rate)
    assert made.dtype == kind
    kept = made[made != 0].float()
    assert kept.numel() / given.numel() == pytest.approx(1 - rate, abs=0.002)  # four standard deviations
    assert torch.allclose(kept, torch.full_like(kept, 1 / (1 - rate)), rtol=0.005 if kind == torch.bfloat16 else 1e-4)


def test_dropout_drops_each_place_on_its_own() -> None:
    torch.manual_seed(1)
    gone = (dropout(torch.ones(100_000, 4), 0.25) == 0).double()  # the four of 64 bits side by side
    shares = torch.cov(gone.T)
    assert torch.allclose(shares, torch.eye(4).double() * 0.1875, atol=0.003)


def test_dropout_gives_its_mask_to_the_gradient_and_repeats_under_a_seed() -> None:
    given = torch.randn(7, 5, requires_grad=True)
    torch.manual_seed(3)
    made = dropout(given, 0.4)
    made.sum().backward()  # type: ignore[no-untyped-call]
    assert given.grad is not None
    assert torch.allclose(made, given * given.grad)
    torch.manual_seed(3)
    assert torch.equal(dropout(given, 0.4), made)


@pytest.mark.parametrize(("rate", "training"), [(0.3, False), (0.0, True), (1.0, True)])
def test_dropout_leaves_to_torch_what_needs_no_mask(rate: float, training: bool) -> None:
    given = torch.randn(4, 3)
    assert torch.equal(dropout(given, rate, training), functional.dropout(given, rate, training))


def test_dropout_takes_the_place_of_torchs_while_it_is_active() -> None:
    layer, given = nn.Dropout(0.5), torch.ones(64, 64)

    def drawn() -> torch.Tensor:
        torch.manual_seed(5)
        made: torch.Tensor = layer(given)
        return made

    torch.manual_seed(5)
    ours = dropout(given, 0.5)
    before = drawn()
    with ProcessorDropout():
        assert torch.equal(drawn(), ours)
    assert torch.equal(drawn(), before)
    assert not torch.equal(before, ours)


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU has its own")
def test_processor_trainer_has_this_dropout_and_written_out_attention_while_it_trains(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = BertConfig(vocab_size=9, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8)
    model = StanceClassifier(BertModel(config, add_pooling_layer=False), target="span", dropout=0.1)

    def state(*_: object) -> tuple[str, torch.Tensor]:
        torch.manual_seed(5)
        return str(model.encoder.config._attn_implementation), nn.Dropout(0.5)(torch.ones(64, 64))

    monkeypatch.setattr(Trainer, "train", state)
    trainer = ProcessorTrainer.__new__(ProcessorTrainer)
    trainer.model = model
    before = state()
    attention, drawn = trainer.train()
    torch.manual_seed(5)
    assert torch.equal(drawn, dropout(torch.ones(64, 64), 0.5))
    assert (attention, before[0]) == ("eager", "sdpa")
    after = state()
    assert after[0] == before[0]
    assert torch.equal(after[1], before[1])
