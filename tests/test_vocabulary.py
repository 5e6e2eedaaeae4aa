"""A cut tokenizer spells what the whole one spelt, with fewer pieces."""

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers

from data.problems import UserError
from models.vocabulary import PieceCounter, cut_tokenizer
from tests.conftest import small_corpus, train_tokenizer

TEXT = [sentence.text for sentence in small_corpus(120)]
SIZE = 90


MARKS = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])


def unigram() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(vocab_size=300, special_tokens=special, unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator([*TEXT, "żółć łąka 日本 żubr"] * 3, trainer)
    tokenizer.add_special_tokens(["<mask>"])
    tokenizer.post_processor = MARKS
    return tokenizer


def bpe() -> Tokenizer:
    tokenizer = train_tokenizer()
    tokenizer.post_processor = processors.BertProcessing(("</s>", 2), ("<s>", 0))
    return tokenizer


def word_piece() -> Tokenizer:
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=300, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator([*TEXT, "żółć łąka 日本 żubr"] * 3, trainer)
    tokenizer.post_processor = MARKS
    return tokenizer


def cut(whole: Tokenizer, size: int, text: list[str] = TEXT) -> tuple[Tokenizer, list[int]]:
    counter = PieceCounter(whole)
    counter.add(text)
    return cut_tokenizer(whole, counter.counts, size)


@pytest.mark.parametrize("make", [unigram, bpe, word_piece])
def test_vocabulary_cut_knows_every_word_of_the_text(make: type) -> None:
    whole = make()
    small, kept = cut(whole, SIZE)
    assert small.get_vocab_size() == len(kept) <= SIZE < whole.get_vocab_size()
    unknown = small.token_to_id("<unk>")
    for text in TEXT:
        encoding = small.encode(text)
        assert unknown not in encoding.ids
        assert encoding.tokens[0] == "<s>" and encoding.tokens[-1] == "</s>"
        read = "".join(encoding.tokens[1:-1]).replace("</w>", "").replace("▁", "").replace("##", "")
        assert read == text.replace(" ", "")


@pytest.mark.parametrize("make", [unigram, bpe, word_piece])
def test_vocabulary_ids_lead_to_the_same_pieces(make: type) -> None:
    whole = make()
    small, kept = cut(whole, SIZE)
    assert [whole.id_to_token(old) for old in kept] == [small.id_to_token(new) for new in range(len(kept))]


@pytest.mark.parametrize("make", [unigram, bpe, word_piece])
def test_vocabulary_large_enough_changes_nothing(make: type) -> None:
    whole = make()
    small, kept = cut(whole, 10_000)
    for text in TEXT:
        assert small.encode(text).tokens == whole.encode(text).tokens
        assert [kept[new] for new in small.encode(text).ids] == whole.encode(text).ids


@pytest.mark.parametrize("make", [unigram, bpe, word_piece])
def test_vocabulary_keeps_the_most_frequent_pieces(make: type) -> None:
    whole = make()
    counter = PieceCounter(whole)
    counter.add(TEXT)
    frequent = [whole.id_to_token(int(piece)) for piece in np.argsort(-counter.counts)[:12]]
    assert set(frequent) <= cut(whole, 250)[0].get_vocab().keys()


def test_vocabulary_too_small_for_the_letters_is_refused() -> None:
    with pytest.raises(UserError, match=r"--vocab: expected at least \d+, which the characters of the text need"):
        cut(unigram(), 20)


def test_vocabulary_of_another_kind_is_refused() -> None:
    words = Tokenizer(models.WordLevel({"<unk>": 0, "a": 1}, unk_token="<unk>"))
    with pytest.raises(UserError, match="expected a Unigram, BPE or WordPiece tokenizer, found WordLevel"):
        cut(words, 100, ["a"])
