"""Carry a model away."""

import shutil
from pathlib import Path

from models.folder import read_config, refuse_non_empty
from train.model_source import model_folder


def export(model: str | None, to: Path) -> None:
    """Copy a model folder, whole or not at all.

    Raises:
        UserError: There is no such model, it is not whole, or `to` holds something.
    """
    refuse_non_empty(to)
    source = model_folder(model)
    read_config(source)
    partial = to.with_name(to.name + ".writing")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(source, partial)
    if to.exists():
        to.rmdir()
    partial.rename(to)
