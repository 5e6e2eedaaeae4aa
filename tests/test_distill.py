"""Distillation: a student near its teacher, the same after a kill as without one."""

import gzip
import json
import lzma
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import AutoModel, BertConfig, BertModel, BertTokenizer, TrainingArguments
from typer.testing import CliRunner

from data.problems import UserError
from data.soft_labels import read_soft_sentences
from data.unlabelled import count_text, mixed_sentences, read_lines
from models.classifier import StanceClassifier
from models.encoder import load_encoder
from models.student import evenly_spaced, make_student
from models.words import words_of_tokens
from tests.conftest import small_bert, small_corpus, train_tokenizer
from tests.test_fit import environment, runs, train
from train.cli import app
from train.distill import Student
from train.distill_data import DistillStream, PairMaker, collate, unlabelled
from train.distill_settings import DistillSettings
from train.distill_trainer import DistillTrainer
from train.trainer import make_optimizer

TEXT = [sentence.text for sentence in small_corpus(600)]


def text_files(folder: Path) -> list[Path]:
    """Three files of one text, each packed another way."""
    parts = ["\n".join(TEXT[start::3]) + "\n" for start in range(3)]
    (folder / "a.txt").write_text(parts[0], encoding="utf-8")
    with gzip.open(folder / "b.txt.gz", "wt", encoding="utf-8") as packed:
        packed.write(parts[1])
    with lzma.open(folder / "c.txt.xz", "wt", encoding="utf-8") as packed:
        packed.write(parts[2])
    return [folder / "a.txt", folder / "b.txt.gz", folder / "c.txt.xz"]


def soft_file(folder: Path) -> Path:
    path = folder / "soft.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for sentence in small_corpus(200):
            favor = 0.9 if sentence.actors[1].stance == "favor" else 0.1
            soft = {"against": 0.0, "neutral": 1 - favor, "favor": favor}
            (start, end) = sentence.actors[1].mentions[0]
            actors = [{"actor": "Kowal", "mentions": [[start, end]], "stance_probabilities": soft}]
            file.write(json.dumps({"id": sentence.id, "text": sentence.text, "actors": actors}) + "\n")
    return path


@pytest.fixture(scope="module")
def teacher(published_encoder: Path) -> Path:
    return published_encoder


# --- text


def test_unlabelled_files_are_read_packed_or_not(tmp_path: Path) -> None:
    files = text_files(tmp_path)
    assert sorted(line for path in files for line in read_lines(path)) == sorted(TEXT)


def test_unlabelled_text_is_mixed_and_each_line_comes_once_a_pass(tmp_path: Path) -> None:
    files = [count_text(path, lambda lines: None) for path in text_files(tmp_path)]
    stream = mixed_sentences(files, share=1.0, seed=3)
    first = [next(stream) for _ in TEXT]
    second = [next(stream) for _ in TEXT]
    assert sorted(first) == sorted(second) == sorted(TEXT)
    assert first != second
    again = mixed_sentences(files, share=1.0, seed=3)
    assert [next(again) for _ in TEXT] == first
    origin = [TEXT.index(text) % 3 for text in first]
    assert all(40 < sum(file == which for file in origin[:200]) < 95 for which in range(3))


def test_unlabelled_share_and_skipped_lines(tmp_path: Path) -> None:
    files = [count_text(path, lambda lines: None) for path in text_files(tmp_path)]
    stream = mixed_sentences(files, share=0.25, seed=1, skip=lambda line: "skryty" in line)
    some = [next(stream) for _ in range(300)]
    assert not any("skryty" in text for text in some)
    assert len(set(some)) > 200  # from two passes at least, each with other lines


