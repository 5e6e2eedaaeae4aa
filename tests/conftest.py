"""A tiny encoder in HerBERT's published form, sentences for it, and a hub on this machine."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import BertConfig, BertForPreTraining

from data.labelled_files import write_sentences
from data.sentence import LabelledActor, LabelledSentence

HUB_NAME = "lokalny/herbert-tiny"
HUB_COMMIT = "0123456789abcdef0123456789abcdef01234567"

PRAISED = ["pochwalił", "nagrodził", "wsparł", "docenił", "uhonorował"]
BLAMED = ["skrytykował", "oskarżył", "potępił", "zganił", "wyśmiał"]
MET = ["spotkał", "odwiedził", "zaprosił", "wymienił", "poznał"]
PLACES = ["w Sejmie", "w Gdańsku", "na sali", "w studiu", "na wiecu", "w Lublinie", "podczas debaty", "po meczu"]


def sentence_of(
    identifier: str, text: str, *actors: tuple[str, str, str | None], sentiment: str | None = None
) -> LabelledSentence:
    """Return a sentence whose actors are given as (name, words in the text, stance)."""
    labelled = []
    for name, words, stance in actors:
        start = text.index(words)
        labelled.append(LabelledActor(name, ((start, start + len(words)),), stance))
    return LabelledSentence(identifier, identifier, text, tuple(labelled), sentiment)


def small_corpus(count: int, start: int = 0) -> list[LabelledSentence]:
    """Return sentences that a tiny encoder can learn: one praises, one blames, one does neither."""
    sentences = []
    for number in range(start, start + count):
        verbs, stance, sentiment = (
            (PRAISED, "favor", "positive"),
            (BLAMED, "against", "negative"),
            (MET, "neutral", "neutral"),
        )[number % 3]
        verb = verbs[number // 3 % len(verbs)]
        place = PLACES[number % len(PLACES)]
        text = f"Nowak {verb} Kowala {place}, numer {number}."
        sentences.append(
            sentence_of(
                f"s-{number:03d}",
                text,
                ("Jan Nowak", "Nowak", "neutral"),
                ("Piotr Kowal", "Kowala", stance),
                sentiment=sentiment,
            )
        )
    return sentences


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of 60, 12 and 12 sentences."""
    folder = tmp_path_factory.mktemp("data")
    write_sentences(small_corpus(60), folder / "train.jsonl")
    write_sentences(small_corpus(12, 60), folder / "dev.jsonl")
    write_sentences(small_corpus(12, 72), folder / "test.jsonl")
    return folder


def train_tokenizer() -> Tokenizer:
    """Return a BPE with `</w>` as HerBERT has it, trained on the small corpus."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        end_of_word_suffix="</w>",
        show_progress=False,
    )
    letters = "aąbcćdeęfghijklłmnńoóprsśtuwyzźżPJKNSGL"
    alphabet = [f"{first}{second} {first}" for first in letters for second in "aeiłn"]
    tokenizer.train_from_iterator([*alphabet, *(sentence.text for sentence in small_corpus(120))], trainer)
    return tokenizer


def small_bert(vocab_size: int, **others: Any) -> BertConfig:
    """Return the shape of an encoder that is fitted in a moment."""
    return BertConfig(
        vocab_size=vocab_size,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        **others,
    )


@pytest.fixture(scope="session")
def published_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the hub publishes HerBERT: vocab.json, merges.txt, a pretraining model's weights."""
    folder = tmp_path_factory.mktemp("herbert-tiny")
    train_tokenizer().model.save(str(folder))
    torch.manual_seed(0)
    config = small_bert(600, pad_token_id=1, tokenizer_class="HerbertTokenizer")
    BertForPreTraining(config).save_pretrained(folder)
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "HerbertTokenizer"}))
    return folder


@pytest.fixture(scope="session")
def published_bin(published_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same encoder with its weights as pytorch_model.bin alone."""
    folder = tmp_path_factory.mktemp("herbert-tiny-bin")
    for file in published_encoder.iterdir():
        if file.suffix != ".safetensors":
            (folder / file.name).write_bytes(file.read_bytes())
    from safetensors.torch import load_file

    torch.save(load_file(published_encoder / "model.safetensors"), folder / "pytorch_model.bin")
    return folder


@pytest.fixture
def local_hub() -> Iterator[Callable[[Path], str]]:
    """Return a function that serves a folder as the hub would and gives the hub's address."""
    servers = []

    def serve(folder: Path) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _hub_handler(folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def _hub_handler(folder: Path) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def _answer(self, *, with_body: bool) -> None:
            path = self.path.split("?")[0]
            if path == "/":
                self._send(b"hub", {}, with_body)
            elif "/revision/" in path and path.rpartition("/")[2] not in ("main", HUB_COMMIT):
                self._missing("RevisionNotFound")
            elif path.startswith(f"/api/models/{HUB_NAME}"):
                self._send(json.dumps(self._listing(path)).encode(), {"Content-Type": "application/json"}, with_body)
            elif path.startswith(f"/{HUB_NAME}/resolve/"):
                revision, _, name = path.removeprefix(f"/{HUB_NAME}/resolve/").partition("/")
                if revision not in ("main", HUB_COMMIT):
                    self._missing("RevisionNotFound")
                elif not (folder / name).is_file():
                    self._missing("EntryNotFound")
                else:
                    body = (folder / name).read_bytes()
                    etag = f'"{hashlib.sha256(body).hexdigest()}"'
                    self._send(body, {"ETag": etag, "X-Repo-Commit": HUB_COMMIT}, with_body)
            else:
                self._missing("RepoNotFound")

        def _listing(self, path: str) -> Any:
            names = sorted(file.name for file in folder.iterdir())
            if "/tree/" in path:
                return [
                    {"type": "file", "path": name, "size": (folder / name).stat().st_size, "oid": "0"} for name in names
                ]
            return {"id": HUB_NAME, "sha": HUB_COMMIT, "siblings": [{"rfilename": name} for name in names]}

        def _missing(self, code: str) -> None:
            self.send_response(404)
            self.send_header("X-Error-Code", code)
            self.send_header("X-Repo-Commit", HUB_COMMIT)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _send(self, body: bytes, headers: dict[str, str], with_body: bool) -> None:
            self.send_response(200)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
