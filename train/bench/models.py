"""The models that a bench times: ours and the peers', all with the weights of one encoder."""

import copy
import logging
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import (
    AutoModel,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    BertConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging as transformers_logging

from data.folder import BUNDLED, read_data_folder
from data.labels import STANCES
from data.problems import UserError
from evaluation.throughput import EncoderShape
from models.classifier import StanceClassifier
from models.encoder import LoadedEncoder, load_encoder
from models.encoder_folder import MINI
from models.folder import save_model_folder
from models.graph_files import GRAPHS
from models.loading import SentenceReader
from models.predictor import Predictor
from train.job import FitJob
from train.learning import model_config
from train.settings import FitSettings
from train.tracker import NullTracker
from train.workspace import Workspace

RANDOM: dict[str, dict[str, Any]] = {  # of the sizes of HerBERT-base and HerBERT-large
    "random-base": {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072},
    "random-large": {
        "hidden_size": 1024,
        "num_hidden_layers": 24,
        "num_attention_heads": 16,
        "intermediate_size": 4096,
    },
}
MOST_TOKENS = 256


@dataclass(frozen=True)
class BenchModels:
    """An encoder as we read with it, and as each peer does, by the precisions that the machine is fast in."""

    job: FitJob
    predictors: dict[str, Predictor]
    peers: dict[str, PreTrainedModel]
    tokenizer: PreTrainedTokenizerBase  # the peers' own: they set truncation and padding on it
    graphs: dict[str, SentenceReader] = field(default_factory=dict)  # ours in what torch does not read

    @property
    def precisions(self) -> tuple[str, ...]:
        """What everybody is timed in, the last the fastest."""
        return tuple(self.predictors)

    @property
    def readers(self) -> dict[str, SentenceReader]:
        """Ours, by all precisions."""
        return {**self.predictors, **self.graphs}

    @property
    def predictor(self) -> Predictor:
        """Ours in fp32."""
        return self.predictors["fp32"]

    @property
    def device(self) -> torch.device:
        """Where all of them are."""
        return next(self.predictor.model.parameters()).device

    @property
    def max_tokens(self) -> int:
        """Longest stretch that is read at once."""
        return self.predictor.config.max_tokens

    @property
    def shape(self) -> EncoderShape:
        """What the work of a pass hangs on."""
        encoder = self.predictor.model.encoder
        weights = sum(module.weight.numel() for module in encoder.modules() if isinstance(module, nn.Linear))
        return EncoderShape(weights, int(encoder.config.num_hidden_layers), int(encoder.config.hidden_size))


def load_models(name: str, folder: Path, precisions: tuple[str, ...]) -> BenchModels:
    """Load an encoder and give it to ours and to the peers; `folder` is for what a fit would write.

    Raises:
        UserError: There is no such encoder, or transformers has no classifier of its kind.
    """
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("transformers").setLevel(logging.ERROR)
    encoder = random_encoder(name) if name in RANDOM else load_encoder(name)
    job = _job(encoder, folder)
    torch.manual_seed(0)  # of the heads
    tokenizer = copy.deepcopy(encoder.tokenizer)
    backend = encoder.plain_tokenizer()
    model = StanceClassifier(encoder.model, target="span", dropout=job.settings.heads.dropout).eval()
    config = model_config(job)
    predictors = {each: Predictor(config, backend, copy.deepcopy(model), precision=each) for each in precisions}
    device = next(predictors["fp32"].model.parameters()).device
    peer = _peer(encoder).to(device)  # type: ignore[arg-type]
    peers = {each: peer if each == "fp32" else copy.deepcopy(peer).bfloat16() for each in precisions}
    return BenchModels(job, predictors, peers, tokenizer)


def random_encoder(name: str) -> LoadedEncoder:
    """Return an encoder of one of HerBERT's sizes with random weights: speed does not hang on them.

    The tokenizer is that of `mini`; its 16,000 pieces make a text some pieces longer than HerBERT's 50,000 do.
    """
    torch.manual_seed(0)
    config = BertConfig(**RANDOM[name], vocab_size=50_000, max_position_embeddings=514, pad_token_id=1)
    model = AutoModel.from_config(config)  # type: ignore[no-untyped-call]
    model.pooler = None
    return LoadedEncoder(name, "seed:0", model.eval(), AutoTokenizer.from_pretrained(MINI))


def with_int8(models: BenchModels, folder: Path) -> BenchModels:
    """Return the models with our graph in int8, on a CPU with ONNX Runtime; `folder` is for its files."""
    if models.device.type != "cpu" or not find_spec("onnxruntime"):
        return models
    from models.onnx_export import write_graph, write_int8
    from models.onnx_predictor import OnnxPredictor

    of = models.predictor
    whole, small = (folder / name for name in GRAPHS.values())
    write_graph(of.model, whole, pad_id=of.config.pad_id)
    write_int8(whole, small)
    return replace(models, graphs={"int8": OnnxPredictor(of.config, of.tokenizer, small)})


def save_folders(models: BenchModels, folder: Path) -> tuple[Path, Path]:
    """Write our model folder and the peer's, as a user has them on disk, and return both."""
    ours, peer = folder / "ours", folder / "peer"
    predictor = models.predictor
    tokenizer = copy.deepcopy(models.job.encoder.tokenizer)
    save_model_folder(ours, model=predictor.model, tokenizer=tokenizer, config=predictor.config, card="")
    models.peers["fp32"].save_pretrained(peer)
    models.tokenizer.save_pretrained(peer)
    return ours, peer


def _job(encoder: LoadedEncoder, folder: Path) -> FitJob:
    positions = int(getattr(encoder.model.config, "max_position_embeddings", MOST_TOKENS))
    flat: dict[str, Any] = {"encoder": encoder.name, "max_tokens": min(MOST_TOKENS, positions), "learning_rate": 2e-5}
    settings = FitSettings.from_flat(flat)
    return FitJob(settings, read_data_folder(BUNDLED), encoder, Workspace(folder), NullTracker(), first=False)


def _peer(encoder: LoadedEncoder) -> PreTrainedModel:
    config = copy.deepcopy(encoder.model.config)
    config.num_labels = len(STANCES)
    try:
        peer = AutoModelForSequenceClassification.from_config(config, dtype=torch.float32)  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise UserError(
            f"--encoder {encoder.name}: expected a kind that transformers has a text classifier of, found "
            f"{config.model_type!r}. Choose another encoder."
        ) from error
    peer.base_model.load_state_dict(encoder.model.state_dict(), strict=False)  # the classifier's own pooler is new
    return peer.eval()  # type: ignore[no-any-return]
