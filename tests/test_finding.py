"""Actors in a text, in every grammatical case."""

from pathlib import Path

import pytest

from data.actor_list import BUNDLED, Actor, read_actors
from data.finding import ActorFinder

KURSK = Path(__file__).parents[2] / "shared" / "articles" / "kursk.txt"

ACTORS = [
    Actor("Rosja", "country", ("Federacja Rosyjska", "Moskwa", "Kreml")),
    Actor("Polska", "country"),
    Actor("Niemcy", "country"),
    Actor("Korea Północna", "country", ("Pjongjang",)),
    Actor("NATO", "organisation"),
    Actor("PiS", "party", ("Prawo i Sprawiedliwość",)),
    Actor("Platforma Obywatelska", "party", ("PO",)),
    Actor("Wołodymyr Zełenski", "person"),
    Actor("Joe Biden", "person"),
    Actor("Nigel Farage", "person"),
    Actor("Mark Rutte", "person"),
    Actor("Jarosław Kaczyński", "person"),
    Actor("Lech Kaczyński", "person"),
    Actor("Władysław Kosiniak-Kamysz", "person"),
    Actor("Ursula von der Leyen", "person"),
]


def find(text: str) -> list[tuple[str, str]]:
    return [(found.actor, text[found.start : found.end]) for found in ActorFinder(ACTORS).find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rosji, Rosję, Rosją, o Rosji", [("Rosja", form) for form in ("Rosji", "Rosję", "Rosją", "Rosji")]),
        ("z Moskwy na Kremlu", [("Rosja", "Moskwy"), ("Rosja", "Kremlu")]),
        ("żołnierze z Korei Północnej", [("Korea Północna", "Korei Północnej")]),
        ("z Koreą Północną i Pjongjangiem", [("Korea Północna", "Koreą Północną"), ("Korea Północna", "Pjongjangiem")]),
        ("Prawu i Sprawiedliwości", [("PiS", "Prawu i Sprawiedliwości")]),
        ("posłowie PiS-u i PiSu", [("PiS", "PiS-u"), ("PiS", "PiSu")]),
        ("Zełenskiego, Zełenskiemu, Zełenskim", [("Wołodymyr Zełenski", f"Zełenski{e}") for e in ("ego", "emu", "m")]),
        ("Wołodymyrowi Zełenskiemu", [("Wołodymyr Zełenski", "Wołodymyrowi Zełenskiemu")]),
        ("Bidena i Bidenowi", [("Joe Biden", "Bidena"), ("Joe Biden", "Bidenowi")]),
        ("Farage'a i Farage’owi", [("Nigel Farage", "Farage'a"), ("Nigel Farage", "Farage’owi")]),
        ("Ruttego, Rutte'go, z Rutte", [("Mark Rutte", form) for form in ("Ruttego", "Rutte'go", "Rutte")]),
        ("Kosiniaka-Kamysza", [("Władysław Kosiniak-Kamysz", "Kosiniaka-Kamysza")]),
        ("z Ursulą von der Leyen", [("Ursula von der Leyen", "Ursulą von der Leyen")]),
        ("głosy PO", [("Platforma Obywatelska", "PO")]),
    ],
)
def test_finding_takes_every_case(text: str, expected: list[tuple[str, str]]) -> None:
    assert find(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Po wyborach było cicho.",
        "rosyjski okręt i Rosjanie",
        "natowski dowódca, NATO-wski sztab",
        "Polskiej Agencji Prasowej",
        "dwóch Niemców",
        "moskwa płynie",
        "Kaczyński przemówił",  # two of that name are in the list
    ],
)
def test_finding_leaves_out_what_only_looks_like_an_actor(text: str) -> None:
    assert find(text) == []


def test_finding_takes_the_full_name_of_a_shared_surname() -> None:
    assert find("Jarosława Kaczyńskiego") == [("Jarosław Kaczyński", "Jarosława Kaczyńskiego")]


def test_finding_takes_the_longest_name() -> None:
    actors = [Actor("Korea", "country"), Actor("Korea Północna", "country")]
    found = ActorFinder(actors).find("W Korei Północnej i w Korei.")
    assert [mention.actor for mention in found] == ["Korea Północna", "Korea"]


@pytest.mark.skipif(not KURSK.exists(), reason="needs ../shared")
def test_finding_names_every_actor_of_a_real_article() -> None:
    text = KURSK.read_text(encoding="utf-8")
    counts: dict[str, int] = {}
    for found in ActorFinder(read_actors(BUNDLED)).find(text):
        counts[found.actor] = counts.get(found.actor, 0) + 1
    assert counts == {
        "Rosja": text.count("Rosj") - text.count("Rosjan") + text.count("Moskw"),
        "Korea Północna": text.count("Korei Północnej") + text.count("Koreą Północną") + text.count("Pjongjang"),
        "Ukraina": text.count("Ukrain"),
        "NATO": text.count("NATO"),
        "Mark Rutte": text.count("Rutte"),
        "Władimir Putin": text.count("Putin"),
        "Wołodymyr Zełenski": text.count("Zełenski"),
        "Pentagon": text.count("Pentagon"),
        "Reuters": text.count("Reuters"),
        "Politico": text.count("Politico"),
    }
