"""Articles from files and standard input."""

import io
import unicodedata
from pathlib import Path

import pytest

from data.articles import check_inputs, read_articles
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
        ('{"text": "Dwa."}', "a.jsonl:2: expected an id, found None"),
        ('{"id": "x", "text": "Dwa."}', "article id 'x' stands twice"),
    ],
)
def test_articles_name_a_broken_line(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "x", "text": "Raz."}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(UserError, match=message):
        list(read_articles([str(tmp_path / "a.jsonl")]))


def test_articles_inputs_are_checked_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("x")
    for name, message in (("none.txt", "found nothing there"), (".", "found a folder"), ("a.pdf", "found '.pdf'")):
        with pytest.raises(UserError, match=message):
            check_inputs([str(tmp_path / name)])
