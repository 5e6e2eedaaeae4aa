"""Encoders: from a hub at a fixed commit, from a folder, or the one that ships with the project."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError  # the error alone: nothing is unpickled here
from typing import Any

import httpx2
import torch
from huggingface_hub import constants, get_session, hf_hub_download
from huggingface_hub.errors import (
    HfHubHTTPError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from tokenizers import Tokenizer
from transformers import AutoModel, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils import logging

from data.problems import UserError
from models.encoder_folder import encoder_folder

OFFLINE_WAYS = "Use --encoder mini (ships with the project) or --encoder PATH (a folder with the encoder's files)."

# Finding only pytorch_model.bin, transformers would ask the hub to convert it, in a thread of its own.
os.environ.setdefault("DISABLE_SAFETENSORS_CONVERSION", "true")


@dataclass(frozen=True)
class LoadedEncoder:
    """An encoder with its tokenizer.

    `revision` is the commit that the hub resolved, or "sha256:…" of the weights of a folder.
    """

    name: str
    revision: str
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase

    def plain_tokenizer(self) -> Tokenizer:
        """Return its tokenizer alone, which neither cuts nor pads from now on."""
        tokenizer: Tokenizer = self.tokenizer.backend_tokenizer
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer


def load_encoder(name: str, revision: str = "main") -> LoadedEncoder:
    """Load an encoder by hub name (`allegro/herbert-base-cased`), folder, or as "mini".

    Every file of a hub encoder is read at the one commit that `revision` resolves to. Weights are
    in fp32; heads that a checkpoint was pretrained with are left out. Remote code is never run, and
    a `pytorch_model.bin` is only read as weights.

    Raises:
        UserError: The encoder cannot be reached or found, has no fast tokenizer, or its checkpoint
            lacks weights of the encoder.
    """
    folder = encoder_folder(name)
    if folder:
        source: dict[str, Any] = {"pretrained_model_name_or_path": str(folder), "local_files_only": True}
        commit = _folder_revision(folder)
        if revision not in ("main", commit):
            raise UserError(
                f"--encoder {name}: expected the weights {revision}, found {commit} in {folder}. "
                "A folder has no revisions: restore its weights, or leave --encoder-revision out."
            )
    else:
        # Asked once, in one second: transformers itself would retry each file for half a minute.
        offline = not _hub_answers()
        commit = _resolve(name, revision, offline=offline)
        source = {"pretrained_model_name_or_path": name, "revision": commit, "local_files_only": offline}
    return LoadedEncoder(name, commit, _weights(source), _tokenizer(source))


def _folder_revision(folder: Path) -> str:
    weights = [*sorted(folder.glob("*.safetensors")), *sorted(folder.glob("pytorch_model*.bin"))]
    if not weights:
        raise UserError(f"{folder}: expected model.safetensors or pytorch_model.bin, found neither.")
    digest = hashlib.sha256()
    for file in weights:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return f"sha256:{digest.hexdigest()}"


def _hub_answers() -> bool:
    if constants.HF_HUB_OFFLINE:
        return False
    try:
        get_session().head(constants.ENDPOINT, timeout=10)
    except httpx2.HTTPError:
        return False
    return True


def _resolve(name: str, revision: str, *, offline: bool) -> str:
    """Return the commit that the hub, or the local cache without it, has for a revision."""
    try:
        config = hf_hub_download(name, "config.json", revision=revision, local_files_only=offline)
    except LocalEntryNotFoundError as error:
        raise UserError(
            f"--encoder {name}: the hub ({constants.ENDPOINT}) cannot be reached, and revision {revision!r} is not in "
            f"the local cache. {OFFLINE_WAYS}"
        ) from error
    except RevisionNotFoundError as error:
        raise UserError(
            f"--encoder-revision {revision}: the hub has no such branch, tag or commit of {name}. Look it up there."
        ) from error
    except RepositoryNotFoundError as error:  # a gated one too
        raise UserError(
            f"--encoder {name}: the hub has no such model, or not for you. Check the name. {OFFLINE_WAYS}"
        ) from error
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise UserError(f"--encoder {name}: cannot be fetched ({_first_line(error)}). {OFFLINE_WAYS}") from error
    return Path(config).parent.name  # the cache keeps the files of a commit in snapshots/COMMIT/


def _weights(source: dict[str, Any]) -> PreTrainedModel:
    name = source["pretrained_model_name_or_path"]
    with _quiet_loading():
        try:
            model, report = AutoModel.from_pretrained(
                **source, dtype=torch.float32, weights_only=True, output_loading_info=True
            )
        except (OSError, ValueError, RuntimeError, UnpicklingError) as error:
            raise UserError(
                f"--encoder {name}: its weights cannot be read ({_first_line(error)}). {OFFLINE_WAYS}"
            ) from error
    missing = sorted(key for key in report["missing_keys"] if not key.startswith("pooler."))
    if missing or report["mismatched_keys"]:
        raise UserError(
            f"--encoder {name}: expected a checkpoint with all the weights of its configuration, found "
            f"{len(missing)} missing ({', '.join(missing[:3])} …); they would be random. Use another checkpoint."
        )
    model.pooler = None  # a head of pretraining that nothing here reads
    return model  # type: ignore[no-any-return]


def _tokenizer(source: dict[str, Any]) -> PreTrainedTokenizerBase:
    name = source["pretrained_model_name_or_path"]
    try:
        tokenizer = AutoTokenizer.from_pretrained(**source)
    except (OSError, ValueError) as error:
        raise UserError(
            f"--encoder {name}: its tokenizer cannot be read ({_first_line(error)}). {OFFLINE_WAYS}"
        ) from error
    if not tokenizer.is_fast:
        raise UserError(f"--encoder {name}: expected a fast tokenizer, which knows offsets, found a slow one.")
    return tokenizer


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


@contextmanager
def _quiet_loading() -> Iterator[None]:
    """Keep the report on unused pretraining heads and the bar for a second's reading off the screen."""
    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]
