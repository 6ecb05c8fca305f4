"""What a source hands to the library: a finished file or folder, with what the site says of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from anim_compiler.models.facts import ModelKind


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """One file of a folder: its path from the folder, with forward slashes, and its content's digest."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model that is whole on the disk; texts are as the site has them and pass `anim_dsl.visible` before
    they reach a terminal.

    `reference` is pinned as far as its source can (`civitai:25694@143906`); `also` are other ways to write it
    (the reference that was asked for, its AIR). `sha256` is of the content of a file, or what
    `library.digest` says of a folder. `source` is the address it came from without secrets, `revision` the
    version or the commit there. `base` is the site's own word for `family`.
    """

    reference: str
    path: Path
    sha256: str
    size: int
    source: str
    revision: str = ""
    kind: ModelKind = "unknown"
    base: str = ""
    family: str = ""
    title: str = ""
    author: str = ""
    trigger_words: tuple[str, ...] = ()
    licence: str = ""
    notes: str = ""
    is_nsfw: bool = False
    also: tuple[str, ...] = ()
    #: of a folder: what is in it
    files: tuple[FetchedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Pin:
    """What a lock holds a model to; an empty value holds it to nothing."""

    reference: str
    sha256: str = ""
    size: int | None = None
    source: str = ""
    revision: str = ""


class Fetcher(Protocol):
    """Fetches a model into the library's folder; what is there whole already is not fetched again.

    Raises `NetProblem` of `anim_runtime.models.net.problems`.
    """

    def __call__(self, pin: Pin, folder: Path) -> Fetched:
        """The model that the pin names."""
        ...
