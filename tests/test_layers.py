"""Where a parameter of an encoder stands."""

import pytest
from transformers import (
    AlbertConfig,
    AlbertModel,
    BertConfig,
    BertModel,
    DistilBertConfig,
    DistilBertModel,
    PreTrainedModel,
)

from models.layers import layers_above


def test_layers_are_counted_from_the_last_one() -> None:
    sizes = BertConfig(vocab_size=20, hidden_size=8, num_attention_heads=2, intermediate_size=8, num_hidden_layers=4)
    above = layers_above(BertModel(sizes))
    assert above["encoder.layer.3.output.dense.weight"] == above["pooler.dense.weight"] == 0
    assert above["encoder.layer.0.attention.self.query.bias"] == 3
    assert above["embeddings.LayerNorm.weight"] == 4


@pytest.mark.parametrize(
    ("encoder", "name", "layers"),
    [
        (
            DistilBertModel(DistilBertConfig(vocab_size=20, dim=8, n_heads=2, n_layers=3, hidden_dim=8)),
            "transformer.layer.0.ffn.lin1.weight",
            2,
        ),
        (
            AlbertModel(  # six times one layer
                AlbertConfig(
                    vocab_size=20,
                    hidden_size=8,
                    num_attention_heads=2,
                    intermediate_size=8,
                    embedding_size=4,
                    num_hidden_layers=6,
                )
            ),
            "encoder.albert_layer_groups.0.albert_layers.0.ffn.weight",
            0,
        ),
    ],
)
def test_layers_of_other_kinds_of_encoders_are_found(encoder: PreTrainedModel, name: str, layers: int) -> None:
    above = layers_above(encoder)
    assert above[name] == layers
    assert above["embeddings.word_embeddings.weight"] > layers
