"""Articles from files and standard input."""

import io
import unicodedata
from pathlib import Path

import pandas as pd
import pytest

from data.articles import Reject, check_inputs, read_articles
from data.problems import UserError


def test_articles_of_all_kinds_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Raz.", encoding="utf-8")
    (tmp_path / "b.md").write_text("# Dwa", encoding="utf-8")
    (tmp_path / "c.jsonl").write_text(
        '{"id": "x", "text": "Trzy."}\n\n{"id": 4, "text": "Cztery."}\n', encoding="utf-8"
    )
    articles = list(read_articles([str(tmp_path / name) for name in ("a.txt", "b.md", "c.jsonl")]))
    assert [(article.id, article.text, article.markdown) for article in articles] == [
        ("a", "Raz.", False),
        ("b", "# Dwa", True),
        ("x", "Trzy.", False),
        ("4", "Cztery.", False),
    ]


def test_articles_are_in_nfc(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(unicodedata.normalize("NFD", "Żółć"), encoding="utf-8")
    (article,) = read_articles([str(tmp_path / "a.txt")])
    assert article.text == "Żółć"


def test_articles_of_the_same_name_get_their_path(tmp_path: Path) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text("Raz.", encoding="utf-8")
    paths = [str(tmp_path / folder / "a.txt") for folder in ("x", "y")]
    assert [article.id for article in read_articles(paths)] == ["a", paths[1]]


def test_articles_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("Zażółć.".encode())))
    assert [(article.id, article.text) for article in read_articles(["-"])] == [("stdin", "Zażółć.")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "a.jsonl:2: expected one JSON object"),
        ('{"id": "y"}', "a.jsonl:2: expected .*, found"),
        ('{"text": "Dwa."}', "a.jsonl:2: expected 'id', found 'text'"),
        ('{"id": "x", "text": "Dwa."}', "article id 'x' stands twice"),
    ],
)
def test_articles_name_a_broken_line(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "x", "text": "Raz."}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(UserError, match=message):
        list(read_articles([str(tmp_path / "a.jsonl")]))


def test_articles_inputs_are_checked_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("x")
    (tmp_path / "empty").mkdir()
    for name, message in (
        ("none.txt", "found nothing there"),
        ("empty", "in the folder, found none"),
        ("a.pdf", "found '.pdf'"),
    ):
        with pytest.raises(UserError, match=message):
            check_inputs([str(tmp_path / name)])


def test_articles_of_rows_carry_their_columns(tmp_path: Path) -> None:
    rows = [("1", "Raz.", "Gazeta", "2024-05-06"), ("2", "Dwa;\ntrzy.", "Kurier", "2024-05-07")]
    (tmp_path / "a.csv").write_text(
        "nr;tresc;outlet;date\n" + "".join(f'{a};"{b}";{c};{d}\n' for a, b, c, d in rows), encoding="utf-8"
    )
    frame = pd.DataFrame(rows, columns=["nr", "tresc", "outlet", "date"])
    frame["date"] = pd.to_datetime(frame["date"])
    frame.to_parquet(tmp_path / "b.parquet")
    for name in ("a.csv", "b.parquet"):
        articles = list(read_articles([str(tmp_path / name)], text_column="tresc", id_column="nr"))
        assert [(article.id, article.text) for article in articles] == [("1", "Raz."), ("2", "Dwa;\ntrzy.")]
        assert articles[1].columns["outlet"] == "Kurier"
        assert articles[1].columns["date"].startswith("2024-05-07")


def test_articles_of_a_folder_and_of_a_glob(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    for name in ("b.txt", "a.txt", "x/c.md", "x/notes.pdf"):
        (tmp_path / name).write_text("Tekst.", encoding="utf-8")
    assert [article.id for article in read_articles([str(tmp_path)])] == ["a", "b", "c"]
    assert [article.id for article in read_articles([str(tmp_path / "*.txt")])] == ["a", "b"]


def test_articles_of_a_page_are_its_main_text(tmp_path: Path) -> None:
    page = """<html><head><title>T</title><script>var x = "zły";</script></head><body><nav><a href="/">Menu</a></nav>
    <article><h1>Rząd traci większość</h1><p>Rosja odrzuciła propozycję Ukrainy, a NATO zapowiedziało wsparcie.</p>
    <p>Premier powiedział, że sytuacja jest poważna i wymaga odpowiedzi.</p><script>alert(1)</script></article>
    <footer>Polityka prywatności</footer></body></html>"""
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (article,) = read_articles([str(tmp_path / "a.html")])
    assert "Rosja odrzuciła propozycję Ukrainy" in article.text
    assert not any(word in article.text for word in ("Menu", "alert", "Polityka", "zły", "<"))


def test_articles_that_are_none_are_rejected_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = [
        '{"id": 1, "text": "Raz."}',
        '{"id": 2',
        '{"id": 3, "text": ""}',
        '{"id": 1, "text": "Znowu."}',
        '{"id": 5, "text": "\\ud800"}',
        "[]",
        '{"text": "Bez id."}',
        '{"id": 8, "text": "Osiem."}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "b.html").write_text("<html><body></body></html>", encoding="utf-8")
    (tmp_path / "c.txt").write_bytes("żółć".encode("iso-8859-2"))
    rejects: list[Reject] = []
    names = [str(tmp_path / name) for name in ("a.jsonl", "b.html", "c.txt")]
    assert [article.id for article in read_articles(names, reject=rejects.append)] == ["1", "8"]
    reasons = ["broken JSON", "'text' to be text", "stands twice", "surrogate", "found list", "expected 'id'"]
    reasons += ["found none", "expected UTF-8"]
    assert len(rejects) == len(reasons)
    for rejected, reason in zip(rejects, reasons, strict=True):
        assert reason in rejected.why
    assert rejects[0].place == f"{names[0]}:2"
