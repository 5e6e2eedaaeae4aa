"""Actor lists from TOML."""

from pathlib import Path

import pytest

from data.actor_list import BUNDLED, read_actors
from data.problems import UserError


def test_actor_list_reads_names_types_and_aliases(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('[[actor]]\nname = "Rosja"\ntype = "country"\naliases = ["Kreml"]\n', encoding="utf-8")
    (actor,) = read_actors(path)
    assert (actor.name, actor.type, actor.aliases) == ("Rosja", "country", ("Kreml",))


def test_actor_list_bundled_one_is_in_order() -> None:
    assert len(read_actors(BUNDLED)) >= 90


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[actor]\n", "expected TOML, found a mistake"),
        ("title = 1\n", r"expected \[\[actor\]\] tables"),
        ("[[actor]]\nname = 3\n", r"number 1: expected a name, found 3"),
        ('[[actor]]\nname = "A"\ntype = "planet"\n', "expected type person, country"),
        ('[[actor]]\nname = "A"\naliases = "B"\n', "expected aliases as a list"),
        ('[[actor]]\nname = "A"\nalias = ["B"]\n', "unknown key 'alias'"),
        ('[[actor]]\nname = "A"\n[[actor]]\nname = "A"\n', "number 2: the name 'A' stands twice"),
    ],
)
def test_actor_list_names_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=message):
        read_actors(path)
