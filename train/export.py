"""Carry a model away."""

import shutil
from pathlib import Path

from data.writing import refuse_non_empty, whole_folder
from models.config import read_config
from models.graph_files import GRAPHS, NOTE
from train.model_source import model_folder


def export(model: str | None, to: Path, *, onnx: bool = False, check: Path | None = None) -> str:
    """Copy a model folder, whole or not at all; with `onnx` write its graphs into it.

    The graphs are checked on the labelled sentences of `check`, by default the bundled test sentences.
    Returns what is to be said of the graphs, "" without them.

    Raises:
        UserError: There is no such model, it is not whole, `to` holds something, or the graphs cannot be made.
    """
    refuse_non_empty(to)
    source = model_folder(model)
    read_config(source)
    said = ""
    with whole_folder(to) as partial:
        old = shutil.ignore_patterns(*(f"{name}*" for name in GRAPHS.values()), NOTE) if onnx else None
        shutil.copytree(source, partial, ignore=old, dirs_exist_ok=True)
        if onnx:
            from train.export_graphs import write_graphs

            said = write_graphs(partial, check)
    return said
