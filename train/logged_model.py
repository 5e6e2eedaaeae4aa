"""The model of a run in MLflow: logged, registered, and champion when it is the best."""

import logging
import tempfile
from importlib.metadata import version
from pathlib import Path

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, Schema
from mlflow.types.schema import Array

from data.labels import SENTIMENTS, STANCES
from models.bundle import bundle
from train.store import CHAMPION, REGISTERED

log = logging.getLogger("train")

DEV_FIGURE = "best_dev_stance_macro_f1"
SERVED_WITH = ("mlflow", "torch", "transformers", "tokenizers", "safetensors", "huggingface_hub", "numpy", "pandas")
EXAMPLE = {
    "text": "Bruksela pochwaliła Warszawę, a Moskwie zarzuciła szantaż.",
    "actor": "Rosja",
    "mentions": [[32, 39]],
}


def log_model(client: mlflow.MlflowClient, run_id: str, folder: Path) -> str:
    """Log a model folder as the run's model and register it; return its address in the registry."""
    columns = [
        ColSpec(DataType.string, "text"),
        ColSpec(DataType.string, "actor", required=False),
        ColSpec(Array(Array(DataType.long)), "mentions", required=False),
    ]
    labels = [ColSpec(DataType.string, "stance", required=False)]
    labels += [ColSpec(DataType.double, label, required=False) for label in STANCES]
    labels += [ColSpec(DataType.string, "sentiment", required=False)]
    labels += [ColSpec(DataType.double, f"sentiment_{label}", required=False) for label in SENTIMENTS]
    with tempfile.TemporaryDirectory() as scratch, mlflow.start_run(run_id=run_id):
        serving = Path(scratch) / "serving.py"
        serving.write_text(bundle("models.serving"), encoding="utf-8")
        info = mlflow.pyfunc.log_model(
            name="model",
            python_model=serving,
            artifacts={"model": str(folder)},
            signature=ModelSignature(inputs=Schema(columns), outputs=Schema(labels)),
            input_example=[EXAMPLE],
            pip_requirements=[f"{name}=={version(name)}" for name in SERVED_WITH],
        )
    try:
        client.create_registered_model(REGISTERED)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    registered = client.create_model_version(REGISTERED, info.model_uri, run_id=run_id, model_id=info.model_id)
    return f"models:/{REGISTERED}/{registered.version}"


def crown(client: mlflow.MlflowClient, address: str, *, dev_macro_f1: float, dev_sha256: str) -> bool:
    """Give the champion's alias to a registered model if its dev macro-F1 is better; say whether."""
    try:
        champion = client.get_model_version_by_alias(REGISTERED, CHAMPION)
    except MlflowException:
        champion = None
    if champion is not None:
        run = client.get_run(champion.run_id)
        if run.data.metrics.get(DEV_FIGURE, -1.0) >= dev_macro_f1:
            return False
        if run.data.tags.get("data_sha256_dev") != dev_sha256:
            log.warning(
                "the champion before was measured on other dev sentences; the two figures do not compare strictly"
            )
    client.set_registered_model_alias(REGISTERED, CHAMPION, address.rsplit("/", 1)[-1])
    return True
