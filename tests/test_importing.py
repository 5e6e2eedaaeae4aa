"""Labels of another form into ours."""

import dataclasses
import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from data.doccano import read_doccano
from data.folder import read_data_folder
from data.label_studio import read_label_studio
from data.labelled_files import read_sentences, write_sentences
from tests.conftest import small_corpus
from tests.test_splits import corpus
from train.cli import app

TEXT = "Bruksela pochwaliła Warszawę, a Moskwie zarzuciła szantaż."


def train(*words: str | Path, status: int = 0) -> Any:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == status, result.output + repr(result.exception)
    return result


def thousand_rows(path: Path, bad: range) -> Path:
    rows = ["text,actor,stance"]
    for number in range(1000):
        stance = "loud" if number in bad else ("against", "neutral", "favor")[number % 3]
        rows.append(f"Nowak numer {number} skrytykował Kowala.,Kowal,{stance}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_importing_reports_every_bad_row_and_writes_nothing(tmp_path: Path) -> None:
    source = thousand_rows(tmp_path / "rows.csv", range(100, 110))
    result = train("data", "import", source, "--to", tmp_path / "out.jsonl", status=2)
    assert "10 problems" in result.stderr
    assert [number for number in range(90, 120) if f"rows.csv:{number}:" in result.stderr] == list(range(102, 112))
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_importing_skips_bad_rows_into_a_rejects_file(tmp_path: Path) -> None:
    source = thousand_rows(tmp_path / "rows.csv", range(100, 110))
    output = train("data", "import", source, "--to", tmp_path / "out.jsonl", "--skip-bad").stdout
    assert "990 sentences" in output
    assert len(read_sentences(tmp_path / "out.jsonl")) == 990
    rejects = [json.loads(line) for line in (tmp_path / "out.rejects.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [reject["line"] for reject in rejects] == list(range(102, 112))
    assert all("found 'loud'" in reject["problem"] and reject["record"]["actor"] == "Kowal" for reject in rejects)


def test_importing_takes_tabs(tmp_path: Path) -> None:
    (tmp_path / "rows.tsv").write_text(f"text\tactor\tstance\n{TEXT}\tMoskwa\tagainst\n", encoding="utf-8")
    train("data", "import", tmp_path / "rows.tsv", "--to", tmp_path / "out.jsonl")
    (sentence,) = read_sentences(tmp_path / "out.jsonl")
    assert sentence.actors[0].mentions == ((32, 39),)


def test_importing_a_row_that_is_bad_leaves_its_sentence_whole(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        f'text,actor,stance\n"{TEXT}",Moskwa,against\n"{TEXT}",Kijów,favor\n', encoding="utf-8"
    )
    train("data", "import", tmp_path / "a.csv", "--to", tmp_path / "out.jsonl", "--skip-bad")
    (sentence,) = read_sentences(tmp_path / "out.jsonl")
    assert [actor.actor for actor in sentence.actors] == ["Moskwa"]
    (reject,) = (tmp_path / "out.rejects.jsonl").read_text(encoding="utf-8").splitlines()
    assert "'Kijów' is not in the text" in reject


def label_studio_task(text: str, *, start: int = 32, end: int = 39) -> dict[str, Any]:
    """Return a task as Label Studio exports one: two regions, one with choice and name, and a choice for all."""

    def result(kind: str, source: str, value: dict[str, Any], region: str) -> dict[str, Any]:
        place = {"id": region, "from_name": source, "to_name": "text", "type": kind, "origin": "manual"}
        return {**place, "value": value}

    span = {"start": start, "end": end, "text": "Moskwie"}
    return {
        "id": 7,
        "data": {"text": text, "article": "gaz", "id": "gaz-1"},
        "annotations": [
            {"id": 1, "completed_by": 1, "was_cancelled": True, "result": []},
            {
                "id": 2,
                "completed_by": 1,
                "was_cancelled": False,
                "result": [
                    result("labels", "actor", {"start": 0, "end": 8, "text": "Bruksela", "labels": ["neutral"]}, "r1"),
                    result("labels", "actor", {**span, "labels": ["Actor"]}, "r2"),
                    result("choices", "stance", {**span, "choices": ["against"]}, "r2"),
                    result("textarea", "name", {**span, "text": ["Rosja"]}, "r2"),
                    result("choices", "sentiment", {"choices": ["negative"]}, "c1"),
                ],
            },
        ],
        "predictions": [],
    }


def write_json(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def test_importing_label_studio_spans_choices_and_names(tmp_path: Path) -> None:
    imported = read_label_studio(write_json(tmp_path / "export.json", [label_studio_task(TEXT)]))
    assert imported.rejects == []
    (sentence,) = imported.sentences
    assert (sentence.id, sentence.article, sentence.sentiment) == ("gaz-1", "gaz", "negative")
    assert {actor.actor: (actor.mentions, actor.stance) for actor in sentence.actors} == {
        "Bruksela": (((0, 8),), "neutral"),
        "Rosja": (((32, 39),), "against"),
    }


def test_importing_label_studio_counts_as_a_browser_does(tmp_path: Path) -> None:
    text = TEXT.replace("a Moskwie", "a 😀 Moskwie")
    task = label_studio_task(text, start=35, end=42)  # UTF-16 units: the emoji is two
    (sentence,) = read_label_studio(write_json(tmp_path / "e.json", [task])).sentences
    (mention,) = sentence.actors[1].mentions
    assert text[slice(*mention)] == "Moskwie"


def test_importing_label_studio_names_bad_tasks(tmp_path: Path) -> None:
    moved = label_studio_task(TEXT, start=30, end=37)
    empty = {"id": 9, "data": {"title": "x"}, "annotations": []}
    imported = read_label_studio(write_json(tmp_path / "e.json", [moved, empty, label_studio_task(TEXT)]))
    assert len(imported.sentences) == 1
    assert [(reject.line, reject.what) for reject in imported.rejects] == [
        (1, "task 7: the region 'Moskwie' does not stand at [30, 37]"),
        (2, "task 9: expected data.text, found the keys title"),
    ]


def test_importing_doccano_spans_and_entities(tmp_path: Path) -> None:
    entries = [
        {"id": 1, "text": TEXT, "label": [[0, 8, "neutral"], [32, 39, "Rosja|against"]], "sentiment": "negative"},
        {"id": 2, "text": TEXT, "entities": [{"id": 4, "label": "favor", "start_offset": 20, "end_offset": 28}]},
        {"id": 3, "text": TEXT, "label": [[0, 8, "ORG"]]},
    ]
    path = tmp_path / "d.jsonl"
    path.write_text("\n".join(json.dumps(entry) for entry in entries), encoding="utf-8")
    imported = read_doccano(path)
    first, second = imported.sentences
    assert [(actor.actor, actor.stance) for actor in first.actors] == [("Bruksela", "neutral"), ("Rosja", "against")]
    assert first.sentiment == "negative"
    assert [(actor.actor, actor.stance) for actor in second.actors] == [("Warszawę", "favor")]
    assert [(reject.line, "'ORG'" in reject.what) for reject in imported.rejects] == [(3, True)]


def test_importing_split_stats_and_agreement_work_on_files(tmp_path: Path) -> None:
    write_sentences(corpus(), tmp_path / "mixed.jsonl")
    output = train("data", "split", tmp_path / "mixed.jsonl", "--to", tmp_path / "folder", "--seed", "3").stdout
    assert len(read_data_folder(tmp_path / "folder").test) >= 12
    assert "of test name only actors that train does not" in output
    write_sentences(small_corpus(60), tmp_path / "all.jsonl")
    counts = train("data", "stats", tmp_path / "all.jsonl", "--plot", tmp_path / "plot.png").stdout
    assert "stance neutral" in counts
    assert (tmp_path / "plot.png").read_bytes()[:4] == b"\x89PNG"
    second = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()]
    second[0]["actors"][1]["stance"] = "against"
    (tmp_path / "second.jsonl").write_text("\n".join(json.dumps(entry) for entry in second), encoding="utf-8")
    words = ("data", "agreement", tmp_path / "all.jsonl", tmp_path / "second.jsonl", "--disagreements")
    output = train(*words).stdout
    assert "Krippendorff's alpha" in output
    assert "s-000 Piotr Kowal" in output
    result = train("data", "split", tmp_path / "all.jsonl", "--to", tmp_path / "folder", status=2)
    assert "found something there" in result.stderr


def test_importing_split_adds_to_a_folder_and_leaves_its_sentences_in_their_splits(tmp_path: Path) -> None:
    write_sentences(corpus(), tmp_path / "old.jsonl")
    train("data", "split", tmp_path / "old.jsonl", "--to", tmp_path / "old")
    write_sentences(small_corpus(60), tmp_path / "new.jsonl")
    words = ("data", "split", tmp_path / "new.jsonl", "--keep", tmp_path / "old", "--to", tmp_path / "both")
    output = train(*words).stdout
    old, both = read_data_folder(tmp_path / "old"), read_data_folder(tmp_path / "both")
    assert "moved" not in output
    assert {sentence.id for sentence in old.test} <= {sentence.id for sentence in both.test}
    assert {sentence.id for sentence in old.train} <= {sentence.id for sentence in both.train}
    assert len(both.train) + len(both.dev) + len(both.test) == len(corpus()) + 60
    bridge = dataclasses.replace(old.train[0], id="bridge", article=old.test[0].article)
    write_sentences([bridge], tmp_path / "bridge.jsonl")
    words = ("data", "split", tmp_path / "bridge.jsonl", "--keep", tmp_path / "old", "--to", tmp_path / "tied")
    assert f"of {tmp_path / 'old'} moved" in train(*words).stdout
    words = ("data", "split", tmp_path / "old.jsonl", "--keep", tmp_path / "old", "--to", tmp_path / "twice")
    assert "stands in two files" in train(*words, status=2).stderr
