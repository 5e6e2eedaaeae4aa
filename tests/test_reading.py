"""`train predict` on archives: rejects, resuming, carried columns, summaries, and the page."""

import itertools
import json
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.problems import UserError
from models.predictions import Predictions
from models.predictor import Predictor
from tests.test_cli import train
from tests.test_model_folder import write_model
from train import fastest, reading, taking_apart
from train import predict as predicting
from train.reading import ReadingJob, read
from train.summary import summary_rows
from train.trials import Trial

LIST = '[[actor]]\nname = "Nowak"\n\n[[actor]]\nname = "Kowal"\n'


@pytest.fixture(scope="module")
def model(published_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("reading") / "model", published_encoder)


@pytest.fixture
def actors(tmp_path: Path) -> Path:
    path = tmp_path / "actors.toml"
    path.write_text(LIST, encoding="utf-8")
    return path


def archive(folder: Path, articles: int = 40) -> Path:
    """A JSON-lines archive in which every seventh line is broken."""
    path = folder / "archive.jsonl"
    lines = []
    for number in range(articles):
        record = {"id": f"a{number}", "text": f"Nowak chwali Kowala {number} razy. Deszcz.", "outlet": f"G{number % 2}"}
        lines.append("{broken" if number % 7 == 3 else json.dumps({**record, "date": f"2024-05-{number % 28 + 1:02}"}))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def job(folder: Path, model: Path, actors: Path, name: str, **more: Any) -> ReadingJob:
    form = name.rpartition(".")[2]
    inputs = more.pop("inputs", [str(folder / "archive.jsonl")])
    more.setdefault("precision", "fp32")
    return ReadingJob(inputs=inputs, model=model, actors=actors, form=form, output=folder / name, **more)


@pytest.fixture(autouse=True)
def _small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predicting, "READ_TOGETHER", 6)


def test_reading_rejects_bad_records_and_goes_on(tmp_path: Path, model: Path, actors: Path) -> None:
    archive(tmp_path)
    read(job(tmp_path, model, actors, "out.jsonl"))
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    rejects = [json.loads(line) for line in (tmp_path / "out.rejects.jsonl").read_text().splitlines()]
    assert len({record["article"] for record in records}) == 34
    assert len(records) == 34 * 3  # two actors in the first sentence, none in the second
    assert [reject["place"].rpartition(":")[2] for reject in rejects] == ["4", "11", "18", "25", "32", "39"]
    assert all("broken JSON" in reject["why"] for reject in rejects)
    assert {record["outlet"] for record in records} == {"G0", "G1"}
    assert not list(tmp_path.glob("*.partial*"))