def test_unlabelled_file_that_is_broken_or_empty_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("\n\n")
    with pytest.raises(UserError, match=r"empty\.txt: expected lines of text, found none"):
        count_text(tmp_path / "empty.txt", lambda lines: None)
    (tmp_path / "latin.txt").write_bytes("dobre\n\nżółć".encode("iso-8859-2"))
    with pytest.raises(UserError, match=r"latin\.txt:3: expected UTF-8"):
        list(read_lines(tmp_path / "latin.txt"))
    (tmp_path / "cut.txt.xz").write_bytes(lzma.compress(b"a" * 10_000)[:60])
    with pytest.raises(UserError, match="found a broken file"):
        list(read_lines(tmp_path / "cut.txt.xz"))
    with pytest.raises(UserError, match="cannot open it"):
        list(read_lines(tmp_path / "none.txt"))


# --- soft labels


def test_soft_labels_are_probabilities_or_certainties(tmp_path: Path) -> None:
    record = {
        "id": "a",
        "text": "Nowak poznał Kowala i Nowaka.",
        "actors": [
            {"actor": "Nowak", "mentions": [[0, 5]], "stance": "favor"},
            {"actor": "Kowal", "mentions": [[13, 19]]},
            {"actor": "Nowak", "mentions": [[22, 28]], "stance_probabilities": {"against": 0.25, "neutral": 0.75}},
        ],
    }
    (tmp_path / "s.jsonl").write_text(json.dumps(record))
    (sentence,) = read_soft_sentences(tmp_path / "s.jsonl")
    assert [actor.mentions for actor in sentence.sentence.actors] == [((0, 5),), ((22, 28),)]
    assert sentence.stance.tolist() == [[0.0, 0.0, 1.0], [0.25, 0.75, 0.0]]


def test_soft_labels_that_are_no_probabilities_are_refused(tmp_path: Path) -> None:
    actor = {"actor": "Nowak", "mentions": [[0, 5]], "stance_probabilities": {"against": 0.2}}
    (tmp_path / "s.jsonl").write_text(json.dumps({"id": "a", "text": "Nowak poszedł.", "actors": [actor]}))
    with pytest.raises(UserError, match=r"s\.jsonl:1: expected stance_probabilities of against, neutral, favor that"):
        read_soft_sentences(tmp_path / "s.jsonl")


# --- words


def test_words_of_two_tokenizers_agree() -> None:
    tokenizer = train_tokenizer()
    text = " Nowak  pochwalił Kowala, numer 12."
    words = words_of_tokens(text, tokenizer.encode(text))
    tokens = tokenizer.encode(text).tokens
    spelt = ["".join(t for t, w in zip(tokens, words, strict=True) if w == word) for word in range(1, 6)]
    assert [word.replace("</w>", "") for word in spelt] == ["Nowak", "pochwalił", "Kowala,", "numer", "12."]


# --- student


def test_student_has_evenly_spaced_layers() -> None:
    assert evenly_spaced(12, 6) == [1, 3, 5, 7, 9, 11]
    assert evenly_spaced(12, 4) == [2, 5, 8, 11]
    assert evenly_spaced(3, 3) == [0, 1, 2]
    with pytest.raises(UserError, match="--layers: expected 1 to 12"):
        evenly_spaced(12, 13)


def test_student_with_all_layers_and_pieces_is_the_teacher() -> None:
    torch.manual_seed(0)
    config = BertConfig(vocab_size=50, hidden_size=16, num_hidden_layers=3, num_attention_heads=2, intermediate_size=32)
    teacher = BertModel(config, add_pooling_layer=False).eval()  # type: ignore[no-untyped-call]
    ids = torch.arange(40).reshape(2, 20)
    expected = teacher(input_ids=ids).last_hidden_state
    same = make_student(teacher, layers=3, kept=range(50)).eval()  # type: ignore[no-untyped-call]
    torch.testing.assert_close(same(input_ids=ids).last_hidden_state, expected)
    kept = [0, *range(49, 9, -1)]
    fewer = make_student(teacher, layers=3, kept=kept).eval()  # type: ignore[no-untyped-call]
    moved = torch.tensor([[kept.index(int(old)) for old in row] for row in ids + 10])
    torch.testing.assert_close(fewer(input_ids=moved).last_hidden_state, teacher(input_ids=ids + 10).last_hidden_state)


