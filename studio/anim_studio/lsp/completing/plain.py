"""Snippets for editors that have none."""

from __future__ import annotations

import re

_PLACE = re.compile(r"\\([\\$}{])|\$\{\d+\|((?:[^,|])*)[^|]*\|\}|\$\{\d+:((?:\\.|[^}\\])*)\}|\$\{\d+\}|\$\d+")


def without_places(snippet: str) -> str:
    """The text that a snippet begins as: its defaults stand where something is to be filled in."""

    def filled(match: re.Match[str]) -> str:
        return match[1] or match[2] or re.sub(r"\\(.)", r"\1", match[3] or "")

    return _PLACE.sub(filled, snippet)
