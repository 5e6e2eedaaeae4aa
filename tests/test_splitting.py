"""Sentences of a Polish news text."""

import pytest

from data.splitting import split_sentences


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
