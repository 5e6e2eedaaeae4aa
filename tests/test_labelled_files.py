"""Labelled sentences from files: what is wrong is said once, with its place."""

import json
from pathlib import Path

import pytest

from data.labelled_files import read_sentences, write_sentences
from data.problems import UserError
from tests.conftest import small_corpus


def write_lines(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def line(identifier: str, text: str = "Rosja milczy.") -> str:
    return json.dumps({"id": identifier, "text": text, "actors": [{"actor": "Rosja", "mentions": [[0, 5]]}]})


def test_labelled_files_round_trip(tmp_path: Path) -> None:
    write_sentences(small_corpus(9), tmp_path / "a.jsonl")
    assert read_sentences(tmp_path / "a.jsonl") == small_corpus(9)
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_labelled_files_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.jsonl: expected a file, found nothing there"):
        read_sentences(tmp_path / "none.jsonl")


def test_labelled_files_empty_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="found an empty file"):
        read_sentences(write_lines(tmp_path / "a.jsonl", []))


def test_labelled_files_other_encodings_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes((line("a") + "\n").encode() + "{żółć}".encode("cp1250"))
    with pytest.raises(UserError, match=r"a\.jsonl:2: expected UTF-8, found byte 0xbf"):
        read_sentences(path)


def test_labelled_files_broken_json_on_line_7(tmp_path: Path) -> None:
    lines = [line(f"s{number}") for number in range(6)] + ['{"id": "s7", "text": ']
    with pytest.raises(UserError, match=r"a\.jsonl:7: expected one JSON object, found broken JSON"):
        read_sentences(write_lines(tmp_path / "a.jsonl", lines))


def test_labelled_files_duplicate_ids_name_both_lines(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a\.jsonl:3: id 'x' stands already on line 1"):
        read_sentences(write_lines(tmp_path / "a.jsonl", [line("x"), line("y"), line("x")]))


def test_labelled_files_all_problems_at_once(tmp_path: Path) -> None:
    lines = [line("x"), "{", line("y", "Ros"), "[]", line("x")]
    with pytest.raises(UserError) as raised:
        read_sentences(write_lines(tmp_path / "a.jsonl", lines))
    message = str(raised.value)
    assert "4 problems" in message
    assert [number for number in range(1, 7) if f"a.jsonl:{number}:" in message] == [2, 3, 4, 5]


def test_labelled_files_a_line_separator_in_a_text_ends_no_line(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", ['{"id": "a", "text": "Raz\u2028dwa"}'])
    assert read_sentences(path)[0].text == "Raz\u2028dwa"


def test_labelled_files_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + line("a").encode())
    assert read_sentences(path)[0].id == "a"


def test_labelled_files_unknown_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"expected labelled sentences as \.jsonl or \.csv, found '\.xlsx'"):
        read_sentences(tmp_path / "a.xlsx")
