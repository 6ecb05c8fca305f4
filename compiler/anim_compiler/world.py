"""The only door to files for the compiler: nothing outside the film's root is read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from anim_compiler.models.facts import KnownModels, nothing_known
from anim_compiler.models.known import Known
from anim_compiler.stamps import Digests, Stamp, stamp
from anim_dsl.nearest import nearest
from anim_dsl.source import Source

if TYPE_CHECKING:
    from anim_compiler.sound.lock import AudioLock

MOST_BYTES = 1 << 20
"""A film's text may have so many bytes: 1 MiB."""

#: the code of a file that is larger than this project reads
TOO_LARGE = "E4004"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file cannot be had: a sentence for a diagnostic, and what to write instead."""

    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What a process that watches a film's files has of them already: `texts` by absolute path stand for
    those on the disk, and `digests` are asked instead of reading files again.
    """

    texts: Mapping[Path, bytes] = field(default_factory=dict)
    digests: Digests = field(default_factory=Digests)


class World:
    """The files that a film may read: those under `root`, found from the film's `folder`."""

    def __init__(
        self,
        root: Path,
        folder: Path,
        *,
        cache: Path | None = None,
        untrusted: bool = False,
        held: Held | None = None,
        models: KnownModels = nothing_known,
    ) -> None:
        self.root = root
        self.folder = folder
        self.cache = cache
        self.untrusted = untrusted
        #: the facts of models, none of which is opened: by the lock, then by `models`, then by headers
        self.models = Known(self, models)
        self._held = held or Held()
        #: every file that was asked for, there or not, with its stamp before it was read
        self.seen: dict[Path, Stamp | None] = {}
        #: audio locks by the film's name, each read once
        self.locks: dict[str, AudioLock | None] = {}
        self._hashes: dict[Path, str] = {}

    @classmethod
    def open(
        cls,
        film: Path,
        *,
        cache: Path | None = None,
        untrusted: bool = False,
        held: Held | None = None,
        models: KnownModels = nothing_known,
    ) -> World:
        """The world of the film at that path; the root is the nearest folder upwards with
        `anim.toml` or `.git`, else the film's own. `models` are those of the user's library.
        """
        folder = film.resolve().parent
        for candidate in (folder, *folder.parents):
            if (candidate / "anim.toml").exists() or (candidate / ".git").exists():
                return cls(candidate, folder, cache=cache, untrusted=untrusted, held=held, models=models)
        return cls(folder, folder, cache=cache, untrusted=untrusted, held=held, models=models)

    def read_source(self, path: Path) -> Source | Problem:
        """A film's text: UTF-8, one byte order mark dropped, at most 1 MiB."""
        name = _shown(path, self.folder)
        self._see(path)
        data = self._held.texts.get(Path(os.path.abspath(path)))
        try:
            if data is None:
                if not path.is_file():
                    return self.missing(str(path), path)
                if path.stat().st_size > MOST_BYTES:
                    size = path.stat().st_size / MOST_BYTES
                    return Problem(TOO_LARGE, f"`{name}` is {size:.1f} MiB; a film's text may be 1 MiB")
                data = path.read_bytes()
        except OSError as error:
            return Problem("E4003", f"`{name}` cannot be read: {_reason(error)}")
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return Problem("E4005", f"`{name}` is UTF-16, not UTF-8", "save it as UTF-8")
        try:
            return Source(name, data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            before = data[: error.start]
            line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
            byte = f"0x{data[error.start]:02X}"
            return Problem(
                "E4005",
                f"`{name}` is not UTF-8: byte {byte} at line {line}, column {column}",
                "save it as UTF-8",
            )

    def resolve(self, text: str, *, folder: Path | None = None) -> Path | Problem:
        """The regular file that a film names, symbolic links followed, if it lies under the root.

        Paths count from the film's folder, or from that of the file that names them.
        """
        if "://" in text:
            return Problem(
                "E4001", f"`{text.split('://')[0]}` addresses cannot be read here", "download the file"
            )
        if not text.strip() or "\0" in text:
            return Problem("E4001", "an empty path names no file", "leave it away, or write a path")
        if PureWindowsPath(text).drive and os.name != "nt":
            return Problem("E4001", f"`{text}` is outside the film's folder", f"copy it into {self._home()}")
        named = (folder or self.folder) / text.replace("\\", "/")
        if Path(os.path.abspath(named)).is_relative_to(self.root):
            # the link as well, which may be led elsewhere, or lead nowhere
            self._see(named)
        try:
            path = named.resolve()
        except (OSError, RuntimeError):
            return Problem("E4001", f"`{text}` names no file")
        if not path.is_relative_to(self.root):
            return Problem("E4001", f"`{text}` is outside the film's folder", f"copy it into {self._home()}")
        self._see(path)
        try:
            if path.is_file():
                return path
            if path.exists():
                return Problem(
                    "E4003", f"`{text}` is a folder or a device, not a file", "write the path of a file"
                )
        except OSError:
            # a name that is too long, or a folder that may not be entered
            return self.missing(text, path)
        return self.missing(text, path)

    def missing(self, text: str, path: Path) -> Problem:
        """That a file is not there, with the nearest name in its folder as a hint."""
        try:
            names = sorted(entry.name for entry in path.parent.iterdir() if entry.is_file())
        except OSError:
            return Problem("E4002", f"there is no file `{text}`", f"paths count from {self._home()}")
        near = nearest(path.name, names)
        if near is not None:
            whole = text[: len(text) - len(path.name)] + near if text.endswith(path.name) else near
            return Problem("E4002", f"there is no file `{text}`", f"did you mean `{whole}`?")
        return Problem("E4002", f"there is no file `{text}`", f"paths count from {self._home()}")

    def _home(self) -> str:
        return "the film's own folder"

    def relative(self, path: Path) -> str:
        """A file's path from the root, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def sha256(self, path: Path) -> str:
        """The digest of a file's content, in hex; read once, in pieces."""
        if path not in self._hashes:
            self._hashes[path] = self._held.digests.sha256(path)
        return self._hashes[path]

    def fault_of_weights(self, path: Path) -> str:
        """What is wrong with a `.safetensors` file, as the end of a sentence; "" if nothing is."""
        from anim_compiler.models.header import HeaderProblem, read_header

        found = read_header(path)
        return found.message if isinstance(found, HeaderProblem) else ""

    def see(self, path: Path) -> None:
        """Notes that the film depends on a file, there or not."""
        self._see(path)

    def _see(self, path: Path) -> None:
        place = Path(os.path.abspath(path))
        if place not in self.seen:
            self.seen[place] = stamp(place)


def _shown(path: Path, folder: Path) -> str:
    """How messages call a file: from the working folder as given, never an absolute path of its root."""
    return path.name if path.is_absolute() else path.as_posix()


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
