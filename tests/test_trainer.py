"""Batches of a training epoch, the optimiser's groups, class weights."""

import numpy as np
import pytest
from transformers import BertConfig, BertModel

from data.labels import MISSING
from models.classifier import StanceClassifier
from models.readings import Reading
from train.learning import class_weights
from train.trainer import PARTS, StepSampler, make_optimizer
from train.training_readings import LabelledReading, TrainingReadings


def lengths(count: int) -> list[int]:
    return [int(length) for length in np.random.default_rng(0).integers(5, 90, count)]


@pytest.mark.parametrize("count", [2, 3, 31, 33, 64, 500, 1111])
def test_trainer_epoch_holds_every_reading_once(count: int) -> None:
    sampler = StepSampler(lengths(count), 8, seed=1)
    parts = list(sampler)
    assert sorted(index for part in parts for index in part) == list(range(count))
    assert len(parts) == len(sampler)
    assert all(parts)


def test_trainer_epochs_have_the_same_number_of_steps_in_another_order() -> None:
    sampler = StepSampler(lengths(300), 8, seed=1)
    first = sampler.steps()
    sampler.set_epoch(1)
    second = sampler.steps()
    assert len(first) == len(second) == sampler.steps_per_epoch
    assert first != second
    sampler.set_epoch(0)
    assert sampler.steps() == first


def test_trainer_two_processes_read_the_parts_of_one() -> None:
    alone = list(StepSampler(lengths(200), 8, seed=5))
    shared = [list(StepSampler(lengths(200), 8, seed=5, rank=rank, world=2)) for rank in range(PARTS)]
    assert [part for step in zip(*shared, strict=True) for part in step] == alone


def test_trainer_steps_hold_about_equal_tokens() -> None:
    sizes = lengths(2000)
    steps = StepSampler(sizes, 16, seed=1).steps()
    tokens = [sum(sizes[index] for index in step) for step in steps]
    padded = [max(sizes[index] for index in step) * len(step) for step in steps]
    assert np.std(tokens) / np.mean(tokens) < 0.2
    assert sum(padded) / sum(tokens) < 1.15


def test_trainer_readings_carry_their_labels() -> None:
    readings = [Reading(0, [0, 5, 2], [0] * 3, [1], [[1]], True), Reading(0, [0, 6, 2], [0] * 3, [0], [[1]], False)]
    labels = [([MISSING], 0), ([2], MISSING)]
    items = [LabelledReading(reading, *of) for reading, of in zip(readings, labels, strict=True)]
    dataset = TrainingReadings(items)
    assert dataset[0][1:] == ([MISSING], 0)
    assert dataset[1][1:] == ([2], MISSING)
    weights = np.array([1, 1, 3], dtype=np.float32)
    assert dataset.labels(weights).tolist() == [3.0, 1.0]


def test_trainer_optimizer_has_a_rate_for_encoder_and_heads_and_decays_no_bias() -> None:
    config = BertConfig(vocab_size=50, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    model = StanceClassifier(BertModel(config, add_pooling_layer=False), target="span", dropout=0.1)
    model.encoder.get_input_embeddings().requires_grad_(False)
    optimizer = make_optimizer(model, encoder_rate=1e-5, head_rate=1e-3, weight_decay=0.01)
    owner = {id(parameter): group for group in optimizer.param_groups for parameter in group["params"]}
    named = dict(model.named_parameters())
    head, bias = named["stance_head.1.weight"], named["encoder.encoder.layer.0.output.dense.bias"]
    assert (owner[id(head)]["lr"], owner[id(head)]["weight_decay"]) == (1e-3, 0.01)
    assert (owner[id(bias)]["lr"], owner[id(bias)]["weight_decay"]) == (1e-5, 0.0)
    assert id(model.encoder.get_input_embeddings().weight) not in owner
    trained = sum(parameter.requires_grad for parameter in model.parameters())
    assert len(owner) == trained


def test_trainer_lower_layers_learn_at_lower_rates() -> None:
    config = BertConfig(vocab_size=50, hidden_size=16, num_hidden_layers=3, num_attention_heads=2, intermediate_size=32)
    model = StanceClassifier(BertModel(config, add_pooling_layer=False), target="span", dropout=0.1)
    optimizer = make_optimizer(model, encoder_rate=1e-3, head_rate=1e-2, weight_decay=0.01, layer_decay=0.5)
    rates = {id(parameter): group["lr"] for group in optimizer.param_groups for parameter in group["params"]}
    named = {name: rates[id(parameter)] for name, parameter in model.named_parameters()}
    assert [named[f"encoder.encoder.layer.{layer}.output.dense.weight"] for layer in range(3)] == [2.5e-4, 5e-4, 1e-3]
    assert named["encoder.embeddings.word_embeddings.weight"] == 1.25e-4
    assert named["stance_head.1.weight"] == 1e-2
    assert optimizer.param_groups[0]["lr"] == 1e-3  # what the log shows


def test_trainer_class_weights_are_scikit_learns() -> None:
    labels = np.array([0, 1, 1, 1, 2, MISSING])
    assert class_weights("none", labels).tolist() == [1, 1, 1]
    assert class_weights("balanced", labels) == pytest.approx([5 / 3, 5 / 9, 5 / 3])
