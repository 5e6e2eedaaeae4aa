"""What a student reads in a step: sentences in both tokenizations, their words, and soft labels."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer
from torch import Tensor
from torch.utils.data import IterableDataset

from data.sentence import LabelledSentence
from data.soft_labels import SoftSentence
from data.unlabelled import TextFile, mixed_sentences
from models.batches import by_token_budget, make_batch
from models.readings import Reading, make_readings
from models.words import words_of_tokens

POOL = 512  # sentences that are sorted by length together
NO_LABELS = np.zeros((0, 3), dtype=np.float32)


@dataclass(frozen=True)
class Pair:
    """A sentence as student and teacher read it; `words` says which word each token belongs to."""

    student: Reading
    student_words: NDArray[np.int64]
    teacher: Reading
    teacher_words: NDArray[np.int64]
    stance: NDArray[np.float32]  # (actors, 3)


class PairMaker:
    """Makes pairs of sentences, those too long for either side left out."""

    def __init__(self, student: Tokenizer, teacher: Tokenizer, *, max_tokens: int) -> None:
        self._tokenizers = (student, teacher)
        self._max_tokens = max_tokens
        for tokenizer in self._tokenizers:
            tokenizer.no_truncation()
            tokenizer.no_padding()

    def pairs(self, sentences: Sequence[SoftSentence]) -> list[Pair]:
        """Return the pairs of sentences, in order."""
        texts = [sentence.sentence.text for sentence in sentences]
        encodings = list(zip(*(tokenizer.encode_batch(texts) for tokenizer in self._tokenizers), strict=True))
        fitting = [
            (sentence, pair)
            for sentence, pair in zip(sentences, encodings, strict=True)
            if max(len(encoding.ids) for encoding in pair) <= self._max_tokens
        ]
        labelled = [sentence.sentence for sentence, _ in fitting]
        readings = make_readings(labelled, self._tokenizers[0], target="span", max_tokens=self._max_tokens)
        return [
            Pair(
                student=reading,
                student_words=words_of_tokens(sentence.sentence.text, ours),
                teacher=_plain_reading(theirs),
                teacher_words=words_of_tokens(sentence.sentence.text, theirs),
                stance=sentence.stance,
            )
            for reading, (sentence, (ours, theirs)) in zip(readings, fitting, strict=True)
        ]


def collate(pairs: Sequence[Pair], *, student_pad: int, teacher_pad: int) -> dict[str, Tensor]:
    """Return a batch as `models.batches.make_batch` has it, and beside it:

    - teacher_ids, teacher_mask: (pairs, teacher's tokens)
    - student_tokens, student_words, teacher_tokens, teacher_words: positions in the flattened batch and
      the word each belongs to, words numbered through the batch; only words that both sides see
    - words: (1,), how many they are
    - soft: (actors, 3)
    """
    batch = make_batch([pair.student for pair in pairs], pad_id=student_pad)
    theirs = make_batch([pair.teacher for pair in pairs], pad_id=teacher_pad)
    parts: dict[str, list[NDArray[np.int64]]] = {
        name: [] for name in ("student_tokens", "student_words", "teacher_tokens", "teacher_words")
    }
    words = 0
    for row, pair in enumerate(pairs):
        shared = np.intersect1d(pair.student_words, pair.teacher_words)
        shared = shared[shared >= 0]
        for side, ids, of in (
            ("student", batch["input_ids"], pair.student_words),
            ("teacher", theirs["input_ids"], pair.teacher_words),
        ):
            places = np.flatnonzero(np.isin(of, shared))
            parts[f"{side}_tokens"].append(places + row * ids.shape[1])
            parts[f"{side}_words"].append(np.searchsorted(shared, of[places]) + words)
        words += len(shared)
    arrays = {**batch, **{name: np.concatenate(of) for name, of in parts.items()}}
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
    tensors["teacher_ids"] = torch.from_numpy(theirs["input_ids"])
    tensors["teacher_mask"] = torch.from_numpy(theirs["attention_mask"])
    tensors["words"] = torch.tensor([words])
    tensors["soft"] = torch.from_numpy(np.concatenate([pair.stance for pair in pairs]))
    return tensors


class DistillStream(IterableDataset[dict[str, Tensor]]):
    """Batches without end: sentences of the text, among them labelled ones in the share asked for."""

    def __init__(
        self,
        maker: PairMaker,
        files: Sequence[TextFile],
        labelled: Sequence[SoftSentence],
        *,
        skip: Callable[[str], bool],
        share_of_text: float,
        share_of_labelled: float,
        tokens_per_step: int,
        pads: tuple[int, int],  # student's, teacher's
        seed: int,
    ) -> None:
        self._maker, self._files, self._labelled, self._skip = maker, files, labelled, skip
        self._share_of_text = share_of_text
        self._share_of_labelled = share_of_labelled if labelled else 0.0
        self._tokens_per_step, self._pads, self._seed = tokens_per_step, pads, seed

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        generator = np.random.default_rng([self._seed, 1])
        sentences = self._sentences(generator)
        while True:
            pairs = self._maker.pairs([next(sentences) for _ in range(POOL)])
            lengths = [max(len(pair.student.input_ids), len(pair.teacher.input_ids)) for pair in pairs]
            groups = list(by_token_budget(lengths, self._tokens_per_step))
            for index in generator.permutation(len(groups)):
                student_pad, teacher_pad = self._pads
                members = [pairs[member] for member in groups[index]]
                yield collate(members, student_pad=student_pad, teacher_pad=teacher_pad)

    def _sentences(self, generator: np.random.Generator) -> Iterator[SoftSentence]:
        texts = mixed_sentences(self._files, share=self._share_of_text, seed=self._seed, skip=self._skip)
        order: list[int] = []
        for text in texts:
            while generator.random() < self._share_of_labelled:
                order = order or generator.permutation(len(self._labelled)).tolist()
                yield self._labelled[order.pop()]
            yield unlabelled(text)


def unlabelled(text: str) -> SoftSentence:
    """Return a sentence without actors."""
    return SoftSentence(LabelledSentence("", "", text, ()), NO_LABELS)


def _plain_reading(encoding: Encoding) -> Reading:
    return Reading(0, encoding.ids, encoding.type_ids, [], [], True)
