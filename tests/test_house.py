"""The packages' plain names are ours alone in this environment, and the docs name every command."""

import re
import shlex
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from typer.testing import CliRunner

from train.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DATA_COMMANDS = ("check", "import", "split", "stats", "agreement")
COMMANDS = (
    *("fit", "evaluate", "compare", "sweep", "predict", "actors", "sentences", "export", "distill", "bench", "ui"),
    *(f"data {command}" for command in DATA_COMMANDS),
)


@pytest.mark.parametrize("name", ["data", "models", "evaluation", "train", "tests"])
def test_house_no_other_distribution_installs_a_package_of_our_names(name: str) -> None:
    owners = set(packages_distributions().get(name, [])) - {"stanowisko"}
    assert owners == set(), f"{name} comes from {owners} too"


@pytest.mark.parametrize("command", COMMANDS)
def test_docs_readme_names_every_command(command: str) -> None:
    assert f"train {command}" in README


def test_docs_readme_shows_only_flags_that_exist() -> None:
    shown = re.findall(r"^(?:\$ )?(?:\.venv/bin/)?train ([^\n#]+)", README, flags=re.MULTILINE)
    assert len(shown) >= len(COMMANDS)
    for line in shown:
        words = shlex.split(line.replace("\\", ""))
        command = words[:2] if words[0] == "data" else words[:1]
        text = CliRunner().invoke(app, [*command, "--help"]).stdout
        for word in words:
            if word.startswith("--"):
                assert word in text, f"train {line}"


def test_docs_every_command_of_the_program_is_documented() -> None:
    listed = re.findall(r"^  (\w+)  ", CliRunner().invoke(app, ["--help"]).stdout, flags=re.MULTILINE)
    assert set(listed) == {command.split()[0] for command in COMMANDS}


def test_docs_first_two_commands_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test"):
        assert f"make {target}" in README
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
