"""Which file of a version of Civitai is meant."""

from __future__ import annotations

import re
from typing import Final

from anim_runtime.models.fetched import Pin
from anim_runtime.models.net.problems import NetProblem
from anim_runtime.models.sources.civitai_api import File, Version
from anim_runtime.models.sources.wanted import OnCivitai

_HEX: Final = re.compile(r"[0-9a-fA-F]{64}")


def sha256_of(file: File) -> str:
    """What the site says that its content has; empty if it says nothing of the kind."""
    return file.hashes.sha256.lower() if _HEX.fullmatch(file.hashes.sha256) else ""


def chosen(version: Version, wanted: OnCivitai, pin: Pin) -> File:
    """The file that is meant: the one that is pinned or named, else the primary one, if it is safe.

    Raises `NetProblem` if there is none.
    """
    name = wanted.reference
    if not version.files:
        hint = "it can be used on the site alone" if version.usage_control not in ("", "Download") else ""
        raise NetProblem("refused", f"`{name}` has no file to fetch", hint or "look at the model's page")
    if wanted.file is not None:
        named = [file for file in version.files if file.id == wanted.file]
        if not named:
            raise NetProblem("refused", f"`{name}` has no such file", "look at the model's page")
        return named[0]
    if pin.sha256:
        pinned = [file for file in version.files if sha256_of(file) == pin.sha256]
        if pinned:
            return pinned[0]
    safe = [
        file for file in version.files if file.is_safetensors and file.type not in ("Training Data", "Config")
    ]
    if not safe:
        hint = "other formats can run code; if you trust it, fetch it yourself and convert it"
        raise NetProblem("refused", f"`{name}` has no `.safetensors` file", hint)
    return next((file for file in safe if file.is_primary), safe[0])