def test_each_layer_of_the_student_is_compared_with_its_own_of_the_teacher(teacher: Path, tmp_path: Path) -> None:
    encoder = load_encoder(str(teacher))
    student = make_student(encoder.model, layers=2, kept=range(encoder.model.config.vocab_size))
    for module in student.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    tokenizer = encoder.plain_tokenizer()
    maker = PairMaker(tokenizer, tokenizer, max_tokens=48)
    batch = collate(maker.pairs([unlabelled(text) for text in TEXT[:8]]), student_pad=1, teacher_pad=1)

    def loss(layers: list[int]) -> float:
        model = StanceClassifier(student, target="span", dropout=0.0)
        trainer = DistillTrainer(
            model=model,
            teacher=encoder.model,
            layers=layers,
            args=TrainingArguments(str(tmp_path), max_steps=1, use_cpu=True, report_to="none"),
            stream=cast(DistillStream, [batch]),
            optimizer=make_optimizer(model, encoder_rate=1e-3, head_rate=1e-3, weight_decay=0.0),
            held_out=[batch],
            callbacks=[],
        )
        return trainer.compute_loss(model, dict(batch)).item()

    assert loss([0, 1]) == pytest.approx(0.0, abs=1e-6)
    assert loss([1, 1]) > 1e-5  # the last states are the same still
    assert loss([1, 0]) == pytest.approx(loss([1, 1]) + loss([0, 0]), rel=0.01)


# --- the command


def words(folder: Path, teacher: Path, output: str) -> list[str | Path]:
    numbers = "--layers 1 --vocab 200 --tokens 12000 --tokens-per-step 200 --max-tokens 48 --learning-rate 2e-3"
    flags: list[str | Path] = ["--teacher", teacher, "--text", *text_files(folder), "--labelled", soft_file(folder)]
    return ["distill", *flags, "--output", output, *numbers.split(), "--checkpoint-steps", "10", "--precision", "fp32"]


