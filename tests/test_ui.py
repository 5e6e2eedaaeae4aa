"""The MLflow UI on the store that runs are tracked in."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_ui_serves_the_runs_page_and_leaves_no_server_behind(tmp_path: Path) -> None:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW")}
    process = subprocess.Popen(
        [sys.executable, "-m", "train", "ui", "--port", str(port)],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        found = re.fullmatch(
            rf"runs: (http://127\.0\.0\.1:{port})/#/experiments/\d+/runs\?workflowType=machine_learning\n", line
        )
        assert found, line
        with urllib.request.urlopen(found[1], timeout=30) as page:  # noqa: S310  # our own server
            assert b"<title>MLflow</title>" in page.read()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    until = time.monotonic() + 20
    while answers(port):
        assert time.monotonic() < until, "the server outlives the command"
        time.sleep(0.2)
