"""Names of files that a site chose, made into such that every disk takes."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

_LONGEST = 80
TAKEN = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))})
"""Names of devices on Windows, whatever their ending."""


def file_name(given: str, number: str, suffix: str = ".safetensors") -> str:
    """`neon-82098-87153.safetensors`: letters, digits, dots, dashes and underlines of a name, then a number
    of its own, so that two of one name do not meet.
    """
    stem = PurePosixPath(given.replace("\\", "/")).name
    stem = stem[: -len(suffix)] if stem.lower().endswith(suffix) else stem
    return f"{plain(stem) or 'model'}-{plain(number)}{suffix}"


def plain(text: str) -> str:
    """The text as the part of a name: never hidden, never another folder, and not one that Windows keeps."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^\w.-]+", "-", ascii_text).strip(".-_")[:_LONGEST].rstrip(".-_")
    return f"{name}-model" if name.partition(".")[0].lower() in TAKEN else name
