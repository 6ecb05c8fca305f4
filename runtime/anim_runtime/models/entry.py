"""One model of the library: what is known of it, where it lies, and what its owner wrote beside it."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass, field
from errno import EINVAL
from pathlib import Path

from anim_compiler.models.facts import ModelFacts

#: bytes at each end of a file that tell it from others of its size, without reading gigabytes
_ENDS = 64 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """A model as the index holds it.

    `facts.reference` is how a film names it best; `also` are other names that lead to it. `is_own` says
    that anim fetched it, and may delete it. `added` and `verified` are seconds since 1970, 0 for never.
    `quick` tells the file from others without a digest; `facts.sha256` is "" until somebody needed it.
    """

    path: Path
    facts: ModelFacts = field(default_factory=lambda: ModelFacts(""))
    also: tuple[str, ...] = ()
    source: str = ""
    revision: str = ""
    category: str = ""
    notes: str = ""
    is_nsfw: bool = False
    is_own: bool = False
    added: float = 0.0
    verified: float = 0.0
    quick: str = ""
    #: the time of change of the file when it was looked at, in nanoseconds
    changed_ns: int = 0

    @property
    def name(self) -> str:
        """What it is called where nothing better is known: its file's or folder's name without an ending."""
        return self.path.name.removesuffix(".safetensors")

    @property
    def title(self) -> str:
        """Its title, else its name."""
        return self.facts.title or self.name

    @property
    def references(self) -> tuple[str, ...]:
        """All that a film may write for it, the best first."""
        first = (self.facts.reference,) if self.facts.reference else ()
        return tuple(dict.fromkeys((*first, *self.also)))


def quick_id(path: Path) -> tuple[str, int, int]:
    """What tells a file or folder from others without reading it, its bytes, and when it was changed.

    Raises OSError.
    """
    if path.is_dir():
        files = sorted(f for f in path.rglob("*") if f.is_file())
        stats = [(f.relative_to(path).as_posix(), f.stat()) for f in files]
        total = hashlib.sha256(
            "".join(f"{name}\0{s.st_size}\n" for name, s in stats).encode("utf-8", "surrogateescape")
        )
        newest = max((s.st_mtime_ns for _, s in stats), default=0)
        return total.hexdigest()[:32], sum(s.st_size for _, s in stats), newest
    told = path.stat()
    if not stat.S_ISREG(told.st_mode):
        # a pipe would be waited for without end
        raise OSError(EINVAL, "is no file")
    found = hashlib.sha256(str(told.st_size).encode())
    with path.open("rb") as file:
        found.update(file.read(_ENDS))
        if told.st_size > 2 * _ENDS:
            file.seek(-_ENDS, 2)
            found.update(file.read(_ENDS))
    return found.hexdigest()[:32], told.st_size, told.st_mtime_ns
