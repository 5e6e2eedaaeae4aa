"""The folder that an encoder's name means, if it means one, and how its makers would have it fitted."""

from pathlib import Path

from data.problems import UserError

MINI = Path(__file__).parent / "mini"
FIT_SETTINGS = "fit.toml"


def encoder_folder(name: str) -> Path | None:
    """Return the folder that an encoder's name means, None for a hub name.

    Raises:
        UserError: It means a folder that is not there, or holds no encoder.
    """
    path = MINI if name == "mini" else Path(name).expanduser()
    if path.is_dir():
        if not (path / "config.json").exists():
            raise UserError(f"--encoder {name}: expected an encoder's folder with config.json, found none in {path}.")
        return path
    if name == "mini":
        raise UserError(f"--encoder mini: expected it in {path}, found nothing. Use --encoder PATH or a hub name.")
    if name.startswith((".", "/", "~")) or name.count("/") != 1:
        raise UserError(
            f"--encoder {name}: expected a folder, a hub name such as allegro/herbert-base-cased, or mini; "
            "found no such folder."
        )
    return None


def fit_settings_of(name: str) -> Path | None:
    """Return the file with the settings that an encoder's folder brings along, None where it brings none.

    Raises:
        UserError: As `encoder_folder` does.
    """
    folder = encoder_folder(name)
    return folder / FIT_SETTINGS if folder and (folder / FIT_SETTINGS).exists() else None
