"""Which word of a text each token belongs to, so that two tokenizers can be compared word by word."""

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding


def words_of_tokens(text: str, encoding: Encoding) -> NDArray[np.int64]:
    """Return for each token (tokens,) the word it belongs to, counted from 1; the first special token is 0.

    Words are what blanks separate. Other special tokens and padding are -1. A token that begins with
    the blank before a word belongs to that word.
    """
    blank = np.array([character.isspace() for character in text] or [True])
    begins = ~blank & np.concatenate([[True], blank[:-1]])
    begun = begins.cumsum()
    word_at = begun + blank  # (characters,), of a blank the word that follows
    starts = np.array([start for start, _ in encoding.offsets])
    words = word_at[np.minimum(starts, len(text) - 1)]
    special = np.array(encoding.special_tokens_mask, dtype=bool)
    words = np.where(special, -1, words)
    if special[0]:
        words[0] = 0
    return words.astype(np.int64)
