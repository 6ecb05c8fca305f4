"""A file that is wanted, and one that is whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from anim_runtime.models.net.forms import Form
from anim_runtime.models.net.network import Auth


@dataclass(frozen=True, slots=True)
class Order:
    """A file that is wanted; `sha256` and `size` are what it must have, if that is known."""

    url: str
    target: Path
    sha256: str = ""
    size: int | None = None
    form: Form = "safetensors"
    auth: Auth | None = field(default=None, repr=False)
    #: its path in a folder of files, of which several have the same name
    inside: str = ""

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return self.inside or self.target.name.lstrip(".")


@dataclass(frozen=True, slots=True)
class Got:
    """A whole file. `was_here` says that nothing had to be fetched."""

    path: Path
    sha256: str
    size: int
    was_here: bool = False
