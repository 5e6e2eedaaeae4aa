"""Encoders from a folder and, over the true download path, from a hub."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from data.problems import UserError
from models.encoder import load_encoder
from tests.conftest import HUB_COMMIT, HUB_NAME

LOAD = """
import json, sys
from data.problems import UserError
from models.encoder import load_encoder
try:
    encoder = load_encoder(sys.argv[1], sys.argv[2])
except UserError as error:
    print(json.dumps({"error": str(error)}))
    sys.exit(2)
tokens = encoder.tokenizer.backend_tokenizer.encode("Nowak pochwalił Kowala.")
state = encoder.model.state_dict()["encoder.layer.1.output.dense.weight"]
print(json.dumps({"revision": encoder.revision, "class": type(encoder.tokenizer).__name__, "tokens": tokens.tokens,
                  "offsets": tokens.offsets, "sum": float(state.double().sum()),
                  "pooler": encoder.model.pooler is None}))
"""


def load_from_hub(hub: str, cache: Path, revision: str = "main", name: str = HUB_NAME) -> tuple[int, dict[str, object]]:
    environment = {**os.environ, "HF_ENDPOINT": hub, "HF_HOME": str(cache), "HF_HUB_DISABLE_XET": "1"}
    done = subprocess.run(
        [sys.executable, "-c", LOAD, name, revision], capture_output=True, text=True, env=environment, timeout=120
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("kind", ["published_encoder", "published_bin"])
def test_encoder_comes_from_the_hub_at_the_commit_it_resolved(
    kind: str, request: pytest.FixtureRequest, local_hub: Callable[[Path], str], tmp_path: Path
) -> None:
    folder = request.getfixturevalue(kind)
    status, loaded = load_from_hub(local_hub(folder), tmp_path)
    assert status == 0
    assert loaded["revision"] == HUB_COMMIT
    assert loaded["class"] == "HerbertTokenizer"
    assert loaded["pooler"] is True
    assert loaded["tokens"][0] == "<s>" and loaded["tokens"][-1] == "</s>"  # type: ignore[index]
    assert any(token.endswith("</w>") for token in loaded["tokens"])  # type: ignore[attr-defined]
    assert loaded["offsets"][1][0] == 0 and max(end for _, end in loaded["offsets"]) == 23  # type: ignore[index, attr-defined]
    weights = torch.load(folder / "pytorch_model.bin") if kind == "published_bin" else None
    if weights:
        expected = float(weights["bert.encoder.layer.1.output.dense.weight"].double().sum())
        assert loaded["sum"] == pytest.approx(expected, abs=1e-9)


def test_encoder_is_read_from_the_cache_when_the_hub_is_gone(
    published_encoder: Path, local_hub: Callable[[Path], str], tmp_path: Path
) -> None:
    hub = local_hub(published_encoder)
    _, first = load_from_hub(hub, tmp_path)
    status, second = load_from_hub("http://127.0.0.1:9", tmp_path, HUB_COMMIT)
    assert status == 0
    assert second == first


def test_encoder_offline_and_not_cached_names_the_ways_out(tmp_path: Path) -> None:
    status, answer = load_from_hub("http://127.0.0.1:9", tmp_path)
    assert status == 2
    error = str(answer["error"])
    assert "cannot be reached" in error and "--encoder mini" in error and "--encoder PATH" in error
    assert "\n" not in error


def test_encoder_revision_that_the_hub_lacks_is_named(
    published_encoder: Path, local_hub: Callable[[Path], str], tmp_path: Path
) -> None:
    status, answer = load_from_hub(local_hub(published_encoder), tmp_path, "no-such-branch")
    assert status == 2
    assert "--encoder-revision no-such-branch" in str(answer["error"])


def test_encoder_name_that_the_hub_lacks_is_named(
    published_encoder: Path, local_hub: Callable[[Path], str], tmp_path: Path
) -> None:
    status, answer = load_from_hub(local_hub(published_encoder), tmp_path, name="nobody/nothing")
    assert status == 2
    assert "no such model" in str(answer["error"])


def test_encoder_from_a_folder_records_the_weights_fingerprint(published_encoder: Path) -> None:
    encoder = load_encoder(str(published_encoder))
    assert encoder.revision.startswith("sha256:")
    assert encoder.model.config.hidden_size == 32


def test_encoder_checkpoint_without_some_weights_is_refused(published_encoder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    for file in published_encoder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = load_file(tmp_path / "model.safetensors")
    kept = {name: tensor for name, tensor in weights.items() if "layer.1." not in name}
    save_file(kept, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(UserError, match="they would be random"):
        load_encoder(str(tmp_path))


def test_encoder_folder_has_only_the_revision_of_its_weights(published_encoder: Path) -> None:
    revision = load_encoder(str(published_encoder)).revision
    assert load_encoder(str(published_encoder), revision).revision == revision
    with pytest.raises(UserError, match="A folder has no revisions"):
        load_encoder(str(published_encoder), "sha256:0")


def test_encoder_folder_that_does_not_exist_is_no_hub_name() -> None:
    with pytest.raises(UserError, match="found no such folder"):
        load_encoder("./nowhere")


def test_encoder_folder_without_configuration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"config\.json"):
        load_encoder(str(tmp_path))


def test_encoder_with_pickled_code_is_not_run(published_bin: Path, tmp_path: Path) -> None:
    class Attack:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, (f"touch {tmp_path / 'harmed'}",)

    for file in published_bin.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    torch.save({"bert.embeddings.word_embeddings.weight": Attack()}, tmp_path / "pytorch_model.bin")
    with pytest.raises(UserError, match="weights cannot be read"):
        load_encoder(str(tmp_path))
    assert not (tmp_path / "harmed").exists()
