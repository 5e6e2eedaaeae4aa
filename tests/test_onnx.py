"""Graphs of a model: they say what torch says, belong to their weights, and are read without torch."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnx_ir as ir
import onnxruntime
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from data.labelled_files import write_sentences
from data.problems import UserError
from data.sentence import LabelledActor, LabelledSentence
from models.graph_files import GRAPHS, fingerprint
from models.loading import load_predictor
from models.onnx_int8 import quantise
from models.onnx_predictor import OnnxPredictor
from models.predictor import Predictor
from tests.conftest import sentence_of, small_corpus
from tests.test_cli import train
from tests.test_model_folder import write_model
from train import export_graphs
from train.export import export

ROOT = Path(__file__).parents[1]
BLOCKED = ("torch", "transformers", "accelerate", "safetensors", "mlflow", "pandas", "sklearn", "scipy", "matplotlib")
FOUR = ("Nowak", "Kowal", "Sejm", "Lublin")


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("check") / "labelled.jsonl"
    write_sentences(small_corpus(24), path)
    return path


@pytest.fixture(scope="module")
def folder(published_encoder: Path, check: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(tmp_path_factory.mktemp("onnx"), published_encoder, check)


def exported(scratch: Path, encoder: Path, check: Path, *, target: str = "span") -> Path:
    """Return a model folder with both graphs; a model that was never fitted may lose what it likes in int8."""
    model = write_model(scratch / "model", encoder, target=target)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export_graphs, "MAY_COST", 100.0)
        said = export(str(model), scratch / "carried", onnx=True, check=check)
    assert said.startswith("graphs: model.onnx, model.int8.onnx (stance macro-F1 ")
    return scratch / "carried"


def many_kinds() -> list[LabelledSentence]:
    """Return sentences with no, one, two and four actors, several mentions, and one longer than is read at once."""
    twice = "Nowak chwali Kowala, a Kowal chwali Nowaka."
    text = "Nowak w Sejmie pochwalił wszystkich, " + "a na sali w Gdańsku " * 12 + "skrytykował Kowala i Nowaka."
    last = text.index("Kowala")
    return [
        LabelledSentence("none", "none", "Nic więcej."),
        sentence_of("one", "Nowak milczy w Sejmie.", ("Nowak", "Nowak", None)),
        LabelledSentence(
            "mentions",
            "mentions",
            twice,
            (LabelledActor("Nowak", ((0, 5), (36, 42))), LabelledActor("Kowal", ((13, 19), (23, 28)))),
        ),
        LabelledSentence(
            "long", "long", text, (LabelledActor("Nowak", ((0, 5),)), LabelledActor("Kowal", ((last, last + 6),)))
        ),
        sentence_of("four", "Nowak, Kowal, Sejm, Lublin.", *((name, name, None) for name in FOUR)),
        *small_corpus(7),
    ]


def test_onnx_says_what_torch_says(folder: Path) -> None:
    sentences = many_kinds()
    expected, found = (
        Predictor.from_folder(folder).predict(sentences),
        OnnxPredictor.from_folder(folder).predict(sentences),
    )
    assert found.stance.shape == expected.stance.shape == (23, 3)
    assert np.abs(found.stance - expected.stance).max() < 1e-4
    assert expected.sentiment is not None
    assert found.sentiment is not None
    assert np.abs(found.sentiment - expected.sentiment).max() < 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("target", ["pair", "none"])
def test_onnx_says_what_torch_says_of_the_controls(
    published_encoder: Path, check: Path, tmp_path: Path, target: str
) -> None:
    carried = exported(tmp_path, published_encoder, check, target=target)
    expected, found = (kind.from_folder(carried).predict(many_kinds()).stance for kind in (Predictor, OnnxPredictor))
    assert np.abs(found - expected).max() < 1e-4


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_onnx_predictions_do_not_hang_on_neighbours(folder: Path, precision: str) -> None:
    predictor = OnnxPredictor.from_folder(folder, precision)
    sentences = many_kinds()
    together = predictor.predict(sentences).stance
    alone = np.concatenate([predictor.predict([sentence]).stance for sentence in sentences])
    assert np.allclose(together, alone, atol=1e-6)


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_onnx_reads_no_actor_and_no_sentence(folder: Path, precision: str) -> None:
    predictor = load_predictor(folder, precision=precision)
    assert predictor.predict(many_kinds()[:1]).stance.shape == (0, 3)
    assert predictor.predict([]).stance.shape == (0, 3)


def test_onnx_int8_is_close_and_smaller(folder: Path) -> None:
    whole, small = (
        OnnxPredictor.from_folder(folder, precision).predict(many_kinds()) for precision in ("fp32", "int8")
    )
    assert 0 < np.abs(whole.stance - small.stance).max() < 0.1
    assert (folder / "model.int8.onnx").stat().st_size < (folder / "model.onnx").stat().st_size


def test_onnx_int8_has_every_matrix_of_the_encoder_in_bytes(folder: Path) -> None:
    whole, small = (Counter(node.op_type for node in ir.load(folder / name).graph) for name in GRAPHS.values())
    assert whole["MatMul"] > 0
    assert small["MatMulIntegerToFloat"] == whole["MatMul"]
    assert small["MatMul"] == 0
    assert small["Gemm"] == whole["Gemm"] > 0


@pytest.mark.parametrize("lively", [True, False])
def test_onnx_int8_product_is_that_of_its_tokens_to_a_byte(tmp_path: Path, *, lively: bool) -> None:
    """Tokens of very different sizes, one of zeros alone, have each the precision that they would have alone."""
    draw = np.random.default_rng(5)
    matrix = draw.normal(size=(64, 32)).astype(np.float32)
    tokens = (draw.normal(size=(1, 5, 64)) * np.array([1e-3, 1.0, 1e3, 0.0, 30.0])[:, None]).astype(np.float32)
    runs = [
        _run(graph, tmp_path, tokens)
        for graph in (_layer(matrix, lively=lively), quantise(_layer(matrix, lively=lively)))
    ]
    size = np.abs(tokens).max(axis=2, keepdims=True) + (0.17 if lively else 0.0)
    assert np.abs(runs[0] - runs[1]).max() > 0
    assert (np.abs(runs[0] - runs[1]) <= 0.04 * size * np.sqrt(64) + 1e-6).all()


def _layer(matrix: NDArray[np.float32], *, lively: bool) -> ir.Model:
    nodes = [onnx.helper.make_node("Gelu", ["x"], ["y"]), onnx.helper.make_node("MatMul", ["y", "w"], ["z"])]
    if not lively:
        nodes = [onnx.helper.make_node("MatMul", ["x", "w"], ["z"])]
    x, z = (onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["n", "t", None]) for name in "xz")
    graph = onnx.helper.make_graph(nodes, "layer", [x], [z], [onnx.numpy_helper.from_array(matrix, "w")])
    return ir.from_proto(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 20)], ir_version=10))


def _run(graph: ir.Model, scratch: Path, tokens: NDArray[np.float32]) -> NDArray[np.float32]:
    ir.save(graph, scratch / "layer.onnx")
    session = onnxruntime.InferenceSession(str(scratch / "layer.onnx"), providers=["CPUExecutionProvider"])
    found: NDArray[np.float32] = session.run(["z"], {"x": tokens})[0]
    return found


def test_onnx_graphs_do_not_tell_whose_machine_made_them(folder: Path) -> None:
    for name in GRAPHS.values():
        assert str(ROOT).encode() not in (folder / name).read_bytes()


def test_onnx_folder_stays_a_model_folder(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json", "model.onnx", "model.int8.onnx", "onnx.json"} <= names
    assert not [name for name in names if name.endswith((".data", ".partial", ".writing"))]
    note = json.loads((folder / "onnx.json").read_text())
    assert set(note["check"]["stance_macro_f1"]) == {"fp32", "int8"}


@pytest.mark.slow
def test_onnx_int8_that_costs_too_much_is_left_out(
    published_encoder: Path, check: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = iter([0.723, 0.711])
    monkeypatch.setattr(export_graphs, "_macro_f1", lambda predictions, sentences: next(figures))
    model = write_model(tmp_path / "model", published_encoder)
    output = train("export", "--model", model, "--to", tmp_path / "carried", "--onnx", "--check", check).stdout
    assert output.splitlines()[1:] == [
        "graphs: model.onnx alone; int8 is left out, as it costs more than 0.5 points of stance macro-F1 "
        "(72.3 in fp32, 71.1 in int8)"
    ]
    assert (tmp_path / "carried" / "model.onnx").exists()
    assert not (tmp_path / "carried" / "model.int8.onnx").exists()
    with pytest.raises(UserError, match=r"--precision int8: expected model\.int8\.onnx in .*, found none"):
        load_predictor(tmp_path / "carried", precision="int8")


@pytest.mark.parametrize("name", ["model.safetensors", "model.onnx", "onnx.json"])
def test_onnx_graph_of_other_weights_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    other = shutil.copytree(folder, tmp_path / "other")
    if name == "model.safetensors":
        save_file(
            {key: tensor + 1e-3 for key, tensor in load_file(other / name).items()}, other / name, {"format": "pt"}
        )
    elif name == "model.onnx":
        (other / name).write_bytes((other / name).read_bytes()[:-1])
    else:
        (other / name).unlink()
    with pytest.raises(UserError, match="expected the graph of the weights in") as refused:
        load_predictor(other)
    assert "\n" not in str(refused.value)
    (other / "model.onnx").unlink()
    assert isinstance(load_predictor(other), Predictor)


def test_onnx_fingerprint_tells_a_refit_and_reads_any_size(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    seen = set()
    for size in (0, 1, 5000, 3_000_000):
        path.write_bytes(bytes(size))
        seen.add(fingerprint(path))
        assert fingerprint(path) == fingerprint(path)
    path.write_bytes(bytes(2_999_999) + b"\1")
    assert fingerprint(path) not in seen


def test_onnx_graph_wrong_in_the_export_is_refused(
    published_encoder: Path, check: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_graphs, "PARITY", -1.0)
    model = write_model(tmp_path / "model", published_encoder)
    with pytest.raises(UserError, match="--onnx: expected probabilities within"):
        export(str(model), tmp_path / "carried", onnx=True, check=check)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model"]


@pytest.mark.parametrize("form", ["jsonl", "table", "csv", "parquet", "html"])
def test_onnx_predict_needs_no_torch(folder: Path, tmp_path: Path, form: str) -> None:
    """Run the command where neither torch nor anything else that only fitting needs can be imported."""
    (tmp_path / "a.txt").write_text("Nowak chwali Kowala. Nic więcej.", encoding="utf-8")
    (tmp_path / "actors.toml").write_text('[[actor]]\nname = "Nowak"\n\n[[actor]]\nname = "Kowal"\n')
    script = f"""
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {BLOCKED}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Blocked())
from train.cli import app
app(["predict", "a.txt", "--model", {str(folder)!r}, "--actors", "actors.toml", "--format", "{form}",
     "--output", "out.{form}"], standalone_mode=False)
