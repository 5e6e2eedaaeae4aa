"""Actors in a text, in every grammatical case."""

import json
import re
from pathlib import Path

import pytest

from data.actor_list import BUNDLED, Actor, read_actors
from data.finding import ActorFinder

HERE = Path(__file__).parent
MARK = re.compile(r"\[\[([^|\]]+)\|([^\]]+)\]\]")  # [[Rosji|Rosja]]
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


@pytest.mark.parametrize(
    ("sentences", "actors"), [("mentions_dev", HERE / "mentions_dev.toml"), ("mentions_test", BUNDLED)]
)
def test_finding_finds_the_mentions_of_the_hand_made_set(sentences: str, actors: Path) -> None:
    """Compare with marked mentions: `dev` the rules were made on, `test` was written without knowing them."""
    finder = ActorFinder(read_actors(actors))
    right = wrong_actor = wrong = missed = 0
    for line in (HERE / f"{sentences}.jsonl").read_text(encoding="utf-8").splitlines():
        marked, plain, last = {}, "", 0
        raw = json.loads(line)["text"]
        for mark in MARK.finditer(raw):
            plain += raw[last : mark.start()]
            marked[len(plain), len(plain) + len(mark[1])] = mark[2]
            plain, last = plain + mark[1], mark.end()
        found = {(mention.start, mention.end): mention.actor for mention in finder.find(plain + raw[last:])}
        right += sum(marked.get(place) == actor for place, actor in found.items())
        wrong_actor += sum(place in marked and marked[place] != actor for place, actor in found.items())
        wrong += len(found.keys() - marked.keys())
        missed += len(marked.keys() - found.keys())
    assert right + missed >= 300
    assert right / (right + wrong_actor + wrong) >= 0.98
    assert right / (right + wrong_actor + missed) >= 0.98
    assert right / (right + wrong_actor) >= 0.98


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Małgorzata Tusk i Tusk", ["Tusk"]),
        ("Agata Kornhauser-Duda, potem Duda", ["Duda"]),
        ("Jarosław Kaczyński przemówił. Kaczyński wyszedł.", ["Jarosław Kaczyński", "Kaczyński"]),
        ("Polska gospodarka rośnie. Polska rośnie.", ["Polska"]),
        ("Papież. Franciszek wyszedł.", []),
        ("Jak informuje resort: Jak to? Jak mówi Patryk Jaki.", ["Patryk Jaki"]),
        ("SEJM: TUSK KONTRA DUDA, PO PRZERWIE PIS", ["TUSK", "DUDA", "PIS"]),
        ("Budimeksem, Erdogana i Orbanowi", ["Budimeksem", "Erdogana", "Orbanowi"]),
        ("W Mińsku Mazowieckim i w Mińsku", ["Mińsku"]),
    ],
)
def test_finding_tells_an_actor_from_its_namesakes(text: str, expected: list[str]) -> None:
    persons = (
        *("Donald Tusk", "Andrzej Duda", "Jarosław Kaczyński", "Lech Kaczyński", "Patryk Jaki"),
        *("papież Franciszek", "Recep Tayyip Erdoğan", "Viktor Orbán"),
    )
    others = (Actor("Polska", "country"), Actor("Białoruś", "country", ("Mińsk",)), Actor("PiS"), Actor("Budimex"))
    actors = [*(Actor(name, "person") for name in persons), *others]
    assert [text[found.start : found.end] for found in ActorFinder(actors).find(text)] == expected


def test_finding_reports_what_is_in_doubt() -> None:
    findings = ActorFinder(ACTORS).read("Kaczyński przemówił.")
    assert findings.found == []
    (place,) = findings.ambiguous
    assert place.actors == ("Jarosław Kaczyński", "Lech Kaczyński")
    assert (place.start, place.end, place.why) == (0, 9, "several actors bear this surname")


def test_finding_is_as_fast_with_many_actors() -> None:
    """Count lookups, not seconds: each word of a text is looked up once, whatever the list's length."""
    many = [Actor(f"Firma{number:05}", "organisation") for number in range(3000)]
    finder = ActorFinder([*ACTORS, *many])
    text = "Prezes Firma01234 chwali Rosję. " * 500
    assert len(finder.find(text)) == 1000
    assert finder._starting.cache_info().misses == len({"Prezes", "Firma01234", "chwali", "Rosję"})


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
