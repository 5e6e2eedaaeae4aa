"""How fast: the figures' arithmetic, the texts that are read, and the command, never the clock."""

import json
from pathlib import Path
from typing import Any

import mlflow
import pytest
import torch
import typer
from transformers import TrainerControl, TrainerState, TrainingArguments
from typer.testing import CliRunner

from data.problems import UserError
from data.sentence import LabelledActor, LabelledSentence
from evaluation.throughput import (
    EncoderShape,
    Spread,
    growth,
    line_of,
    pass_flops,
    rate,
    spread,
    step_flops,
    times_as_fast,
)
from evaluation.throughput_plots import throughput_figure
from models.classifier import StanceClassifier
from train.bench.cli import bench_command
from train.bench.fit import _ours
from train.bench.models import load_models
from train.bench.pace import Pace
from train.bench.report import bench_metrics, bench_sections
from train.bench.sentences import articles, bundled, sentences_of_two, texts_with_actors

ACTORS = (1, 2, 4, 8)


def test_throughput_is_the_median_with_the_lowest_and_the_highest() -> None:
    assert spread([3.0, 1.0, 9.0]) == Spread(3.0, 1.0, 9.0)
    assert rate(100, [1.0, 2.0, 4.0]) == Spread(50.0, 25.0, 100.0)
    with pytest.raises(ValueError, match="expected at least one measurement"):
        spread([])


def test_throughput_ratio_is_taken_round_by_round() -> None:
    # The second round was three times slower for both: the ratio does not notice.
    assert times_as_fast(10, [1.0, 3.0], 5, [2.0, 6.0]) == Spread(4.0, 4.0, 4.0)
    assert growth([2.0, 6.0], [2.2, 6.6]).median == pytest.approx(0.1)


def test_throughput_line_is_that_of_the_points() -> None:
    line = line_of([100, 200, 400, 800], [1.2, 2.2, 4.2, 8.2])
    assert (line.slope, line.intercept, line.r_squared) == pytest.approx((0.01, 0.2, 1.0))
    assert line_of([1, 2, 3], [1.0, 3.0, 1.0]).r_squared == pytest.approx(0.0)
    with pytest.raises(ValueError, match="at least two sizes"):
        line_of([100, 100], [1.0, 2.0])


def test_throughput_operations_are_those_of_weights_and_attention() -> None:
    shape = EncoderShape(block_weights=1000, layers=2, hidden=10)
    assert pass_flops([3], shape) == 2 * 1000 * 3 + 4 * 2 * 10 * 9
    assert pass_flops([3, 5], shape) == pass_flops([3], shape) + pass_flops([5], shape)
    assert step_flops([3], shape) == 3 * pass_flops([3], shape)


@pytest.mark.parametrize("actors", ACTORS)
def test_bench_texts_have_so_many_actors_whose_mentions_slice(actors: int) -> None:
    for text in texts_with_actors(actors, 64):
        assert len({actor.actor for actor in text.actors}) == len(text.actors) == actors
        clauses = [sentence for sentence in bundled() if sentence.text.rstrip(".") in text.text]
        forms = {actor.actor: _forms(sentence, actor) for sentence in clauses for actor in sentence.actors}
        for actor in text.actors:
            assert _forms(text, actor) == forms[actor.actor]


def test_bench_texts_are_the_same_for_every_number_of_actors() -> None:
    texts = {tuple(text.text for text in texts_with_actors(actors, 64)) for actors in ACTORS}
    assert len(texts) == 1 and len(set(*texts)) == 64
    assert texts_with_actors(8, 8)[0] == texts_with_actors(8, 8)[0]


def test_bench_texts_are_mixed_so_that_a_few_are_as_long_as_all() -> None:
    lengths = [len(text.text) for text in texts_with_actors(8, 64)]
    mean = sum(lengths) / len(lengths)
    for start in range(0, 64, 4):
        assert sum(lengths[start : start + 4]) / 4 == pytest.approx(mean, rel=0.1)


def test_bench_texts_beyond_the_bundled_ones_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 1 to 8 actors, found 9"):
        texts_with_actors(9, 4)
    with pytest.raises(ValueError, match="texts, found 5000"):
        texts_with_actors(8, 5000)


def test_bench_fit_reads_sentences_of_two_labelled_actors() -> None:
    sentences = sentences_of_two(64)
    assert len({sentence.id for sentence in sentences}) == 64
    assert all(len(sentence.actors) == 2 and all(actor.stance for actor in sentence.actors) for sentence in sentences)


def test_bench_articles_have_new_sentences_each() -> None:
    pages = articles(3, 2)
    assert [page.text for page in pages] == [
        f"{bundled()[start].text} {bundled()[start + 1].text}" for start in (0, 2, 4)
    ]


def test_throughput_figure_has_a_curve_for_each_system() -> None:
    curves = {name: {count: Spread(5.0, 4.0, 6.0) for count in ACTORS} for name in ("ours, fp32", "pipeline, fp32")}
    archive = {100.0: [1.0, 1.1], 200.0: [2.0, 2.1]}
    left, right = throughput_figure(curves, archive, line_of([100, 200], [1.0, 2.0])).axes
    assert [label.get_text() for label in left.get_legend().get_texts()] == list(curves)  # type: ignore[union-attr]
    assert "10 ms a token, R² 1.0000" in right.get_legend().get_texts()[0].get_text()  # type: ignore[union-attr]