@pytest.fixture(scope="module")
def distilled(teacher: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("distilled")
    train(*words(folder, teacher, "student"), folder=folder)
    return folder


@pytest.mark.slow
def test_distill_brings_the_student_near_its_teacher(distilled: Path) -> None:
    (run,) = runs(distilled)
    assert run.info.status == "FINISHED"
    import mlflow

    client = mlflow.MlflowClient(f"sqlite:///{distilled / 'mlflow.db'}")
    history = [metric.value for metric in client.get_metric_history(run.info.run_id, "held_out_word_cosine")]
    assert history[-1] > history[0] and history[-1] > 0.9
    assert {
        "train_loss",
        "word_distance",
        "word_cosine",
        "stance_divergence",
        "tokens_per_s",
    } <= run.data.metrics.keys()
    assert run.data.tags["teacher_revision"].startswith("sha256:")
    assert len(run.data.tags["text_sha256_c.txt.xz"]) == 64


@pytest.mark.slow
def test_distill_leaves_an_encoder_that_fit_can_read(distilled: Path, data_folder: Path) -> None:
    student = load_encoder(str(distilled / "student"))
    assert student.model.config.num_hidden_layers == 1
    assert len(student.tokenizer) == student.model.config.vocab_size <= 200
    assert student.tokenizer.pad_token_id == student.model.config.pad_token_id
    weights = load_file(distilled / "student" / "model.safetensors")
    assert {str(tensor.dtype) for tensor in weights.values()} == {"float16"}
    assert "soft labels" not in (distilled / "student" / "README.md").read_text()
    assert AutoModel.from_pretrained(distilled / "student") is not None
    quick = ("--epochs", "1", "--batch-size", "8", "--max-tokens", "48", "--output", "fitted")
    train("fit", "--data", data_folder, "--encoder", distilled / "student", *quick, folder=distilled)


@pytest.mark.slow
def test_distill_and_fit_take_an_encoder_of_word_pieces(tmp_path: Path, data_folder: Path) -> None:
    wordpiece = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    wordpiece.normalizer = normalizers.BertNormalizer(lowercase=False)
    wordpiece.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    wordpiece.train_from_iterator(
        TEXT, trainers.WordPieceTrainer(vocab_size=400, special_tokens=special, show_progress=False)
    )
    BertTokenizer(vocab=wordpiece.get_vocab(), do_lower_case=False).save_pretrained(tmp_path / "bert")
    BertModel(small_bert(400)).save_pretrained(tmp_path / "bert")
    train(*words(tmp_path, tmp_path / "bert", "student"), "--tokens", "400", folder=tmp_path)
    student = load_encoder(str(tmp_path / "student"))
    assert len(student.tokenizer) == student.model.config.vocab_size <= 200
    assert not any(student.tokenizer.unk_token_id in student.tokenizer(text)["input_ids"] for text in TEXT)
    assert student.tokenizer.tokenize("Żółć") == ["[UNK]"]  # letters that the text lacks
    quick = ("--epochs", "1", "--batch-size", "8", "--max-tokens", "48", "--output", "fitted")
    train("fit", "--data", data_folder, "--encoder", tmp_path / "student", *quick, folder=tmp_path)


@pytest.mark.slow
def test_distill_killed_and_resumed_gives_the_same_student(distilled: Path, teacher: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "train", *map(str, words(tmp_path, teacher, "student"))],
        cwd=tmp_path,
        env=environment(),
        stderr=subprocess.DEVNULL,
    )
    checkpoint = tmp_path / "student.partial" / "checkpoints" / "checkpoint-30" / "trainer_state.json"
    deadline = time.monotonic() + 120
    while not checkpoint.exists() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "student").exists()
    train("distill", "--resume", "student.partial", folder=tmp_path)
    ours = load_file(tmp_path / "student" / "model.safetensors")
    theirs = load_file(distilled / "student" / "model.safetensors")
    assert ours.keys() == theirs.keys()
    assert all(np.array_equal(ours[name], theirs[name]) for name in ours)
    (run,) = runs(tmp_path)
    assert run.info.status == "FINISHED"


def test_distill_takes_a_flag_of_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[DistillSettings] = []

    def note(settings: DistillSettings, *, workspace: object) -> Student:
        given.append(settings)
        return Student(settings.output, "run", {})

    monkeypatch.setattr("train.distill.distill", note)
    flags = ["--teacher", "x/y", "--text", "a.txt", "b.txt", "--output", str(tmp_path / "out")]
    result = CliRunner().invoke(app, ["distill", *flags, "--labelled-share", "0", "--seed", "0"])
    assert result.exit_code == 0, result.output
    assert (given[0].labelled_share, given[0].seed, len(given[0].text)) == (0.0, 0, 2)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--teacher", "x/y", "--output", "out"], "--text: expected a value"),
        (["--teacher", "none", "--text", "a.txt", "--output", "out"], "--encoder none: expected a folder"),
        (["--teacher", "{}", "--text", "a.txt", "--output", "out", "--layers", "9"], "--layers: expected 1 to 2"),
        (
            ["--teacher", "{}", "--text", "none.txt", "--output", "out", "--layers", "1"],
            "none.txt: expected a text file",
        ),
        (["--teacher", "{}", "--text", "a.txt", "--output", "."], "expected a new or empty folder"),
    ],
)
def test_distill_says_what_is_wrong(flags: list[str], message: str, teacher: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n".join(TEXT))
    done = train("distill", *(flag.format(teacher) for flag in flags), folder=tmp_path, status=2)
    assert message in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir() if "mlflow" not in path.name) == ["a.txt"]