@pytest.mark.parametrize("stop_after", [1, 4, 11])
@pytest.mark.parametrize("name", ["out.jsonl", "out.csv"])
def test_reading_stopped_and_resumed_gives_each_record_once(
    name: str, stop_after: int, tmp_path: Path, model: Path, actors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(tmp_path)
    read(job(tmp_path, model, actors, "whole." + name.rpartition(".")[2]))
    calls = 0
    predict = Predictor.predict

    def failing(self: Predictor, sentences: Any) -> Predictions:
        nonlocal calls
        calls += 1
        if calls > stop_after:
            raise KeyboardInterrupt
        return predict(self, sentences)

    with monkeypatch.context() as patch:
        patch.setattr(Predictor, "predict", failing)
        with pytest.raises(KeyboardInterrupt):
            read(job(tmp_path, model, actors, name))
    assert not (tmp_path / name).exists()
    with pytest.raises(UserError, match=r"found unfinished results there\. Go on with --resume"):
        read(job(tmp_path, model, actors, name))
    calls = 0
    with monkeypatch.context() as patch:
        patch.setattr(Predictor, "predict", lambda self, sentences: _counting(self, sentences, predict, counted))
        counted: list[int] = []
        read(job(tmp_path, model, actors, name, resume=True))
    assert (tmp_path / name).read_bytes() == (tmp_path / f"whole.{name.rpartition('.')[2]}").read_bytes()
    assert (tmp_path / "out.rejects.jsonl").read_bytes() == (tmp_path / "whole.rejects.jsonl").read_bytes()
    assert len(counted) == 12 - stop_after  # what was read before is not read again


def ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let another process take apart all but the first articles, in groups of three."""
    monkeypatch.setattr(reading, "text_processes", lambda: 1)
    monkeypatch.setattr(taking_apart, "SENTENCES_FIRST", 10)
    monkeypatch.setattr(taking_apart, "ARTICLES_TOGETHER", 3)


def test_reading_with_text_taken_apart_ahead_is_the_same(
    tmp_path: Path, model: Path, actors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(tmp_path)
    names = ("Nowak", "Jan Kowal", "Adam Kowal")  # whom "Kowala" names is in doubt
    kind = 'type = "person"'
    actors.write_text("\n".join(f'[[actor]]\nname = "{name}"\n{kind}\n' for name in names), encoding="utf-8")
    read(job(tmp_path, model, actors, "whole.jsonl", doubts=tmp_path / "doubts.jsonl"))
    ahead(monkeypatch)
    here: list[str] = []
    taken = taking_apart.take_apart

    def counting(articles: Any, finder: Any) -> Any:
        for each in taken(articles, finder):
            here.append(each.article.id)
            yield each

    monkeypatch.setattr(taking_apart, "take_apart", counting)
    read(job(tmp_path, model, actors, "out.jsonl", doubts=tmp_path / "again.jsonl"))
    assert len(here) == 5  # of 34: two sentences each
    for one, other in (("whole", "out"), ("whole.rejects", "out.rejects"), ("doubts", "again")):
        assert (tmp_path / f"{one}.jsonl").read_bytes() == (tmp_path / f"{other}.jsonl").read_bytes()


def test_reading_with_text_taken_apart_ahead_is_stopped_and_resumed(
    tmp_path: Path, model: Path, actors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(tmp_path)
    read(job(tmp_path, model, actors, "whole.jsonl"))
    ahead(monkeypatch)
    predict, calls = Predictor.predict, itertools.count()

    def failing(self: Predictor, sentences: Any) -> Predictions:
        if next(calls) == 5:
            raise KeyboardInterrupt
        return predict(self, sentences)

    with monkeypatch.context() as patch:
        patch.setattr(Predictor, "predict", failing)
        with pytest.raises(KeyboardInterrupt):
            read(job(tmp_path, model, actors, "out.jsonl"))
    read(job(tmp_path, model, actors, "out.jsonl", resume=True))
    for name in ("", ".rejects"):
        assert (tmp_path / f"out{name}.jsonl").read_bytes() == (tmp_path / f"whole{name}.jsonl").read_bytes()


@pytest.mark.parametrize(("cores", "gpu", "expected"), [(2, False, 0), (8, False, 1), (2, True, 1), (16, True, 4)])
def test_reading_leaves_all_cores_to_the_encoder_where_they_are_few(
    monkeypatch: pytest.MonkeyPatch, cores: int, gpu: bool, expected: int
) -> None:
    monkeypatch.setattr(taking_apart, "usable_cores", lambda: cores)
    monkeypatch.setattr("torch.cuda.is_available", lambda: gpu)
    assert taking_apart.text_processes() == expected


def test_reading_resumed_goes_on_in_the_precision_it_was_begun_in(
    tmp_path: Path, model: Path, actors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(fastest, "precisions_of", lambda _: ["fp32", "bf16"])
    trials = {"fp32": Trial(1.0, 0.0), "bf16": Trial(2.0, 0.0)}
    monkeypatch.setattr(fastest, "try_precisions", lambda *_: trials)
    monkeypatch.setattr(reading, "ENOUGH", 4)  # of the six of a part, three are the same sentence
    auto = {"precision": "auto"}
    read(job(tmp_path, model, actors, "whole.jsonl", **auto))
    predict, calls = Predictor.predict, itertools.count()

    def failing(self: Predictor, sentences: Any) -> Predictions:
        if next(calls) == 11:  # one part is left, and it is small
            raise KeyboardInterrupt
        return predict(self, sentences)

    with monkeypatch.context() as patch:
        patch.setattr(Predictor, "predict", failing)
        with pytest.raises(KeyboardInterrupt):
            read(job(tmp_path, model, actors, "out.jsonl", **auto))
    read(job(tmp_path, model, actors, "out.jsonl", resume=True, **auto))
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def _counting(self: Predictor, sentences: Any, predict: Any, counted: list[int]) -> Predictions:
    counted.append(len(sentences))
    return predict(self, sentences)  # type: ignore[no-any-return]


def test_reading_resumed_with_other_inputs_is_refused(
    tmp_path: Path, model: Path, actors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(reading, "_write", lambda job, spool: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            read(job(tmp_path, model, actors, "out.jsonl"))
    archive(tmp_path, 41)
    with pytest.raises(UserError, match=r"--resume: expected the inputs that .* was begun with"):
        read(job(tmp_path, model, actors, "out.jsonl", resume=True))


def test_reading_deletes_no_unfinished_fit_of_its_outputs_name(tmp_path: Path, model: Path, actors: Path) -> None:
    archive(tmp_path)
    checkpoint = tmp_path / "out.jsonl.partial" / "checkpoints" / "checkpoint-9"
    checkpoint.mkdir(parents=True)
    (tmp_path / "out.jsonl.partial" / "run.json").write_text('{"command": "fit"}')
    for resume in (False, True):
        with pytest.raises(UserError, match=r"unfinished results|expected the inputs"):
            read(job(tmp_path, model, actors, "out.jsonl", resume=resume))
    assert checkpoint.exists()


def test_reading_keeps_no_more_than_a_group_in_memory(tmp_path: Path, model: Path, actors: Path) -> None:
    """Count what waits for the model: it is the same for ten times as many articles."""
    most = []
    predict = Predictor.predict
    for articles in (40, 400):
        archive(tmp_path, articles)
        counted: list[int] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Predictor, "predict", lambda self, s, c=counted: _counting(self, s, predict, c))
            read(job(tmp_path, model, actors, f"out{articles}.jsonl"))
        most.append(max(counted))
    assert most[0] == most[1] < 10


def test_reading_carries_columns_with_their_types(tmp_path: Path, model: Path, actors: Path) -> None:
    frame = pd.DataFrame(
        {
            "id": ["x", "y"],
            "text": ["Nowak milczy.", "Kowal milczy."],
            "page": [3, 4],
            "share": [0.5, None],
            "actor": ["a", "b"],
            "date": pd.to_datetime(["2024-01-02", "2024-01-03"]),
        }
    )
    frame.to_parquet(tmp_path / "in.parquet")
    read(job(tmp_path, model, actors, "out.parquet", inputs=[str(tmp_path / "in.parquet")]))
    table = pd.read_parquet(tmp_path / "out.parquet")
    assert list(table["actor"]) == ["Nowak", "Kowal"]
    assert list(table["input_actor"]) == ["a", "b"]
    assert list(table["page"]) == [3, 4] and table["page"].dtype == "int64"
    assert table["share"][0] == 0.5 and pd.isna(table["share"][1])
    assert table["date"][1].startswith("2024-01-03")


def test_reading_summary_counts_by_actor_outlet_and_week(tmp_path: Path, model: Path, actors: Path) -> None:
    archive(tmp_path)
    read(job(tmp_path, model, actors, "records.jsonl"))
    read(job(tmp_path, model, actors, "summary.csv", summary=True))
    records = [json.loads(line) for line in (tmp_path / "records.jsonl").read_text().splitlines()]
    table = pd.read_csv(tmp_path / "summary.csv")
    assert list(table.columns[:5]) == ["actor", "outlet", "week", "articles", "sentences"]
    assert table["sentences"].sum() == sum(record["actor"] is not None for record in records) == 68
    assert (table[["against", "neutral", "favor", "abstained"]].sum(axis=1) == table["sentences"]).all()
    one = table[(table["actor"] == "Nowak") & (table["outlet"] == "G0") & (table["week"] == "2024-W18")]
    expected = [
        record["probabilities"]["favor"]
        for record in records
        if record["actor"] == "Nowak" and record["outlet"] == "G0" and record["date"] <= "2024-05-05"
    ]
    assert one["mean_favor"].item() == pytest.approx(sum(expected) / len(expected), abs=1e-4)


def test_reading_abstains_below_a_probability(tmp_path: Path, model: Path, actors: Path) -> None:
    archive(tmp_path)
    read(job(tmp_path, model, actors, "all.jsonl"))
    everything = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    best = sorted(max(record["probabilities"].values()) for record in everything if record["actor"])
    gap, low, high = max((after - before, before, after) for before, after in itertools.pairwise(best))
    assert gap > 1e-4
    middle = (low + high) / 2
    read(job(tmp_path, model, actors, "some.jsonl", abstain_below=middle))
    some = [json.loads(line) for line in (tmp_path / "some.jsonl").read_text().splitlines()]
    for before, after in zip(everything, some, strict=True):
        assert before["probabilities"] == after["probabilities"]
        if before["actor"]:
            sure = max(before["probabilities"].values()) >= middle
            assert after["stance"] == (before["stance"] if sure else None)
    read(job(tmp_path, model, actors, "some.csv", abstain_below=middle, summary=True))
    assert pd.read_csv(tmp_path / "some.csv")["abstained"].sum() == sum(value < middle for value in best)


def test_summary_has_no_outlet_where_there_is_none() -> None:
    record = {
        "article": "a",
        "actor": "Nowak",
        "stance": "favor",
        "probabilities": {"against": 0.1, "neutral": 0.2, "favor": 0.7},
    }
    (row,) = summary_rows([record, {**record, "article": "b"}, {**record, "actor": None}])
    assert row == {
        **{"actor": "Nowak", "articles": 2, "sentences": 2, "against": 0, "neutral": 0, "favor": 2},
        "abstained": 0,
        **{"mean_against": 0.1, "mean_neutral": 0.2, "mean_favor": 0.7, "balance": 0.6},
    }


# --- the page


class Page(HTMLParser):
    """The elements and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data


def page_of(text: str, tmp_path: Path, model: Path, actors: Path) -> Page:
    (tmp_path / "in.txt").write_text(text, encoding="utf-8")
    read(job(tmp_path, model, actors, "out.html", inputs=[str(tmp_path / "in.txt")]))
    return Page((tmp_path / "out.html").read_text(encoding="utf-8"))


def test_page_marks_mentions_for_eye_keyboard_and_screen_reader(tmp_path: Path, model: Path, actors: Path) -> None:
    page = page_of("Nagłówek\n\nNowak chwali Kowala. Deszcz pada.", tmp_path, model, actors)
    marks = [attributes for tag, attributes in page.elements if tag == "mark" and "tabindex" in attributes]
    assert len(marks) == 2
    for mark, name in zip(marks, ("Nowak", "Kowal"), strict=True):
        assert mark["tabindex"] == "0"
        assert f"{name}: {mark['class']} (against 0." in str(mark["aria-label"])
    assert "Deszcz pada." in page.said and "Nagłówek" in page.said
    assert [tag for tag, _ in page.elements].count("article") == 1


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script> Nowak <img src=x onerror=alert(1)> milczy.",
        '"><svg onload=alert(1)> Nowak & Kowal.',
        "{{ 7 * 7 }} Nowak {% raw %} milczy.",
    ],
)
def test_page_shows_hostile_text_as_text(hostile: str, tmp_path: Path, model: Path, actors: Path) -> None:
    page = page_of(hostile, tmp_path, model, actors)
    assert not {"script", "img", "svg", "iframe", "link"} & {tag for tag, _ in page.elements}
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert "default-src 'none'" in str([attributes for tag, attributes in page.elements if tag == "meta"])
    assert hostile.split("Nowak")[0].strip() in page.said


