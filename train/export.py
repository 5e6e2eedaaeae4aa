"""Carry a model away."""

import shutil
from pathlib import Path

from data.writing import refuse_non_empty, whole_folder
from models.folder import read_config
from train.model_source import model_folder


def export(model: str | None, to: Path) -> None:
    """Copy a model folder, whole or not at all.

    Raises:
        UserError: There is no such model, it is not whole, or `to` holds something.
    """
    refuse_non_empty(to)
    source = model_folder(model)
    read_config(source)
    with whole_folder(to) as partial:
        shutil.copytree(source, partial, dirs_exist_ok=True)
