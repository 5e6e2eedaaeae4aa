"""What a fit is told."""

from pathlib import Path

import pytest

from data.problems import UserError
from train.settings import FitSettings, read_config


def test_settings_go_to_their_concern_and_back() -> None:
    settings = FitSettings.from_flat({"epochs": 3, "target": "pair", "data": "x", "encoder": "mini"})
    assert settings.training.epochs == 3
    assert settings.heads.target == "pair"
    assert settings.run.data == Path("x")
    assert FitSettings.from_flat(settings.flat()) == settings


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"epoch": 3}, "unknown setting 'epoch'; did you mean 'epochs'"),
        ({"epochs": 0}, "--epochs: expected at least 1, found 0"),
        ({"batch_size": 1}, "--batch-size: expected at least 2"),
        ({"epochs": "many"}, "--epochs: expected int, found 'many'"),
        ({"epochs": True}, "--epochs: expected int, found True"),
        ({"target": "word"}, "--target: expected one of span, pair, none, found 'word'"),
        ({"learning_rate": -1.0}, "--learning-rate: expected a number above 0"),
        ({"dropout": 1.0}, "--dropout: expected a number from"),
        ({"freeze_embeddings": "yes"}, "--freeze-embeddings: expected bool, found 'yes'"),
        ({"max_tokens": 4}, "--max-tokens: expected at least 16"),
    ],
)
def test_settings_name_the_flag_that_is_wrong(values: dict[str, object], message: str) -> None:
    with pytest.raises(UserError, match=message):
        FitSettings.from_flat(values)


def test_settings_from_toml(tmp_path: Path) -> None:
    path = tmp_path / "fit.toml"
    path.write_text('batch-size = 8\nencoder = "mini"\n')
    assert read_config(path) == {"batch_size": 8, "encoder": "mini"}
    path.write_text("[training]\nepochs = 2\n")
    with pytest.raises(UserError, match=r"found the table \[training\]"):
        read_config(path)
    path.write_text("epochs = \n")
    with pytest.raises(UserError, match="expected TOML"):
        read_config(path)
