"""The article in a web page."""

import trafilatura


def main_text(page: str) -> str:
    """Return the main text of an HTML page, a line a paragraph, menus and footers left out; "" if it has none."""
    return trafilatura.extract(page, include_comments=False, include_tables=False) or ""
