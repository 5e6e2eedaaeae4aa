"""Sentences of a Polish news text."""

import itertools
import json
from pathlib import Path

import pytest

from data.splitting import split_sentences

BOUNDARIES = Path(__file__).parent / "boundaries.jsonl"


def sentences(text: str, *, markdown: bool = False) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, markdown=markdown)]


@pytest.mark.parametrize(
    "whole",
    [
        "Dostarczyły ponad 99 proc. otrzymanego wsparcia.",
        "Kosztuje ok. 40 mld euro i 10 tys. Polaków pracy.",
        "Prof. dr hab. J.K. Kowal mieszka przy ul. Długiej, m.in. z psem.",
        "Zajęli 3. miejsce w grupie.",
        "Ustawę z 1.09. podpisał gen. Nowak.",
        "Wtedy… nikt nie odpowiedział.",
        "– To nieprawda! – krzyknął poseł.",
    ],
)
def test_splitting_leaves_a_sentence_whole(whole: str) -> None:
    assert sentences(whole) == [whole]


@pytest.mark.parametrize(
    "parts",
    [
        ["Rząd milczy.", "Opozycja krzyczy!", "Kto ma rację?", "Nikt."],
        ["„To koniec.", "Naprawdę” – powiedział.", "Wyszedł."],
        ["Wzrosło o 5 proc.", "Minister nie komentuje."],
        ['Mówił o "małym starciu".', "Potem zamilkł."],
        ["To było w 2019.", "Nikt nie pamięta."],
    ],
)
def test_splitting_cuts_between_sentences(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


@pytest.mark.parametrize(("prefix", "least"), [("b-", 0.97), ("t-", 0.97)])
def test_splitting_finds_the_boundaries_of_the_hand_made_set(prefix: str, least: float) -> None:
    """Compare with the set whose boundaries are marked ⏎: `b-` the rules were made on, `t-` they never saw."""
    right = wrong = missed = 0
    for line in BOUNDARIES.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record["id"].startswith(prefix):
            text = record["text"].replace("⏎", "")
            marks = [place for place, letter in enumerate(record["text"]) if letter == "⏎"]
            marked = {place - before for before, place in enumerate(marks)}
            spans = itertools.pairwise(split_sentences(text))
            found = {end for (_, end), (start, _) in spans if "\n" not in text[end:start]}
            right, wrong = right + len(found & marked), wrong + len(found - marked)
            missed += len(marked - found)
    assert right + missed >= 150
    assert 2 * right / (2 * right + wrong + missed) >= least


def test_splitting_takes_a_line_break_for_an_end() -> None:
    assert sentences("Nagłówek bez kropki\n\nPierwsze zdanie.\r\nDrugie") == [
        "Nagłówek bez kropki",
        "Pierwsze zdanie.",
        "Drugie",
    ]


def test_splitting_leaves_markdown_marks_outside() -> None:
    assert sentences("# Tytuł\n\n- punkt pierwszy\n> cytat\n", markdown=True) == ["Tytuł", "punkt pierwszy", "cytat"]
    assert sentences("- To nieprawda - mówił.") == ["- To nieprawda - mówił."]


def test_splitting_gives_nothing_of_blanks() -> None:
    assert sentences(" \n\t\n") == []
