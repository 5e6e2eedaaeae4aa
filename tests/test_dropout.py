"""Dropout by bytes drops what torch's drops on average, and only in training."""

import pytest
import torch
from torch import nn

from train.dropout import DropoutByBytes, draw_dropout_by_bytes


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.9])
def test_dropout_by_bytes_drops_its_share_and_keeps_the_mean(rate: float) -> None:
    torch.manual_seed(1)
    given = torch.ones(1000, 999, requires_grad=True)
    found = DropoutByBytes(rate)(given)
    assert (found == 0).float().mean().item() == pytest.approx(round(256 * rate) / 256, abs=0.002)
    assert found.mean().item() == pytest.approx(1, abs=0.02)
    found.sum().backward()
    assert given.grad is not None
    assert torch.equal(given.grad, found)  # what is dropped learns nothing, what is kept as much as it counts
    (ones,) = (found != 0).unique(return_counts=True)[1:]
    assert ones.numel() == 2


def test_dropout_by_bytes_hangs_on_the_seed_and_draws_each_time_anew() -> None:
    layer, given = DropoutByBytes(0.5), torch.ones(64, 64)
    torch.manual_seed(3)
    first, second = layer(given), layer(given)
    torch.manual_seed(3)
    assert torch.equal(layer(given), first)
    assert not torch.equal(first, second)
    rows = (first != 0).float()
    assert abs(torch.corrcoef(rows).fill_diagonal_(0)).max() < 0.7  # no row is another's copy


def test_dropout_by_bytes_leaves_reading_and_no_dropout_alone() -> None:
    given = torch.randn(5, 7)
    assert torch.equal(DropoutByBytes(0.5).eval()(given), given)
    assert torch.equal(DropoutByBytes(0.0)(given), given)
    assert DropoutByBytes(0.5)(torch.ones(0, 7)).shape == (0, 7)


def test_dropout_by_bytes_takes_the_place_of_torchs() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.2), nn.Sequential(nn.Dropout(0.999)), nn.AlphaDropout(0.2))
    draw_dropout_by_bytes(model)
    assert [type(module).__name__ for module in model.modules() if "ropout" in type(module).__name__] == [
        *("DropoutByBytes", "Dropout", "AlphaDropout")
    ]
