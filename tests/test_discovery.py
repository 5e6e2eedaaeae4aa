"""Names that no list has, their forms under one lemma."""

import tomllib
from pathlib import Path

import pytest

from data.actor_list import Actor, read_actors
from data.discovery import Discovered, discover
from data.finding import ActorFinder
from tests.test_cli import train

TEXTS = [
    "Prezes Jan Kowalik chwali Orlen. Zdaniem Jana Kowalika w Radomiu jest dobrze. Nie dziwi to nikogo w Radomiu.",
    "Kowalikowi odpowiedział senator z Radomia. Wcześniej Zbigniew Drągal spotkał się z Drągalem.",
    "Spór z firmą Wexpol trwa. Prawnicy Wexpolu milczą, a z Wexpolem rozmawia KRRT. Wczoraj KRRT milczała.",
    "Komenda Powiatowa Policji milczy. W Komendzie Powiatowej Policji cisza. Polacy milczą, Polaków to nie dziwi.",
]


@pytest.fixture(scope="module")
def found() -> dict[str, Discovered]:
    return {one.name: one for one in discover(TEXTS, ActorFinder([Actor("Orlen", "organisation")]))}


def test_discovery_groups_forms_under_one_lemma(found: dict[str, Discovered]) -> None:
    assert set(found["Jan Kowalik"].forms) == {"Jan Kowalik", "Jana Kowalika", "Kowalikowi"}
    assert found["Jan Kowalik"].articles == 2
    assert set(found["Wexpol"].forms) == {"Wexpol", "Wexpolu", "Wexpolem"}
    assert found["Radom"].count == 3


def test_discovery_says_what_a_name_seems_to_be(found: dict[str, Discovered]) -> None:
    types = {name: found[name].type for name in ("Jan Kowalik", "Radom", "KRRT", "Polak")}
    assert types == {"Jan Kowalik": "person", "Radom": "place", "KRRT": "organisation", "Polak": "people"}


def test_discovery_keeps_a_name_of_several_words_as_it_is_written(found: dict[str, Discovered]) -> None:
    assert found["Komenda Powiatowa Policji"].count == 2


def test_discovery_leaves_out_listed_actors_and_beginnings_of_sentences(found: dict[str, Discovered]) -> None:
    assert not {"Orlen", "Nie", "Wcześniej", "Prezes", "Zdanie", "Spór", "W"} & found.keys()


def test_discovery_writes_a_list_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n".join(TEXTS), encoding="utf-8")
    (tmp_path / "one.toml").write_text('[[actor]]\nname = "Orlen"\n', encoding="utf-8")
    words = ("actors", tmp_path / "a.txt", "--actors", tmp_path / "one.toml", "--discover", "--format", "toml")
    output = train(*words).stdout
    (tmp_path / "new.toml").write_text(output, encoding="utf-8")
    actors = {actor.name: actor.type for actor in read_actors(tmp_path / "new.toml")}
    assert actors["Jan Kowalik"] == "person" and actors["Radom"] is None
    assert "# a place, 3 times: Radomiu, Radomia" in output
    assert tomllib.loads(output)["actor"][0]["name"] == next(iter(actors))


def test_discovery_toml_needs_discover(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Tekst.", encoding="utf-8")
    result = train("actors", tmp_path / "a.txt", "--format", "toml", status=2)
    assert "--format toml: expected --discover" in result.stderr


def test_discovery_has_no_mentions_to_doubt(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Tekst.", encoding="utf-8")
    result = train("actors", tmp_path / "a.txt", "--discover", "--doubts", tmp_path / "d.jsonl", status=2)
    assert "--doubts: expected no --discover" in result.stderr
    assert not (tmp_path / "d.jsonl").exists()