def test_bench_refuses_a_plot_of_what_it_does_not_measure(tmp_path: Path) -> None:
    done = CliRunner().invoke(_app(), ["--only", "text", "--plot", str(tmp_path / "plot.png")])
    assert isinstance(done.exception, UserError)
    assert "--plot" in str(done.exception)


def test_bench_text_alone_loads_no_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = _bench(tmp_path, monkeypatch, "--only", "text", "--encoder", "none/such")
    assert set(results) == {"encoder", "machine", "text"}
    assert [row["step"] for row in results["text"]] == ["sentence splitting", "actor finding"]


def test_bench_pace_leaves_out_what_only_the_first_step_costs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clock = iter([0.0, 2.0, 12.0, 15.0, 18.0])  # made, begun, and the ends of three steps, the first of ten seconds
    monkeypatch.setattr("train.bench.pace.time.perf_counter", lambda: next(clock))
    pace, passed = Pace(), (TrainingArguments(str(tmp_path)), TrainerState(), TrainerControl())
    pace.on_train_begin(*passed)
    for _ in range(3):
        pace.on_step_end(*passed)
    assert pace.seconds == 2.0 + 3 * 3.0


@pytest.mark.slow
def test_bench_measures_all_parts_and_tracks_them(
    published_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = _bench(tmp_path, monkeypatch, "--encoder", str(published_encoder), "--plot", "plot.png", "--repeats", "1")
    assert set(results) == {"encoder", "machine", "encoder_work", "text", "cold", "memory", "predict", "fit"}
    precisions = list(results["predict"]["matmul_gflop_per_s"])
    systems = ("ours", "pipeline_batch_1", "pipeline_batch_16", "setfit")
    rows = {(row["system"], row["precision"], row["actors"]) for row in results["predict"]["rows"]}
    assert precisions[-1] == "int8"  # in which ours alone is
    contenders = [("ours", "int8"), *((system, kind) for system in systems for kind in precisions[:-1])]
    assert rows == {(system, kind, count) for system, kind in contenders for count in ACTORS}
    assert [row["system"] for row in results["fit"]["rows"]] == ["ours", "trainer_pairs"] * len(precisions[:-1])
    for row in (*results["predict"]["rows"], *results["fit"]["rows"]):
        assert 0 < row["targets_per_s"]["low"] <= row["targets_per_s"]["median"] <= row["targets_per_s"]["high"]
        per_sentence = row["targets_per_s"]["median"] / row["sentences_per_s"]["median"]
        assert per_sentence == pytest.approx(row["actors"], rel=0.01)
        assert list(row["times_ours"]) == (precisions if row in results["predict"]["rows"] else precisions[:-1])
        assert row["system"] != "ours" or row["times_ours"][row["precision"]]["median"] == 1
    assert len(results["predict"]["archive"]["tokens"]) == 5
    assert [row["reads"] for row in results["memory"]] == ["1 article"] * 2 + ["2 articles"] * 2
    assert all(row["peak_mib"]["median"] > 50 for row in results["memory"])
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
    assert [section.title for section in bench_sections(results)] == [
        *("Predict", "Fit", "Cold start", "Peak memory", "Text")
    ]
    _is_tracked(results)


def _is_tracked(results: dict[str, Any]) -> None:
    client = mlflow.MlflowClient()
    experiment = client.get_experiment_by_name("stanowisko-bench")
    assert experiment
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.status == "FINISHED"
    assert run.data.metrics == pytest.approx(bench_metrics(results))
    assert {"predict_targets_per_s_ours_2_actors", "fit_times_ours_to_trainer_pairs_2_actors"} <= set(run.data.metrics)
    assert run.data.tags["machine_cores"] and run.data.tags["version_torch"]
    kept = {entry.path for entry in client.list_artifacts(run.info.run_id)}
    assert {"bench.json", "throughput.png", "predict.json", "fit.json", "cold_start.json"} <= kept


def _forms(sentence: LabelledSentence, actor: LabelledActor) -> list[str]:
    return [sentence.text[start:end] for start, end in actor.mentions]


def _app() -> typer.Typer:
    app = typer.Typer()
    app.command()(bench_command)
    return app


def _bench(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> dict[str, Any]:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder / 'mlflow.db'}")
    done = CliRunner().invoke(_app(), ["--quick", "--json", "bench.json", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    results: dict[str, Any] = json.loads((folder / "bench.json").read_text(encoding="utf-8"))
    return results


@pytest.mark.slow
def test_bench_trains_in_the_precision_it_names_whatever_came_before(
    published_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = load_models(str(published_encoder), tmp_path, ("fp32", "bf16"))
    seen: list[bool] = []
    encode = StanceClassifier.encode

    def recording(self: StanceClassifier, *arguments: Any) -> Any:
        seen.append(torch.is_autocast_enabled("cpu"))
        return encode(self, *arguments)

    monkeypatch.setattr(StanceClassifier, "encode", recording)
    for precision in ("fp32", "bf16", "fp32"):
        seen.clear()
        _ours(models, sentences_of_two(4), precision).run()
        assert set(seen) == {precision == "bf16"}
