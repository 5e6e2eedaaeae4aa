"""The MLflow UI on the store that runs are tracked in."""

import logging
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from typing import TYPE_CHECKING

import typer

from data.problems import UserError
from train.store import experiment_id, open_store, runs_page, tracking_uri

if TYPE_CHECKING:
    from mlflow import MlflowClient

log = logging.getLogger("train")

HOST = "127.0.0.1"
START_S = 120.0  # MLflow alone takes a minute to import on a busy machine


def serve(*, port: int, open_browser: bool, experiment: str) -> None:
    """Serve the UI until it is interrupted; of a store that is a server itself, only say the address.

    Raises:
        UserError: The port is taken, or the server does not start.
    """
    client = open_store()
    page_of = experiment_id(client, experiment)
    view = _view(client, page_of)
    if tracking_uri().startswith("http"):
        _announce(runs_page(tracking_uri(), page_of, view=view), open_browser)
        return
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            raise UserError(f"--port {port}: expected a free port, found a server on it. Choose another with --port.")
    command = [
        sys.executable,
        "-m",
        "mlflow",
        "ui",
        "--backend-store-uri",
        tracking_uri(),
        "--host",
        HOST,
        "--port",
        str(port),
    ]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the server below does not outlive this command
    server = subprocess.Popen([*command, "--workers", "1"], stdout=sys.stderr)
    try:
        _wait(server, port)
        _announce(runs_page(f"http://{HOST}:{port}", page_of, view=view), open_browser)
        server.wait()
    finally:
        server.terminate()
        server.wait()


def _view(client: "MlflowClient", experiment: str) -> str | None:
    """Return the key of the view to open, None where the store takes none: a server that may only be read."""
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    from train.views import runs_view

    try:
        return runs_view(client, experiment)
    except (MlflowException, SQLAlchemyError, OSError) as error:
        first = (str(error) or type(error).__name__).splitlines()[0]
        log.warning("the store did not take the view of the runs (%s); they open with MLflow's own columns", first)
        return None


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        if server.poll() is not None:
            break
        time.sleep(0.2)
    raise UserError(f"the MLflow UI did not start on port {port}; what it said stands above.")


def _announce(address: str, open_browser: bool) -> None:
    typer.echo(f"runs: {address}")
    if open_browser:
        webbrowser.open(address)