assert not {{name.split(".")[0] for name in sys.modules}} & set({BLOCKED})
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"out.{form}").stat().st_size
    if form == "jsonl":
        records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
        expected = train(
            *("predict", tmp_path / "a.txt", "--model", without_graphs(folder, tmp_path)),
            *("--actors", tmp_path / "actors.toml", "--format", "jsonl"),
        ).stdout
        for record, other in zip(records, map(json.loads, expected.splitlines()), strict=True):
            for key in ("probabilities", "sentiment_probabilities"):
                assert record.pop(key) == pytest.approx(other.pop(key), abs=1e-4)
            assert record == other


def without_graphs(folder: Path, scratch: Path) -> Path:
    return shutil.copytree(folder, scratch / "torch", ignore=shutil.ignore_patterns("*.onnx", "onnx.json"))


@pytest.mark.parametrize(
    ("blocked", "words", "message"),
    [
        (["torch"], [], "no torch here to read with. Install torch"),
        (["onnxruntime"], ["--precision", "int8"], "--precision int8: expected ONNX Runtime, found no onnxruntime"),
    ],
)
def test_onnx_missing_packages_are_named_in_one_line(
    folder: Path, tmp_path: Path, blocked: list[str], words: list[str], message: str
) -> None:
    (tmp_path / "a.txt").write_text("Nowak chwali.", encoding="utf-8")
    model = without_graphs(folder, tmp_path) if blocked == ["torch"] else folder
    script = f"""
import sys
sys.modules.update(dict.fromkeys({blocked}))
from train.cli import app
app({["predict", "a.txt", "--model", str(model), *words]})
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=120
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert message in done.stderr


def test_onnx_precision_is_part_of_what_a_resumed_reading_was_begun_with(folder: Path, tmp_path: Path) -> None:
    from train.reading import ReadingJob, _facts

    (tmp_path / "a.txt").write_text("Nowak.", encoding="utf-8")
    job = ReadingJob(inputs=[str(tmp_path / "a.txt")], model=folder, actors=tmp_path / "a.txt", form="csv")
    assert _facts(job)["precision"] == "auto"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--check", "labelled.jsonl"], "--check: the graphs are what is checked; expected --onnx"),
        (["--onnx", "--check", "none.jsonl"], "none.jsonl: expected a file"),
        (["--onnx", "--check", "bare.jsonl"], "bare.jsonl: expected stance labels to check the graphs on"),
    ],
)
def test_onnx_export_says_in_one_line_what_is_wrong(
    published_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_sentences([LabelledSentence("a", "a", "Nic.", sentiment="neutral")], tmp_path / "bare.jsonl")
    model = write_model(tmp_path / "model", published_encoder)
    result = train("export", "--model", model, "--to", "carried", *words, status=2)
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "carried").exists()


@pytest.mark.slow
def test_onnx_of_an_encoder_that_reads_no_types_and_counts_positions_from_its_padding(
    tmp_path: Path, folder: Path
) -> None:
    """XLM-R numbers positions from the padding on; its graph must do so for every shape of batch."""
    from transformers import XLMRobertaConfig, XLMRobertaModel

    from models.batches import make_batch
    from models.classifier import StanceClassifier
    from models.onnx_export import write_graph
    from models.readings import Reading

    torch.manual_seed(0)
    config = XLMRobertaConfig(vocab_size=99, hidden_size=32, num_hidden_layers=2, num_attention_heads=2)
    config.intermediate_size, config.max_position_embeddings, config.type_vocab_size = 64, 64, 1
    encoder = XLMRobertaModel(config, add_pooling_layer=False)
    model = StanceClassifier(encoder, target="span", dropout=0.1).eval()
    write_graph(model, tmp_path / "model.onnx", pad_id=1)
    known = Predictor.from_folder(folder)
    graph = OnnxPredictor(known.config, known.tokenizer, tmp_path / "model.onnx")
    for lengths in ((3,), (40, 7, 5)):
        readings = [Reading(row, list(range(2, 2 + n)), [1] * n, [0], [[1, 2]], True) for row, n in enumerate(lengths)]
        batch = make_batch(readings, pad_id=1)
        with torch.inference_mode():
            logits = model(**{name: torch.from_numpy(array) for name, array in batch.items()})
        stance, sentiment = graph._run(batch)
        assert np.abs(stance - logits.stance.softmax(dim=1).numpy()).max() < 1e-4
        assert np.abs(sentiment - logits.sentiment.softmax(dim=1).numpy()).max() < 1e-4
