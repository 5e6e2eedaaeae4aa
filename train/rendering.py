"""Templates to pages: whatever the content holds is shown as text."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(template: str, **content: Any) -> str:
    """Return a page made from a template of `train/templates`."""
    environment = Environment(
        loader=PackageLoader("train"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(template).render(**content)
