"""What an answer says: its JSON, its sentence, and when to come back."""

from __future__ import annotations

import json
import re
import time
from email.utils import parsedate_to_datetime
from typing import Any

from anim_dsl.visible import escaped
from anim_runtime.models.net.network import shown
from anim_runtime.models.net.problems import NetProblem

_MOST_SAID = 300


def shown_safely(url: str) -> str:
    """An address for a message, however it is written."""
    return escaped(shown(url))[:_MOST_SAID]


def parsed(body: bytes, url: str) -> Any:  # Any: whatever JSON a site answers, which pydantic then checks
    """The JSON of an answer. Raises `NetProblem`."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        says = "a web page" if body.lstrip()[:1] == b"<" else "something else"
        raise NetProblem(
            "wrong", f"`{shown_safely(url)}` answers {says} instead of JSON", "try again later"
        ) from None


def said(body: bytes) -> str:
    """The sentence of an answer such as `{"error": "Unauthorized"}`; empty for a page."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    text = (
        next((found[k] for k in ("message", "error") if isinstance(found.get(k), str)), "")
        if isinstance(found, dict)
        else ""
    )
    return escaped(re.sub(r"\s+", " ", text)).rstrip(". ")[:_MOST_SAID]


def retry_after(text: str) -> float | None:
    """Seconds of a `Retry-After`, which may be a moment instead (RFC 9110, 10.2.3); None if it is neither."""
    if re.fullmatch(r"\d{1,9}", text.strip()):
        return float(text)
    try:
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError, OverflowError, OSError):
        return None
