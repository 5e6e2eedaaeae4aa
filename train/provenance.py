"""What a run must record so that it can be repeated: the code's commit and the packages' versions."""

import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "torch",
    "transformers",
    "tokenizers",
    "accelerate",
    "mlflow",
    "scikit-learn",
    "numpy",
    "morfeusz2",
    "stanowisko",
)


def provenance_tags(command: str) -> dict[str, str]:
    """Return what every run of `train COMMAND` is tagged with: the command, the code's commit, package versions."""
    return {
        "mlflow.source.name": f"train {command}",
        "mlflow.source.type": "LOCAL",
        "mlflow.source.git.commit": git_commit(),
        **{f"version_{package}": number for package, number in package_versions().items()},
    }


def package_versions() -> dict[str, str]:
    """Return the version of each package that a result hangs on, and Python's."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def git_commit() -> str:
    """Return the commit of this project's code, "+changes" added where files differ, or "unknown"."""
    here = Path(__file__).parent
    try:
        commit = _git(here, "rev-parse", "HEAD")
        return commit + ("+changes" if _git(here, "status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *words], capture_output=True, text=True, check=True, timeout=10
    ).stdout.strip()
