"""Runs compared: the figures, the same in every format, and what cannot be compared."""

import json
import re
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from data.labels import SENTIMENTS, STANCES
from data.problems import UserError
from evaluation.intervals import counts_by_cluster
from evaluation.significance import randomisation_test
from train.compare import compare
from train.compare_cli import compare_command
from train.compare_page import MOST_SHOWN, compare_markdown, compare_page
from train.compared_runs import TABLE

SENTENCES = 90
MARKUP = "<script>alert(1)</script> [b]x[/b] \x1b[31m| *Nowak*"

app = typer.Typer()
app.command()(compare_command)


def predictions(right: float, seed: int, *, sentiment: bool = True) -> pd.DataFrame:
    """Return what a fit logs of 90 sentences in 45 articles; the first sentence names nobody, one label is missing."""
    labels, answers = np.random.default_rng(0), np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for number in range(SENTENCES):
        feeling = str(labels.choice(SENTIMENTS))
        said = feeling if answers.random() < right else str(answers.choice(SENTIMENTS))
        of_sentence = {"id": f"s{number}", "article": f"a{number // 2}", "text": f"{MARKUP} {number}"}
        feelings = {"sentiment": feeling, "predicted_sentiment": said if sentiment else None}
        for actor in ("Nowak", "Kowal") if number else (None,):
            stance = str(labels.choice(STANCES))
            place = STANCES.index(stance) if answers.random() < right else int(answers.integers(3))
            chances = np.full(3, 0.1)
            chances[place] = 0.8
            answer = {"predicted": STANCES[place], **dict(zip(STANCES, chances.tolist(), strict=True))}
            answer = answer if actor else dict.fromkeys(answer)
            known = stance if actor and number != 1 else None
            rows.append({**of_sentence, "actor": actor, "stance": known, **answer, **feelings})
    return pd.DataFrame(rows)


def log_run(
    name: str, table: pd.DataFrame | None, *, sha256: str = "aaaaaaaaaaaaaaaa", seed: int = 1, encoder: str = "mini"
) -> str:
    client = mlflow.MlflowClient()
    run = client.create_run("0", run_name=name, tags={"data_sha256_test": sha256, "data_sha256_train": "t" * 16})
    parameters = {"seed": seed, "encoder": encoder, "epochs": 8, "output": f"/runs/{name}", "run_name": name}
    for key, value in parameters.items():
        client.log_param(run.info.run_id, key, value)
    if table is not None:
        client.log_table(run.info.run_id, table, TABLE)
    client.set_terminated(run.info.run_id, "FINISHED" if table is not None else "FAILED")
    return str(run.info.run_id)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("store")
    uri = f"sqlite:///{folder / 'mlflow.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("MLFLOW_TRACKING_URI", uri)
        mlflow.set_tracking_uri(uri)
        weak = predictions(0.5, 1)
        ids = {
            "weak": log_run("weak", weak),
            "strong": log_run("strong", predictions(0.9, 2), seed=2),
            "other": log_run("other", predictions(0.5, 3), encoder="allegro/herbert-base-cased"),
            "silent": log_run("silent", predictions(0.9, 2, sentiment=False)),
            "twin": log_run("weak", predictions(0.6, 4)),
            "unfinished": log_run("unfinished", None),
            "elsewhere": log_run("elsewhere", weak, sha256="bbbbbbbbbbbbbbbb"),
            "shorter": log_run("shorter", weak.iloc[1:]),
            "old": log_run("old", weak.drop(columns=["article"])),
        }
    return folder, ids


