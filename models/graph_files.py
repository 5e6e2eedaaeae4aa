"""The graphs beside a model's weights, and whether they are of these weights: read without torch."""

import hashlib
import json
from pathlib import Path
from typing import Any

from data.problems import UserError
from data.writing import write_text
from models.config import WEIGHTS

GRAPHS = {"fp32": "model.onnx", "int8": "model.int8.onnx"}
NOTE = "onnx.json"  # which weights the graphs are of, and what they were checked on
STRETCHES, STRETCH_BYTES = 256, 4096


def write_note(folder: Path, facts: dict[str, Any]) -> None:
    """Write down which weights and which graphs of a model folder belong together, and some facts of the export."""
    files = {name: fingerprint(folder / name) for name in (WEIGHTS, *GRAPHS.values()) if (folder / name).exists()}
    write_text(folder / NOTE, json.dumps({"fingerprints": files, **facts}, ensure_ascii=False, indent=2) + "\n")


def graph_of(folder: Path, precision: str) -> Path | None:
    """Return the file of a folder's graph, None where there is none.

    Raises:
        UserError: It was not exported from the folder's weights, or is not whole.
    """
    graph = folder / GRAPHS[precision]
    if not graph.exists():
        return None
    try:
        noted = json.loads((folder / NOTE).read_text(encoding="utf-8"))["fingerprints"]
    except (OSError, ValueError, KeyError, TypeError):
        noted = {}
    if any(noted.get(name) != fingerprint(folder / name) for name in (WEIGHTS, graph.name)):
        raise UserError(
            f"{graph}: expected the graph of the weights in {WEIGHTS}, found one that was not exported from them. "
            f"Export the model again with --onnx, or delete {graph.name}."
        )
    return graph


def fingerprint(path: Path) -> str:
    """Return a file's size and the SHA-256 of stretches spread over it, as "bytes-hexadecimal".

    Training changes weights all over the file, so that this tells a refitted model as surely as a hash of
    the whole would, without reading half a gigabyte at each start.
    """
    size = path.stat().st_size
    digest = hashlib.sha256()
    last = max(size - STRETCH_BYTES, 0)
    with path.open("rb") as file:
        for place in sorted({last * number // (STRETCHES - 1) for number in range(STRETCHES)}):
            file.seek(place)
            digest.update(file.read(STRETCH_BYTES))
    return f"{size}-{digest.hexdigest()}"
