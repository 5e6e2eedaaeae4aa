"""Sentences and their actors in, probabilities out, by ONNX Runtime: without torch."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from data.problems import UserError
from data.sentence import LabelledSentence
from models.batches import Batch
from models.config import ModelConfig, read_config, read_tokenizer
from models.graph_files import GRAPHS, graph_of
from models.predictions import Predictions, Rows, predict_sentences
from models.threads import usable_cores

ERRORS_ONLY = 3  # of onnxruntime's log levels
SLOWER = ["SkipLayerNormFusion"]  # its operator takes several times as long as the two it stands for
STATES_AT_ONCE = 256 * 768  # tokens by hidden size; they stay in a processor's caches: four times as many take longer


class OnnxPredictor:
    """A model folder with graphs that reads sentences; as `models.predictor.Predictor` does, to rounding in fp32."""

    def __init__(self, config: ModelConfig, tokenizer: Tokenizer, graph: Path) -> None:
        self.config = config
        self.tokenizer = tokenizer
        self._session = _session(graph)
        self._inputs = {entry.name for entry in self._session.get_inputs()}  # a head that sees no actor lacks some
        self._token_budget = STATES_AT_ONCE // int(config.encoder_config.get("hidden_size", 768))

    @classmethod
    def from_folder(cls, path: Path, precision: str = "fp32") -> "OnnxPredictor":
        """Load the graph of a model folder.

        Raises:
            UserError: The folder is not whole, or has no graph of this precision that is of its weights.
        """
        config, graph = read_config(path), graph_of(path, precision)
        if graph is None:
            raise UserError(
                f"--precision {precision}: expected {GRAPHS[precision]} in {path}, found none. `train export --onnx` "
                "writes it, unless int8 costs more than it may."
            )
        return cls(config, read_tokenizer(path), graph)

    def predict(self, sentences: Sequence[LabelledSentence]) -> Predictions:
        """Return the probabilities of every actor and every sentence; labels are not looked at.

        Raises:
            UserError: An actor's mention cannot be read.
        """
        return predict_sentences(
            self._run, sentences, config=self.config, tokenizer=self.tokenizer, token_budget=self._token_budget
        )

    def _run(self, batch: Batch) -> tuple[Rows, Rows]:
        given = {name: array for name, array in batch.items() if name in self._inputs}
        stance, sentiment = self._session.run(["stance", "sentiment"], given)
        return _softmax(stance), _softmax(sentiment)


def _session(graph: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = usable_cores()
    options.log_severity_level = ERRORS_ONLY
    options.add_session_config_entry("session.force_spinning_stop", "1")  # idle threads leave the cores to others
    try:
        return onnxruntime.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOWER
        )
    except Exception as error:  # onnxruntime's own errors have no common class
        first = str(error).splitlines()[0]
        raise UserError(f"{graph}: expected a graph that ONNX Runtime reads ({first}). Export it again.") from error


def _softmax(logits: Rows) -> Rows:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: Rows = powers / powers.sum(axis=1, keepdims=True)
    return probabilities
