"""A report as one self-contained page, its pictures in it."""

import base64
import io
from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from train.rendering import render
from train.report_sections import report_sections


def report_page(report: Mapping[str, Any], drawn: Mapping[str, Figure], *, title: str) -> str:
    """Return the page of a report as HTML; `drawn` are its pictures by name."""
    return render(
        "report.html.j2",
        title=title,
        sections=report_sections(report),
        pictures={name: _data_address(figure) for name, figure in drawn.items()},
        data_sha256=report["data_sha256"],
    )


def _data_address(figure: Figure) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
