"""The classifier: an encoder, a stance head over each actor, a sentiment head over the sentence."""

import inspect
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from data.labels import SENTIMENTS, STANCES
from models.pooling import mean_of_mentions


@dataclass(frozen=True)
class Logits:
    """Unnormalised log-probabilities: `stance` (actors, 3), `sentiment` (readings, 3)."""

    stance: Tensor
    sentiment: Tensor


class StanceClassifier(nn.Module):
    """One pass over the sentences gives a stance for every actor and a sentiment for each sentence.

    With target "span" the stance head sees the mean of the actor's token states joined with the
    sentence's first state; with "pair" and "none" the first state alone.
    """

    def __init__(self, encoder: PreTrainedModel, *, target: str, dropout: float) -> None:
        super().__init__()
        hidden = int(encoder.config.hidden_size)
        self.encoder = encoder
        self.target = target
        self.stance_head = _head(hidden * (2 if target == "span" else 1), hidden, len(STANCES), dropout)
        self.sentiment_head = _head(hidden, hidden, len(SENTIMENTS), dropout)
        self._reads_types = "token_type_ids" in inspect.signature(encoder.forward).parameters
        self._last_type = int(getattr(encoder.config, "type_vocab_size", 1)) - 1
        self._frozen: list[nn.Module] = []
        self._views: tuple[PreTrainedModel, ...] = ()  # lower and upper part of the encoder, where one is frozen

    def forward(
        self,
        input_ids: Tensor,  # (readings, tokens)
        attention_mask: Tensor,  # (readings, tokens)
        token_type_ids: Tensor,  # (readings, tokens)
        actor_rows: Tensor,  # (actors,)
        mention_tokens: Tensor,  # (mention tokens,)
        mention_actors: Tensor,  # (mention tokens,)
        lower_states: Tensor | None = None,  # (readings, tokens, hidden)
    ) -> Logits:
        """Return the logits of a batch as `models.batches.make_batch` describes it."""
        states = self.encode(input_ids, attention_mask, token_type_ids, lower_states)
        return self.read(states, actor_rows, mention_tokens, mention_actors)

    def encode(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, lower_states: Tensor | None = None
    ) -> Tensor:
        """Return the encoder's last states (readings, tokens, hidden), from those of its frozen layers if given."""
        if lower_states is not None:
            upper: Tensor = self._views[1](inputs_embeds=lower_states, attention_mask=attention_mask).last_hidden_state
            return upper
        return self._encode(self.encoder, input_ids, attention_mask, token_type_ids)

    def encode_lower(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Return the states after the frozen layers (readings, tokens, hidden)."""
        return self._encode(self._views[0], input_ids, attention_mask, token_type_ids)

    def encode_layers(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> tuple[Tensor, ...]:
        """Return the states after each layer of the encoder, each (readings, tokens, hidden)."""
        types = self._types(token_type_ids)
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True, **types)
        layers: tuple[Tensor, ...] = states.hidden_states[1:]  # the first are the embeddings
        return layers

    def _encode(
        self, encoder: PreTrainedModel, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> Tensor:
        types = self._types(token_type_ids)
        states: Tensor = encoder(input_ids=input_ids, attention_mask=attention_mask, **types).last_hidden_state
        return states

    def _types(self, token_type_ids: Tensor) -> dict[str, Tensor]:
        return {"token_type_ids": token_type_ids.clamp(max=self._last_type)} if self._reads_types else {}

    def set_frozen(self, modules: list[nn.Module], *, lower: PreTrainedModel, upper: PreTrainedModel) -> None:
        """Freeze modules of the encoder; `lower` and `upper` are its parts up to them and after them."""
        for module in modules:
            module.requires_grad_(False)
        self._frozen = modules
        self._views = (lower, upper)

    def train(self, mode: bool = True) -> "StanceClassifier":
        """Set the mode, as torch does, but for what is frozen: it has no dropout, so that it is the same each time."""
        super().train(mode)
        for module in self._frozen:
            module.eval()
        return self

    def read(self, states: Tensor, actor_rows: Tensor, mention_tokens: Tensor, mention_actors: Tensor) -> Logits:
        """Return what the heads make of the encoder's states."""
        first = states[:, 0].float()  # (readings, hidden)
        seen = first[actor_rows]  # (actors, hidden)
        if self.target == "span":
            spans = mean_of_mentions(states, mention_tokens, mention_actors, len(actor_rows))
            seen = torch.cat([spans, seen], dim=1)  # (actors, 2 * hidden)
        return Logits(stance=self.stance_head(seen).float(), sentiment=self.sentiment_head(first).float())


def _head(inputs: int, hidden: int, labels: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(dropout), nn.Linear(inputs, hidden), nn.Tanh(), nn.Dropout(dropout), nn.Linear(hidden, labels)
    )
