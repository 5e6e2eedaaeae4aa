"""The precision that a machine reads a model fastest in at equal quality: tried once, then remembered."""

import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.sentence import LabelledSentence
from models.graph_files import graph_of
from models.loading import SentenceReader, load_predictor
from models.predictions import Predictions
from train.trials import Trial, TrialMemory

ENOUGH = 256  # sentences at once: fewer are read sooner than a trial ends
TRIED_ON = 32  # of them
ALLOWED_SHIFT = 0.01  # of the probabilities, on average
BASIS = "fp32"


class FastestReader:
    """Reads in fp32 until it is asked for `enough` sentences at once, and from then on in what is fastest here."""

    def __init__(self, folder: Path, *, enough: int = ENOUGH, say: Callable[[str], None] = lambda line: None) -> None:
        self._folder = folder
        self._enough = enough
        self._say = say
        self._reader = load_predictor(folder, precision=BASIS)
        self._chosen = False

    def predict(self, sentences: Sequence[LabelledSentence]) -> Predictions:
        """Return the probabilities of every actor and every sentence; labels are not looked at.

        Raises:
            UserError: An actor's mention cannot be read.
        """
        if not self._chosen and len(sentences) >= self._enough:
            precision = self._choose(sentences)
            if precision != BASIS:
                self._reader = load_predictor(self._folder, precision=precision)
            self._chosen = True
        return self._reader.predict(sentences)

    def _choose(self, sentences: Sequence[LabelledSentence]) -> str:
        others = precisions_of(self._folder)[1:]
        if not others:
            return BASIS
        memory = TrialMemory.of(self._folder, others)
        trials = memory.recall()
        if not trials:
            trials = try_precisions(self._folder, self._reader, others, sentences)
            memory.keep(trials)
        precision = fastest(trials)
        self._say(
            f"reading in {precision}: {trials[precision].sentences_per_s / trials[BASIS].sentences_per_s:.1f} times "
            f"as fast as fp32 here, probabilities differ by {trials[precision].shift:.4f} on average"
            if precision != BASIS
            else f"reading in fp32: nothing is faster here and as good ({', '.join(others)} tried)"
        )
        return precision


def precisions_of(folder: Path) -> list[str]:
    """Return the precisions that a model folder can be read in here, fp32 first."""
    found = [BASIS]
    if find_spec("torch"):
        from train.precision import fast_precision

        found += ["bf16"] if fast_precision() == "bf16" else []
    if find_spec("onnxruntime") and graph_of(folder, "int8"):
        found.append("int8")
    return found


def try_precisions(
    folder: Path, basis: SentenceReader, others: Sequence[str], sentences: Sequence[LabelledSentence]
) -> dict[str, Trial]:
    """Return how some of the sentences are read in fp32, by `basis`, and in each of the other precisions."""
    some = [sentences[place] for place in np.linspace(0, len(sentences) - 1, TRIED_ON).astype(int)]
    rate, expected = _read(basis, some)
    trials = {BASIS: Trial(rate, 0.0)}
    for name in others:
        rate, found = _read(load_predictor(folder, precision=name), some)
        trials[name] = Trial(rate, float(np.abs(found - expected).sum(axis=1).mean() / 2))
    return trials


def fastest(trials: dict[str, Trial]) -> str:
    """Return the fastest precision of those whose probabilities are as in fp32, or nearly so."""
    equal = {name: trial for name, trial in trials.items() if trial.shift <= ALLOWED_SHIFT}
    return max(equal, key=lambda name: equal[name].sentences_per_s)


def _read(reader: SentenceReader, sentences: Sequence[LabelledSentence]) -> tuple[float, NDArray[np.float32]]:
    """Return the better of two rates after a warm-up, in sentences/s, and all probabilities (rows, 3)."""
    reader.predict(sentences[:4])
    seconds = []
    for _ in range(2):
        begun = time.perf_counter()
        predictions = reader.predict(sentences)
        seconds.append(time.perf_counter() - begun)
    rows = [part for part in (predictions.stance, predictions.sentiment) if part is not None]
    return len(sentences) / min(seconds), np.concatenate(rows)
