"""What large text encoders made, on disk: a film that is rendered again never loads them.

Light: torch is loaded with the first text, so that files can be looked after without it.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import astuple
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from anim_compiler.whole_file import TEMPORARY, write_whole
from anim_runtime.digests import environment

if TYPE_CHECKING:
    import torch

    from anim_runtime.diffusion.encoding.text_model import Run

#: in the cache folder, and how the names of its files end
FOLDER, ENDING = "texts", ".run"
#: bytes of the checksum that a file begins with
SUM = 32
#: raised when what is kept would be read in another way
SHELF_VERSION = 1
#: what was not used for longest gives way; two hundred texts of T5's, about
MOST_BYTES = 2 * 2**30
#: a file that has been unfinished for so many seconds stays so
ABANDONED = 3600.0


def shelf_in(cache: Path, device: torch.device) -> Shelf:
    """The shelf of a cache folder, for work on a device."""
    libraries = f"transformers {version('transformers')}"
    return Shelf(cache / FOLDER, repr(astuple(environment(libraries, str(device)))))


def weights_identity(files: Iterable[Path], *more: str) -> str:
    """What tells the weights in some files from all others, without reading them: `more` is what besides
    decides which numbers they give. Empty if they cannot be looked at.
    """
    try:
        told = [(str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns) for file in sorted(files)]
    except OSError:
        return ""
    return hashlib.sha256(repr((told, more)).encode()).hexdigest()


def sound(data: bytes) -> bool:
    """Whether the bytes are a whole run."""
    return len(data) > SUM and hashlib.sha256(data[SUM:]).digest() == data[:SUM]


class Shelf:
    """Runs by what went into them. `identity` is all that changes an encoder's numbers besides its words and
    its weights: the libraries and the machine.
    """

    def __init__(self, folder: Path, identity: str, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._identity = identity
        self._most = most_bytes

    def read(self, name: str, device: torch.device) -> Run | None:
        """The run of that name; None if it is not here. One that is damaged is removed."""
        from safetensors.torch import load

        from anim_runtime.diffusion.encoding.text_model import Run

        path = self._path(name)
        try:
            data = path.read_bytes()
            if not sound(data):
                raise ValueError("damaged")
            found = load(data[SUM:])
            states = found["states"].to(device)
        except FileNotFoundError:
            return None
        except Exception:
            # whatever is wrong with it, the encoder makes it again
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            os.utime(path)
        pooled = found.get("pooled")
        return Run(states, None if pooled is None else pooled.to(device))

    def write(self, name: str, run: Run) -> None:
        """Keeps a run; where the disk takes none, it is not kept."""
        from safetensors.torch import save

        parts = {"states": run.states} if run.pooled is None else {"states": run.states, "pooled": run.pooled}
        data = save({key: tensor.detach().cpu().contiguous() for key, tensor in parts.items()})
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._make_room(len(data))
            write_whole(self._path(name), hashlib.sha256(data).digest() + data, lasting=False)

    def _path(self, name: str) -> Path:
        key = f"{SHELF_VERSION}\0{self._identity}\0{name}".encode()
        return self._folder / f"{hashlib.sha256(key).hexdigest()}{ENDING}"

    def _make_room(self, wanted: int) -> None:
        files = [(path, path.lstat()) for path in self._folder.iterdir()]
        # what is being written is left alone; what a killed process left behind is not
        old = time.time() - ABANDONED
        files = [
            (path, told)
            for path, told in files
            if path.suffix == ENDING or (path.name.startswith(TEMPORARY) and told.st_mtime < old)
        ]
        total = wanted + sum(told.st_size for _, told in files)
        for path, told in sorted(files, key=lambda row: row[1].st_mtime):
            if total <= self._most:
                return
            path.unlink(missing_ok=True)
            total -= told.st_size