def test_page_shows_what_would_turn_the_text_around(tmp_path: Path, model: Path, actors: Path) -> None:
    page = page_of("Nowak \u202emilczy\u2066 od rana.", tmp_path, model, actors)
    assert "Nowak" in page.said and "\ufffdmilczy\ufffd" in page.said
    assert not {"\u202e", "\u2066"} & set(page.said)


@pytest.mark.parametrize(
    "text",
    [
        "Nowak chwali. " * 80_000,  # 1 MB in one line
        "Nowak chwali Kowala\nKowal milczy\nBez kropki",
        "Nowak 🎉 chwali! 👏 Kowal 🤦‍♀️ milczy.",
        unicodedata.normalize("NFD", "Nowak chwali żółć Kowala."),
        "Deszcz.",
    ],
    ids=["one long line", "only headlines", "emoji", "NFD", "no actor"],
)
def test_reading_takes_any_text(
    text: str, tmp_path: Path, model: Path, actors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predicting, "READ_TOGETHER", 100_000)
    monkeypatch.setattr(Predictor, "predict", _uniform)
    (tmp_path / "in.txt").write_text(text, encoding="utf-8")
    read(job(tmp_path, model, actors, "out.jsonl", inputs=[str(tmp_path / "in.txt")]))
    whole = unicodedata.normalize("NFC", text)
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    for record in records:
        assert whole[record["sentence_start"] :][: len(record["sentence"])] == record["sentence"]
        for start, end in record["mentions"] or ():
            assert record["sentence"][start:end].startswith(record["actor"])
    mentions = sum(len(record["mentions"] or ()) for record in records)
    assert mentions == whole.count("Nowak") + whole.count("Kowal")


def _uniform(self: Predictor, sentences: Any) -> Predictions:
    import numpy as np

    actors = sum(len(sentence.actors) for sentence in sentences)
    return Predictions(np.full((actors, 3), 1 / 3, np.float32), None)


def test_reading_of_nothing_but_rejects_is_an_error(tmp_path: Path, model: Path, actors: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": 1, "text": ""}\n')
    result = train("predict", tmp_path / "in.jsonl", "--model", model, "--actors", actors, status=2)
    assert "in.jsonl:1: expected 'text' to be text, found ''. No record holds an article." in result.stderr


def test_reading_page_of_too_many_articles_is_refused(
    tmp_path: Path, model: Path, actors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_ARTICLES", 3)
    archive(tmp_path)
    with pytest.raises(UserError, match="--format html: expected at most 3 articles"):
        read(job(tmp_path, model, actors, "out.html"))
