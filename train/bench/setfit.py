"""How SetFit reads (sentence, actor) pairs, without that package."""

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from data.labels import STANCES

BATCH = 32  # sentence-transformers' default
CONTEXT_WORDS = 3  # SetFit's span_context


class SetFitReader:
    """Reads (sentence, actor) pairs as SetFit's aspect-based models do (Tunstall et al. 2022), without that package.

    A pair becomes one text: the mention with three words to either side, a colon, the sentence (`span_context` of
    its PolarityModel). sentence-transformers encodes the texts: sorted by length, 32 at a time, each batch padded
    to its longest, the mean of the token states as the text's vector. A linear head on it says the stance, as
    SetFit's logistic regression does. One pass a pair.
    """

    def __init__(self, body: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, max_tokens: int) -> None:
        self._body, self._tokenizer, self._max_tokens = body, tokenizer, max_tokens
        self._head = nn.Linear(int(body.config.hidden_size), len(STANCES)).to(body.device, body.dtype)

    def __call__(self, texts: list[str]) -> Tensor:
        """Return the probabilities (texts, 3)."""
        order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
        answers = torch.empty(len(texts), len(STANCES))
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            answers[places] = self._read([texts[place] for place in places]).float().cpu()
        return answers

    def _read(self, texts: list[str]) -> Tensor:
        batch = self._tokenizer(
            texts, padding=True, truncation=True, max_length=self._max_tokens, return_tensors="pt"
        ).to(self._body.device)
        with torch.inference_mode():
            states = self._body(**batch).last_hidden_state  # (texts, tokens, hidden)
            mask = batch["attention_mask"].unsqueeze(-1).to(states.dtype)  # (texts, tokens, 1)
            vectors = (states * mask).sum(dim=1) / mask.sum(dim=1)  # (texts, hidden)
            probabilities: Tensor = self._head(vectors).softmax(dim=1)
        return probabilities


def in_context(text: str, start: int, end: int) -> str:
    """Return a mention with three words to either side, a colon, and the whole text."""
    before, after = text[:start].split()[-CONTEXT_WORDS:], text[end:].split()[:CONTEXT_WORDS]
    return f"{' '.join([*before, text[start:end], *after])}:{text}"
