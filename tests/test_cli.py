"""The command line: help, and what the user did wrong in one line with exit status 2."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from data.folder import BUNDLED
from data.labelled_files import write_sentences
from tests.conftest import small_corpus
from tests.test_model_folder import write_model
from train.cli import app


def train(*words: str | Path, status: int = 0, given: bytes | None = None) -> Any:
    result = CliRunner().invoke(app, [str(word) for word in words], input=given)
    assert result.exit_code == status, result.output + repr(result.exception)
    return result


@pytest.fixture(scope="module")
def model(published_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("cli") / "model", published_encoder)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "a.md"
    path.write_text("# Nowak\n\nNowak chwali Kowala. Nic więcej.\n", encoding="utf-8")
    return path


@pytest.fixture
def actors(tmp_path: Path) -> Path:
    path = tmp_path / "actors.toml"
    path.write_text('[[actor]]\nname = "Nowak"\n\n[[actor]]\nname = "Kowal"\n', encoding="utf-8")
    return path


def test_cli_help_names_every_command() -> None:
    output = train("--help").stdout
    for command in ("fit", "evaluate", "predict", "actors", "sentences", "export", "ui", "data"):
        assert f"  {command} " in output
    assert "--target" in train("fit", "--help").stdout


def test_cli_help_imports_nothing_heavy() -> None:
    import subprocess
    import sys

    heavy = ("torch", "mlflow", "pandas", "sklearn", "transformers")
    script = f"import sys, train.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["predict", "none.txt"], "none.txt: expected a file, found nothing there"),
        (["predict", "a.txt", "--model", "./nowhere"], "--model ./nowhere: expected a model folder"),
        (["predict", "a.txt"], "no model yet"),
        (["predict", "a.txt", "--actors", "none.toml"], "none.toml: expected a file"),
        (["predict", "a.txt", "--format", "parquet"], "--format parquet: expected a file to write to"),
        (["predict", "a.txt", "--abstain-below", "2"], "--abstain-below: expected a probability from 0 to 1"),
        (["predict", "a.txt", "--resume"], "--resume: expected the --output that was being written"),
        (["predict", "a.txt", "--summary", "--format", "html"], "--summary: the page has one already"),
        (["predict", "a.txt", "--output", "full.txt"], "full.txt: expected a new or empty file"),
        (["predict", "a.txt", "--output", "no/such/out.csv"], "its folder does not exist"),
        (["sentences", "a.txt", "--output", "out.csv"], "out.csv: expected a name that ends in .jsonl or .txt"),
        (["fit", "--data", "none"], "none: expected a data folder"),
        (["fit", "--output", "full"], "full: expected a new or empty folder"),
        (["fit", "--config", "none.toml"], "none.toml: expected a file"),
        (["fit", "--epochs", "0"], "--epochs: expected at least 1"),
        (["fit", "--resume", "x", "--epochs", "3"], "--resume: a run goes on with its own settings"),
        (["evaluate", "--data", "a.txt", "--model", "."], "expected labelled sentences as .jsonl or .csv"),
        (["export", "--to", "full"], "full: expected a new or empty folder"),
        (["data", "check", "none.jsonl", "a.txt"], "none.jsonl: expected a file"),
    ],
)
def test_cli_says_in_one_line_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    (tmp_path / "a.txt").write_text("Nowak chwali.", encoding="utf-8")
    (tmp_path / "full.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    result = train(*words, status=2)
    assert message in result.stderr
    assert result.stderr.startswith("train: ")
    assert "Traceback" not in result.output
    assert sorted(tmp_path.rglob("*")) == before


def test_cli_debug_shows_the_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["predict", "none.txt", "--debug"])
    assert type(result.exception).__name__ == "UserError"


def test_cli_predict_gives_the_designs_records(model: Path, article: Path, actors: Path) -> None:
    output = train("predict", article, "--model", model, "--actors", actors, "--format", "jsonl").stdout
    records = [json.loads(line) for line in output.splitlines()]
    text = article.read_text(encoding="utf-8")
    assert [(record["sentence"], record["actor"]) for record in records] == [
        ("Nowak", "Nowak"),
        ("Nowak chwali Kowala.", "Nowak"),
        ("Nowak chwali Kowala.", "Kowal"),
        ("Nic więcej.", None),
    ]
    for record in records:
        assert text[record["sentence_start"] :][: len(record["sentence"])] == record["sentence"]
        if record["actor"]:
            assert sum(record["probabilities"].values()) == pytest.approx(1, abs=1e-5)
            assert record["stance"] == max(record["probabilities"], key=record["probabilities"].get)
            assert [record["sentence"][start:end][:5] for start, end in record["mentions"]] == [record["actor"][:5]]
        else:
            assert (record["mentions"], record["stance"], record["probabilities"]) == (None, None, None)
    assert records[-1]["sentence_index"] == 2


def test_cli_predict_formats_say_the_same(model: Path, article: Path, actors: Path, tmp_path: Path) -> None:
    import pandas as pd

    words = ("predict", article, "--model", model, "--actors", actors)
    for form in ("jsonl", "csv", "parquet"):
        train(*words, "--output", tmp_path / f"out.{form}")
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    table = pd.read_csv(tmp_path / "out.csv")
    parquet = pd.read_parquet(tmp_path / "out.parquet")
    assert list(table.columns) == list(parquet.columns) == list(lines[0])
    assert [None if pd.isna(value) else json.loads(value) for value in table["probabilities"]] == [
        line["probabilities"] for line in lines
    ]
    assert list(parquet["probabilities"]) == [line["probabilities"] for line in lines]
    assert (
        list(parquet["sentence_start"]) == list(table["sentence_start"]) == [line["sentence_start"] for line in lines]
    )
    assert not list(tmp_path.glob("*.partial*"))


def test_cli_predict_writes_the_format_it_is_told_whatever_the_name(
    model: Path, article: Path, actors: Path, tmp_path: Path
) -> None:
    words = ("predict", article, "--model", model, "--actors", actors)
    train(*words, "--format", "jsonl", "--output", tmp_path / "lines.csv")
    train(*words, "--output", tmp_path / "plain.txt")
    for line in (tmp_path / "lines.csv").read_text(encoding="utf-8").splitlines():
        assert json.loads(line)["article"] == "a"
    assert (tmp_path / "plain.txt").read_text(encoding="utf-8").split()[:2] == ["sentence", "actor"]


def test_cli_predict_prints_a_table(model: Path, article: Path, actors: Path) -> None:
    output = train("predict", article, "--model", model, "--actors", actors).stdout
    assert output.split()[:5] == ["sentence", "actor", "stance", "probability", "sentiment"]
    assert output.count("Nowak chwali Kowala.") == 1


def test_cli_predict_reads_standard_input(model: Path, actors: Path) -> None:
    output = train(
        "predict", "-", "--model", model, "--actors", actors, "--format", "jsonl", given=b"Kowal milczy."
    ).stdout
    assert json.loads(output)["article"] == "stdin"


def test_cli_actors_and_sentences_slice_the_article(article: Path, actors: Path) -> None:
    text = article.read_text(encoding="utf-8")
    for words in (("actors", article, "--actors", actors), ("sentences", article)):
        records = [json.loads(line) for line in train(*words, "--format", "jsonl").stdout.splitlines()]
        assert len(records) == 3
        assert all(text[record["start"] : record["end"]] == record["text"] for record in records)


def test_cli_evaluate_writes_the_report(model: Path, tmp_path: Path) -> None:
    write_sentences(small_corpus(9), tmp_path / "test.jsonl")
    output = train(
        "evaluate", "--model", model, "--data", tmp_path / "test.jsonl", "--json", tmp_path / "r.json"
    ).stdout
    report = json.loads((tmp_path / "r.json").read_text())
    assert set(report) == {"stance", "sentiment", "slices", "calibration", "controls", "counts", "data_sha256"}
    assert f"{report['stance']['macro_f1']['value']:.3f}" in output


def test_cli_evaluate_needs_labels(model: Path, tmp_path: Path) -> None:
    bare = [dataclasses.replace(sentence, actors=()) for sentence in small_corpus(3)]
    write_sentences(bare, tmp_path / "bare.jsonl")
    result = train("evaluate", "--model", model, "--data", tmp_path / "bare.jsonl", status=2)
    assert "expected stance labels to measure against" in result.stderr


def test_cli_data_check_counts_what_is_in_order(tmp_path: Path) -> None:
    write_sentences(small_corpus(9), tmp_path / "a.jsonl")
    output = train("data", "check", tmp_path / "a.jsonl").stdout
    assert "9 sentences, 18 stance labels (3 against, 3 favor, 12 neutral)" in output


@pytest.mark.parametrize("line", ["seeds = 3", "controls = true"])
@pytest.mark.parametrize("words", [("sweep",), ("evaluate", "--folds", "2")])
def test_cli_refuses_several_fits_where_each_is_made_once(tmp_path: Path, words: tuple[str, ...], line: str) -> None:
    (tmp_path / "fit.toml").write_text(line)
    data = BUNDLED if words == ("sweep",) else BUNDLED / "test.jsonl"
    result = train(*words, "--data", data, "--encoder", "mini", "--config", tmp_path / "fit.toml", status=2)
    assert f"--config: expected settings of a single fit, found {line}" in result.stderr