@pytest.fixture
def ids(store: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{store[0] / 'mlflow.db'}")
    return store[1]


@pytest.fixture
def both(ids: dict[str, str]) -> dict[str, Any]:
    return compare([ids["weak"], "strong", "other"])


def test_compare_says_which_run_is_better(both: dict[str, Any]) -> None:
    strong, other = (one["stance"] for one in both["comparisons"])
    assert re.fullmatch(
        r"strong is better than weak: \+\d+\.\d points of stance macro-F1 \[\+\d+\.\d, \+\d+\.\d\], p < 0\.001 "
        r"\(Holm, 2 comparisons\)",
        strong["verdict"],
    )
    assert other["verdict"].startswith("No difference shown between other and weak: ")
    back = compare(["strong", ids_of(both)[0]])["comparisons"][0]["stance"]["verdict"]
    assert back.startswith("weak is worse than strong: -") and "Holm" not in back


def ids_of(comparison: dict[str, Any]) -> list[str]:
    return [run["id"] for run in comparison["runs"]]


def test_compare_figures_are_those_of_the_predictions(both: dict[str, Any]) -> None:
    assert both["test"] == {
        "data_sha256": "aaaaaaaaaaaaaaaa",
        "sentences": SENTENCES,
        "articles": SENTENCES // 2,
        "stance_labels": 2 * (SENTENCES - 2),
        "sentiment_labels": SENTENCES,
    }
    known = [predictions(0.5, 1), predictions(0.9, 2)]
    known = [table[table["stance"].notna()] for table in known]
    right = [float((table["stance"] == table["predicted"]).mean()) for table in known]
    assert [run["stance"]["accuracy"]["value"] for run in both["runs"][:2]] == pytest.approx(right)
    figures = both["comparisons"][0]["stance"]["figures"]
    assert figures["accuracy"]["value"] == pytest.approx(right[1] - right[0])
    true = np.array([STANCES.index(label) for label in known[0]["stance"]])
    a, b = (
        counts_by_cluster(
            true, np.array([STANCES.index(label) for label in table["predicted"]]), list(table["article"]), labels=3
        )
        for table in known
    )
    assert figures["macro_f1"]["p"] == randomisation_test(a, b, labels=STANCES)["macro_f1"]
    assert figures["macro_f1"]["low"] < figures["macro_f1"]["value"] < figures["macro_f1"]["high"]
    for figure in ("macro_f1", "f1_against_favor", "accuracy", "matthews", *(f"f1_{label}" for label in STANCES)):
        assert {"value", "low", "high", "p"} <= figures[figure].keys()
    opinion = both["comparisons"][0]["stance"]["mcnemar"]
    assert (opinion["only_run"] - opinion["only_baseline"]) / len(true) == pytest.approx(right[1] - right[0])


def test_compare_adjusts_p_for_the_number_of_comparisons(both: dict[str, Any]) -> None:
    for kind in ("stance", "sentiment"):
        small, large = sorted((one[kind]["figures"]["macro_f1"] for one in both["comparisons"]), key=lambda f: f["p"])
        assert small["p_holm"] == min(1.0, 2 * small["p"])
        assert large["p_holm"] == max(large["p"], small["p_holm"])


def test_compare_names_the_parameters_that_differ(both: dict[str, Any]) -> None:
    assert both["parameters"] == {
        "seed": ["1", "2", "1"],
        "encoder": ["mini", "mini", "allegro/herbert-base-cased"],
    }


def test_compare_lists_the_answers_that_differ_the_telling_ones_first(both: dict[str, Any]) -> None:
    items = both["comparisons"][0]["stance"]["differing"]
    opinion = both["comparisons"][0]["stance"]["mcnemar"]
    rights = [item["right"] for item in items]
    assert rights.count("baseline") == opinion["only_baseline"] and rights.count("run") == opinion["only_run"]
    told = [right in ("baseline", "run") for right in rights]
    assert told == sorted(told, reverse=True)
    for item in items:
        assert item["baseline"]["answer"] != item["run"]["answer"] and item["baseline"]["probability"] == 0.8
        if item["right"] in ("baseline", "run"):
            assert item[item["right"]]["answer"] == item["label"]
    unlabelled = [item for item in items if item["id"] == "s1"]
    assert all(item["label"] is None and item["right"] is None for item in unlabelled)


def test_compare_runs_that_answer_alike_do_not_differ(ids: dict[str, str]) -> None:
    comparison = compare(["strong", "silent"])
    stance = comparison["comparisons"][0]["stance"]
    assert stance["verdict"].startswith("No difference shown") and stance["differing"] == []
    assert stance["figures"]["macro_f1"] == {"value": 0.0, "low": 0.0, "high": 0.0, "p": 1.0, "p_holm": 1.0}
    assert comparison["comparisons"][0]["sentiment"] == {}  # silent says none
    assert comparison["runs"][0]["sentiment"] and not comparison["runs"][1]["sentiment"]
    assert "The answers are all the same." in compare_page(comparison)


def test_compare_tells_runs_of_one_name_apart(ids: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    comparison = compare([ids["weak"], "weak"])  # the newest of that name is the twin
    assert ids_of(comparison) == [ids["weak"], ids["twin"]]
    assert [run["label"] for run in comparison["runs"]] == [f"weak ({ids[name][:8]})" for name in ("weak", "twin")]
    assert "2 runs are called weak: the newest is taken" in caplog.text


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["strong"], "expected two runs or more, found 1"),
        (["strong", "strong"], r"strong: expected a run of its own, found the same as strong \(\w{32}\)"),
        (["strong", "nowhere"], r"nowhere: expected an MLflow run \(id or name\), found none in sqlite"),
        (
            ["strong", "unfinished"],
            r"unfinished: expected a run with test_predictions.json, found none in it \(FAILED\)",
        ),
        (["strong", "old"], "old: test_predictions.json has no column article: an older version made it"),
        (
            ["strong", "elsewhere"],
            r"elsewhere: expected the test sentences of strong \(SHA-256 aaaaaaaaaaaa\), found others \(bbbbbbbbbbbb\)",
        ),
        (["strong", "shorter"], "shorter: expected the 179 rows of strong .* found 178 that are not the same"),
    ],
)
def test_compare_refuses_in_one_line(ids: dict[str, str], names: list[str], message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        compare(names)
    assert "\n" not in str(caught.value)


def test_compare_refuses_a_run_given_by_id_and_by_name(ids: dict[str, str]) -> None:
    with pytest.raises(UserError, match=f"strong: expected a run of its own, found the same as {ids['strong']}"):
        compare([ids["strong"], "strong"])


def test_compare_makes_no_store_where_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises(UserError, match=r"sqlite:///mlflow.db does not exist here"):
        compare(["a", "b"])
    assert not list(tmp_path.iterdir())


def test_compare_tells_the_same_in_every_format(both: dict[str, Any], tmp_path: Path) -> None:
    names = [*ids_of(both)]
    texts = {"table": CliRunner().invoke(app, names).stdout}
    for form in ("html", "markdown", "json"):
        output = tmp_path / f"out.{form}"
        result = CliRunner().invoke(app, [*names, "--format", form, "--output", str(output)])
        assert result.exit_code == 0, result.output
        texts[form] = output.read_text(encoding="utf-8")
    assert json.loads(texts["json"]) == both
    numbers = {form: figures_in(texts[form]) for form in ("table", "html", "markdown")}
    assert len(numbers["table"]) > 60
    assert numbers["table"] == numbers["html"] == numbers["markdown"]
    for comparison in both["comparisons"]:
        verdict = comparison["stance"]["verdict"]
        assert verdict in " ".join(texts["table"].split()) and verdict.replace("<", "&lt;") in texts["html"]
    figure = both["comparisons"][0]["stance"]["figures"]["macro_f1"]
    assert f"{figure['value']:+.3f} [{figure['low']:+.3f}, {figure['high']:+.3f}]" in texts["table"]


def figures_in(text: str) -> list[str]:
    """Return every figure with its interval, in order; wherever it stands."""
    plain = " ".join(text.replace("\\", "").split())
    return re.findall(r"[+-]?\d\.\d{3} \[[+-]?\d\.\d{3}, [+-]?\d\.\d{3}\]", plain)


def test_compare_shows_text_as_text(both: dict[str, Any]) -> None:
    page, markdown = compare_page(both), compare_markdown(both)
    assert "<script" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "default-src 'none'; style-src 'unsafe-inline'" in page and "http" not in page.split("</style>")[1]
    assert "<script" not in markdown and r"\| \*Nowak\*" in markdown
    table = CliRunner().invoke(app, ids_of(both)).stdout
    assert "[b]x[/b]" in " ".join(table.split())
    for text in (page, markdown, table):
        assert "\x1b[31m" not in text


def test_compare_table_shows_the_first_differing_sentences_and_counts_the_rest(both: dict[str, Any]) -> None:
    differing = both["comparisons"][0]["stance"]["differing"]
    assert len(differing) > MOST_SHOWN
    table = CliRunner().invoke(app, ids_of(both)[:2]).stdout
    assert f"… and {len(differing) - MOST_SHOWN} more: --format html, markdown or json has them all." in table
    assert len(re.findall(r"^(?:Nowak|Kowal) ", table, flags=re.MULTILINE)) == MOST_SHOWN
    page = compare_page(compare(ids_of(both)[:2]))
    assert page.count('<th scope="row"><bdi>Nowak') + page.count('<th scope="row"><bdi>Kowal') == len(differing)


def test_compare_says_that_seeds_are_another_matter(both: dict[str, Any]) -> None:
    assert "`train fit --seeds N`" in compare_page(both)
    assert "train fit --seeds" in CliRunner().invoke(app, ["--help"]).stdout
