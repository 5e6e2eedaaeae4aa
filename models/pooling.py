"""What the heads see of a sentence and of each actor."""

from torch import Tensor


def mean_of_mentions(states: Tensor, mention_tokens: Tensor, mention_actors: Tensor, actors: int) -> Tensor:
    """Return each actor's mean over the token states of all its mentions: (actors, hidden).

    `states` is (readings, tokens, hidden); the indices are those of `models.batches.make_batch`.
    The sum is taken in fp32.
    """
    hidden = states.shape[-1]
    flat = states.reshape(-1, hidden).float()  # (readings * tokens, hidden)
    sums = flat.new_zeros(actors, hidden).index_add(0, mention_actors, flat[mention_tokens])  # (actors, hidden)
    ones = flat.new_ones(len(mention_actors))  # counted so, and not by bincount, which no ONNX operator is
    counts = flat.new_zeros(actors).index_add(0, mention_actors, ones)  # (actors,)
    return sums / counts.unsqueeze(1)
