"""Readings as arrays; pooling; the classifier."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from transformers import BertConfig, BertModel

from models.batches import by_token_budget, make_batch
from models.classifier import StanceClassifier
from models.pooling import mean_of_mentions
from models.readings import Reading


def reading(ids: list[int], *tokens: list[int]) -> Reading:
    return Reading(0, ids, [0] * len(ids), list(range(len(tokens))), list(tokens), True)


def test_batches_pad_to_the_longest_and_point_into_the_flat_batch() -> None:
    batch = make_batch([reading([5, 6, 7], [1, 2]), reading([8, 9], [0], [1])], pad_id=1)
    assert batch["input_ids"].tolist() == [[5, 6, 7], [8, 9, 1]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 1, 0]]
    assert batch["actor_rows"].tolist() == [0, 1, 1]
    assert batch["mention_tokens"].tolist() == [1, 2, 3, 4]
    assert batch["mention_actors"].tolist() == [0, 0, 1, 2]


def test_batches_by_token_budget_hold_each_item_once_within_the_budget() -> None:
    lengths = [3, 50, 7, 7, 20, 1, 33, 12]
    groups = list(by_token_budget(lengths, 40))
    assert sorted(index for group in groups for index in group) == list(range(8))
    for group in groups:
        assert len(group) == 1 or max(lengths[index] for index in group) * len(group) <= 40
    assert lengths[groups[0][0]] == 50


def test_pooling_takes_the_mean_of_all_mentions() -> None:
    states = torch.arange(12, dtype=torch.float32).reshape(2, 3, 2)  # (readings, tokens, hidden)
    pooled = mean_of_mentions(states, torch.tensor([0, 2, 5]), torch.tensor([0, 0, 1]), 2)
    assert pooled.tolist() == [[2.0, 3.0], [10.0, 11.0]]


@pytest.fixture(scope="module")
def encoder() -> BertModel:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, pad_token_id=1
    )
    return BertModel(config, add_pooling_layer=False)


@pytest.mark.parametrize("target", ["span", "pair", "none"])
def test_classifier_gives_a_row_for_each_actor_and_each_reading(encoder: BertModel, target: str) -> None:
    model = StanceClassifier(encoder, target=target, dropout=0.1).eval()
    arrays = make_batch([reading([5, 6, 7], [1], [2]), reading([8, 9])], pad_id=1)
    logits = model(**{name: torch.from_numpy(array) for name, array in arrays.items()})
    assert logits.stance.shape == (2, 3)
    assert logits.sentiment.shape == (2, 3)
    differ = not torch.allclose(logits.stance[0], logits.stance[1])
    assert differ == (target == "span")


def test_classifier_does_not_see_the_padding(encoder: BertModel) -> None:
    model = StanceClassifier(encoder, target="span", dropout=0.1).eval()

    def logits(*readings: Reading) -> NDArray[np.float32]:
        arrays = make_batch(readings, pad_id=1)
        output = model(**{name: torch.from_numpy(array) for name, array in arrays.items()})
        stance: NDArray[np.float32] = output.stance.detach().numpy()
        return stance

    alone = logits(reading([5, 6], [1]))
    beside = logits(reading([5, 6], [1]), reading([7, 8, 9, 10, 11, 12], [3]))
    assert np.allclose(alone[0], beside[0], atol=1e-6)


def test_classifier_takes_a_batch_without_actors(encoder: BertModel) -> None:
    model = StanceClassifier(encoder, target="span", dropout=0.1).eval()
    arrays = make_batch([reading([5, 6])], pad_id=1)
    logits = model(**{name: torch.from_numpy(array) for name, array in arrays.items()})
    assert logits.stance.shape == (0, 3)
    assert logits.sentiment.shape == (1, 3)
