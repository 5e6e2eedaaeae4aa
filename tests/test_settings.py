"""What a fit is told."""

from pathlib import Path

import pytest

from data.problems import UserError
from train.settings import FitSettings, read_config, read_settings


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
        ({"layer_decay": 1.5}, "--layer-decay: expected a number from 0.0 to 1.0, found 1.5"),
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


def test_settings_of_the_encoders_folder_give_way_to_a_config_and_to_flags(tmp_path: Path) -> None:
    encoder = tmp_path / "encoder"
    encoder.mkdir()
    (encoder / "config.json").write_text("{}")
    (encoder / "fit.toml").write_text("epochs = 3\nbatch-size = 4\nseed = 7\n")
    config = tmp_path / "config.toml"
    config.write_text(f'encoder = "{encoder}"\nbatch-size = 6\nseed = 8\n')
    training = read_settings(config, {"seed": 9}).training
    assert (training.epochs, training.batch_size, training.seed) == (3, 6, 9)
    assert read_settings(None, {"encoder": "allegro/herbert-base-cased"}) == FitSettings()
    (encoder / "fit.toml").write_text("epoch = 3\n")
    with pytest.raises(UserError, match=r"fit\.toml: unknown setting 'epoch'"):
        read_settings(config, {})
    with pytest.raises(UserError, match="--encoder nowhere: expected a folder"):
        read_settings(None, {"encoder": "nowhere"})
