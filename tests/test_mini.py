"""The encoder that ships with the project: small, whole, and able to read Polish."""

import json
from pathlib import Path

import pytest
import torch

from data.folder import BUNDLED
from data.labelled_files import read_sentences, write_sentences
from models.encoder import LoadedEncoder, load_encoder
from models.encoder_folder import MINI
from tests.test_fit import runs, train

MOST_BYTES = 36 * 1024 * 1024


@pytest.fixture(scope="module")
def mini() -> LoadedEncoder:
    return load_encoder("mini")


def test_mini_is_small_and_has_its_card() -> None:
    files = {path.name: path.stat().st_size for path in MINI.iterdir()}
    assert sum(files.values()) <= MOST_BYTES
    assert {"config.json", "model.safetensors", "tokenizer.json", "README.md"} <= files.keys()
    card = (MINI / "README.md").read_text(encoding="utf-8")
    for part in ("MIT", "train distill", "sentences/s", "Learning curve"):
        assert part in card
    assert json.loads((MINI / "config.json").read_text())["num_hidden_layers"] == 6


def test_mini_knows_every_polish_word(mini: LoadedEncoder) -> None:
    unknown = mini.tokenizer.unk_token_id
    missed = set()
    for sentence in read_sentences(BUNDLED / "test.jsonl"):
        read = mini.tokenizer(sentence.text, return_offsets_mapping=True)
        places = zip(read["input_ids"], read["offset_mapping"], strict=True)
        missed |= {letter for piece, (start, end) in places if piece == unknown for letter in sentence.text[start:end]}
    assert not missed & set("aąbcćdeęfghijklłmnńoóprsśtuwyzźżvqxAĄBCĆDEĘFGHIJKLŁMNŃOÓPRSŚTUWYZŹŻVQX0123456789")
    assert missed <= set("īŞț")  # of foreign names, not in the text that the vocabulary was cut to
    assert unknown not in mini.tokenizer("Zażółć gęślą jaźń – „PiS-owi” 3,5 mld €…")["input_ids"]


def test_mini_tells_meaning_not_only_words(mini: LoadedEncoder) -> None:
    """Compare sentences by the mean of their states: a paraphrase is nearer than the contrary in like words."""

    def state(text: str) -> torch.Tensor:
        with torch.inference_mode():
            mini.model.eval()  # type: ignore[no-untyped-call]
            states = mini.model(**mini.tokenizer(text, return_tensors="pt")).last_hidden_state[0]
        return torch.nn.functional.normalize(states.mean(dim=0), dim=0)

    here = state("Minister ostro skrytykował decyzję prezydenta.")
    same = state("Szef resortu nie zostawił suchej nitki na postanowieniu głowy państwa.")
    other = state("W sobotę nad morzem będzie słonecznie i ciepło.")
    assert float(here @ same) > float(here @ other)


@pytest.mark.slow
def test_mini_learns_stance_from_few_sentences(tmp_path: Path) -> None:
    """Fit on 400 bundled sentences for two minutes at most: well above what words alone give (0.40)."""
    for split, count in (("train", 400), ("dev", 120), ("test", 200)):
        write_sentences(read_sentences(BUNDLED / f"{split}.jsonl")[:count], tmp_path / f"{split}.jsonl")
    brief = ("--epochs", "6", "--batch-size", "16", "--output", "out")
    train("fit", "--encoder", "mini", "--data", tmp_path, *brief, folder=tmp_path)
    (run,) = runs(tmp_path)
    assert run.data.metrics["test_stance_macro_f1"] > 0.5
    assert run.data.tags["encoder"] == "mini" and run.data.tags["encoder_revision"].startswith("sha256:")
