"""The precision of a reading: fastest at equal quality, tried once, remembered for the model and the machine."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.sentence import LabelledSentence
from models import threads
from models.loading import SentenceReader, load_predictor
from models.predictions import Predictions
from models.predictor import Predictor
from tests.conftest import small_corpus
from tests.test_cli import train
from tests.test_model_folder import write_model
from train import fastest as module
from train.fastest import ENOUGH, FastestReader, fastest, precisions_of, try_precisions
from train.trials import Trial, TrialMemory


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "stanowisko" / "precisions.json"


@pytest.fixture
def folder(published_encoder: Path, tmp_path: Path) -> Path:
    return write_model(tmp_path / "model", published_encoder)


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """Let bf16 be there and three times as fast, whatever the machine; return what was tried, each time."""
    asked: list[Sequence[str]] = []

    def trials(*arguments: Any) -> dict[str, Trial]:
        asked.append(arguments[2])
        return {"fp32": Trial(10.0, 0.0), "bf16": Trial(30.0, 0.002)}

    monkeypatch.setattr(module, "precisions_of", lambda _: ["fp32", "bf16"])
    monkeypatch.setattr(module, "try_precisions", trials)
    return asked


def test_fastest_of_those_that_read_as_well() -> None:
    assert fastest({"fp32": Trial(10, 0), "bf16": Trial(30, 0.003), "int8": Trial(40, 0.02)}) == "bf16"
    assert fastest({"fp32": Trial(10, 0), "bf16": Trial(9, 0.003)}) == "fp32"
    assert fastest({"fp32": Trial(10, 0), "bf16": Trial(30, float("nan"))}) == "fp32"


def test_fastest_reads_few_sentences_in_fp32(folder: Path, cache: Path, tried: list[Sequence[str]]) -> None:
    sentences = small_corpus(ENOUGH - 1)
    found = FastestReader(folder).predict(sentences)
    assert np.array_equal(found.stance, Predictor.from_folder(folder).predict(sentences).stance)
    assert not tried
    assert not cache.exists()


def test_fastest_is_tried_once_and_remembered(folder: Path, cache: Path, tried: list[Sequence[str]]) -> None:
    said: list[str] = []
    sentences = small_corpus(ENOUGH)
    for _ in range(2):
        reader = FastestReader(folder, say=said.append)
        found = reader.predict(sentences)
        reader.predict(sentences)
    assert tried == [["bf16"]]
    assert said == ["reading in bf16: 3.0 times as fast as fp32 here, probabilities differ by 0.0020 on average"] * 2
    expected = Predictor.from_folder(folder, "bf16").predict(sentences)
    assert np.array_equal(found.stance, expected.stance)
    assert not np.array_equal(found.stance, Predictor.from_folder(folder).predict(sentences).stance)


def test_fastest_is_tried_again_for_other_weights(
    folder: Path, published_encoder: Path, tmp_path: Path, cache: Path, tried: list[Sequence[str]]
) -> None:
    sentences = small_corpus(ENOUGH)
    other = write_model(tmp_path / "other", published_encoder, target="none")
    for path in (folder, other, folder):
        FastestReader(path).predict(sentences)
    assert len(tried) == 2
    assert len(json.loads(cache.read_text())) == 2


@pytest.mark.parametrize("held", ["no JSON", "[]", '{"KEY": 3}', '{"KEY": {"fp32": {"speed": 1}}}'])
def test_fastest_memory_that_holds_something_else_is_no_memory(
    folder: Path, cache: Path, tried: list[Sequence[str]], held: str
) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_text(held.replace("KEY", TrialMemory.of(folder, ["bf16"]).key))
    FastestReader(folder).predict(small_corpus(ENOUGH))
    assert len(tried) == 1
    assert TrialMemory.of(folder, ["bf16"]).recall()["bf16"] == Trial(30.0, 0.002)


def test_fastest_reads_on_where_nothing_can_be_remembered(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tried: list[Sequence[str]]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    FastestReader(folder).predict(small_corpus(ENOUGH))
    assert len(tried) == 1


def test_fastest_trials_measure_the_distance_of_the_probabilities(folder: Path) -> None:
    sentences = small_corpus(40)
    trials = try_precisions(folder, load_predictor(folder), ["bf16"], sentences)
    assert trials["fp32"].shift == 0
    assert 0 < trials["bf16"].shift < 0.01
    assert all(trial.sentences_per_s > 0 for trial in trials.values())


def test_fastest_trials_know_a_reader_that_is_wrong(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Turned:
        def __init__(self, reader: SentenceReader) -> None:
            self.reader = reader

        def predict(self, sentences: Sequence[LabelledSentence]) -> Predictions:
            made = self.reader.predict(sentences)
            return Predictions(made.stance[:, ::-1] ** 4, made.sentiment)

    basis = load_predictor(folder)
    monkeypatch.setattr(module, "load_predictor", lambda *_, **__: Turned(basis))
    trials = try_precisions(folder, basis, ["int8"], small_corpus(40))
    assert fastest({"fp32": trials["fp32"], "int8": Trial(1e9, trials["int8"].shift)}) == "fp32"


def test_fastest_candidates_are_what_the_machine_and_the_folder_have(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from train import precision

    monkeypatch.setattr(precision, "fast_precision", lambda: "bf16")
    assert precisions_of(folder) == ["fp32", "bf16"]
    monkeypatch.setattr(precision, "fast_precision", lambda: "fp32")
    assert precisions_of(folder) == ["fp32"]
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    assert precisions_of(folder) == ["fp32"]


def test_fastest_of_a_whole_command(folder: Path, tmp_path: Path, cache: Path) -> None:
    sentences = small_corpus(ENOUGH + 40)
    (tmp_path / "articles.jsonl").write_text(
        "".join(json.dumps({"id": str(row), "text": each.text}) + "\n" for row, each in enumerate(sentences))
    )
    words = ("predict", tmp_path / "articles.jsonl", "--model", folder, "--format", "jsonl")
    exact = train(*words, "--precision", "fp32")
    assert exact.stderr == ""
    assert not cache.exists()
    auto = train(*words)
    others = precisions_of(folder)[1:]
    assert auto.stderr.count("reading in ") == auto.stderr.count("\n") == len(others)
    assert cache.exists() == bool(others)
    for one, other in zip(exact.stdout.splitlines(), auto.stdout.splitlines(), strict=True):
        was, found = json.loads(one), json.loads(other)
        assert was["sentence"] == found["sentence"]
        for stance, value in (was["probabilities"] or {}).items():
            assert found["probabilities"][stance] == pytest.approx(value, abs=0.05)


@pytest.mark.parametrize(
    ("quota", "told", "expected"),
    [("max 100000", "", 8), ("150000 100000", "", 2), ("50000 100000", "", 1), ("400000 100000", "3", 3), ("", "0", 8)],
)
def test_threads_keep_to_the_quota_of_a_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quota: str, told: str, expected: int
) -> None:
    (tmp_path / "cpu.max").write_text(quota)
    monkeypatch.setattr(threads, "QUOTA", tmp_path / "cpu.max")
    monkeypatch.setattr("os.sched_getaffinity", lambda _: range(8), raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", told)
    assert threads.usable_cores() == expected
