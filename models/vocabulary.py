"""A tokenizer cut to the pieces that a text needs: Unigram (XLM-R's kind), BPE (HerBERT's) and WordPiece (BERT's)."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from data.problems import UserError


class PieceCounter:
    """Counts how often each piece of a tokenizer stands in a text."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self.counts: NDArray[np.int64] = np.zeros(tokenizer.get_vocab_size(), dtype=np.int64)

    def add(self, lines: Sequence[str]) -> None:
        """Count the pieces of some lines."""
        encodings = self._tokenizer.encode_batch_fast(list(lines), add_special_tokens=False)
        ids = np.concatenate([np.array(encoding.ids, dtype=np.int64) for encoding in encodings])
        self.counts += np.bincount(ids, minlength=len(self.counts))


def cut_tokenizer(tokenizer: Tokenizer, counts: NDArray[np.int64], size: int) -> tuple[Tokenizer, list[int]]:
    """Return a tokenizer of about `size` pieces and, for each of them, its id in the old one.

    The most frequent pieces stay, and with them the special ones and every character that the
    text uses: a word of the text that had no unknown piece has none afterwards. In a BPE a piece
    counts for the pieces it is merged from too, so that what stays can still be merged.

    Raises:
        UserError: The tokenizer is of another kind, or `size` is less than the text's characters need.
    """
    spec = json.loads(tokenizer.to_str())
    kind = spec["model"]["type"]
    special = {entry["id"] for entry in spec["added_tokens"]}
    if kind == "Unigram":
        weights, needed = counts, _characters_of_unigram(spec["model"], counts)
    elif kind == "BPE":
        weights, needed = _with_merged(spec["model"], counts)
    elif kind == "WordPiece":
        weights, needed = counts, _characters_of_word_pieces(spec["model"], counts)
    else:
        raise UserError(
            f"--teacher: expected a Unigram, BPE or WordPiece tokenizer, found {kind}. Choose another teacher."
        )
    needed |= special
    if len(needed) > size:
        raise UserError(
            f"--vocab: expected at least {len(needed)}, which the characters of the text need; found {size}."
        )
    by_count = np.argsort(-weights, kind="stable").tolist()
    others = [piece for piece in by_count if piece not in needed and weights[piece] > 0]
    kept = sorted([*needed, *others[: size - len(needed)]])
    return Tokenizer.from_str(json.dumps(_cut_spec(spec, kept))), kept


def _characters_of_unigram(model: Mapping[str, Any], counts: NDArray[np.int64]) -> set[int]:
    ids = {piece: index for index, (piece, _) in enumerate(model["vocab"])}
    return {model["unk_id"]} | _characters(ids, counts, list)


def _characters_of_word_pieces(model: Mapping[str, Any], counts: NDArray[np.int64]) -> set[int]:
    ids, prefix = model["vocab"], model["continuing_subword_prefix"]

    def spelt(piece: str) -> list[str]:
        inner = piece.startswith(prefix)
        letters = enumerate(piece.removeprefix(prefix))
        return [prefix + letter if place or inner else letter for place, letter in letters]

    return {ids[model["unk_token"]]} | _characters(ids, counts, spelt)


def _characters(ids: Mapping[str, int], counts: NDArray[np.int64], spelt: Callable[[str], Sequence[str]]) -> set[int]:
    """Return the single characters of all used pieces, and used pieces that cannot be spelt with them."""
    needed: set[int] = set()
    for piece, index in ids.items():
        if counts[index]:
            letters = [ids.get(letter) for letter in spelt(piece)]
            needed |= {letter for letter in letters if letter is not None}
            if None in letters:
                needed.add(index)
    return needed


def _with_merged(model: Mapping[str, Any], counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], set[int]]:
    """Return the counts with each piece's added to those it is merged from, and the used ones merged of none."""
    ids: dict[str, int] = model["vocab"]
    weights = counts.copy()
    made: set[int] = set()
    for left, right in reversed(list(_pairs(model["merges"]))):
        whole = ids[left + right]
        if whole not in made:
            made.add(whole)
            weights[ids[left]] += weights[whole]
            weights[ids[right]] += weights[whole]
    unknown = ids.get(model.get("unk_token"))  # type: ignore[arg-type]
    return weights, {index for index in ids.values() if index == unknown or (index not in made and weights[index])}


def _pairs(merges: Iterable[Any]) -> Iterable[tuple[str, str]]:
    for merge in merges:
        left, right = merge.split(" ") if isinstance(merge, str) else merge
        yield left, right


def _cut_spec(spec: dict[str, Any], kept: list[int]) -> dict[str, Any]:
    new_ids = {old: new for new, old in enumerate(kept)}
    model = dict(spec["model"])
    if model["type"] == "Unigram":
        pieces = model["vocab"]  # special pieces may come after them
        model["vocab"] = [pieces[old] for old in kept if old < len(pieces)]
        model["unk_id"] = new_ids[model["unk_id"]]
    else:
        ids = model["vocab"]
        model["vocab"] = {piece: new_ids[old] for piece, old in ids.items() if old in new_ids}
    if model["type"] == "BPE":
        model["merges"] = [
            [left, right]
            for left, right in _pairs(model["merges"])
            if all(piece in model["vocab"] for piece in (left, right, left + right))
        ]
    added = [{**entry, "id": new_ids[entry["id"]]} for entry in spec["added_tokens"]]
    return {**spec, "model": model, "added_tokens": added, "post_processor": _moved(spec["post_processor"], new_ids)}


def _moved(processor: Any, new_ids: Mapping[int, int]) -> Any:
    """Return a post-processor with the new ids of the special tokens, whichever of its kinds it is."""
    if isinstance(processor, list):
        return [_moved(entry, new_ids) for entry in processor]
    if not isinstance(processor, dict):
        return processor
    moved = {key: _moved(value, new_ids) for key, value in processor.items()}
    if "ids" in moved:
        moved["ids"] = [new_ids[old] for old in moved["ids"]]
    for key in ("sep", "cls"):  # ["</s>", 2]
        if isinstance(moved.get(key), list):
            moved[key] = [moved[key][0], new_ids[moved[key][1]]]
    return moved
