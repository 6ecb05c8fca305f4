"""A file on its way: its bytes so far, and beside them what they are of. Both outlive the process."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from anim_compiler.whole_file import settle, write_whole

_VERSION = 1
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class State:
    """What the bytes of a part are of. `source` is an address without secrets, `etag` its strong validator
    (RFC 9110, 8.8.3), `sha256` what the file must have; an empty value is one that nobody told.
    """

    source: str
    sha256: str = ""
    etag: str = ""
    size: int | None = None

    def continues(self, other: State) -> bool:
        """Whether bytes of this may be followed by bytes of the other: the same content by its digest, or
        perhaps the same by its address, which `If-Range` then makes sure of.
        """
        if self.sha256 or other.sha256:
            return self.sha256 == other.sha256
        return self.source == other.source and bool(self.etag)


class Part:
    """The bytes so far of the file that is to be `target`, with their digest."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f".{target.name}.part")
        self._state = target.with_name(f".{target.name}.part.json")
        self.lock = target.with_name(f".{target.name}.lock")
        self.digest = hashlib.sha256()
        self.done = 0

    def begin(self, wanted: State) -> State:
        """Takes up what is here if it belongs to what is wanted, else nothing; the state it then has."""
        known = self._known()
        if known is None or not known.continues(wanted) or not self.path.is_file():
            self.clear()
            return wanted
        self.digest, self.done = hashlib.sha256(), 0
        with self.path.open("rb") as file:
            while piece := file.read(_PIECE):
                self.digest.update(piece)
                self.done += len(piece)
        return State(wanted.source, wanted.sha256, known.etag, wanted.size or known.size)

    def note(self, state: State) -> None:
        """Writes down what the bytes are of. Raises OSError."""
        text = json.dumps({"version": _VERSION, **asdict(state)}, indent=1)
        write_whole(self._state, text.encode())

    def add(self, data: bytes) -> None:
        """Counts bytes that were written behind the others."""
        self.digest.update(data)
        self.done += len(data)

    def head(self, count: int) -> bytes:
        """The first bytes."""
        if not self.path.is_file():
            return b""
        with self.path.open("rb") as file:
            return file.read(count)

    def restart(self) -> None:
        """Forgets the bytes, and keeps the name."""
        self.path.unlink(missing_ok=True)
        self.digest, self.done = hashlib.sha256(), 0

    def clear(self) -> None:
        """Removes the part and its state."""
        self.restart()
        self._state.unlink(missing_ok=True)

    def finish(self) -> None:
        """Gives the whole file its name, lastingly. Raises OSError."""
        settle(self.path, self.target)
        self._state.unlink(missing_ok=True)

    def _known(self) -> State | None:
        try:
            found = json.loads(self._state.read_bytes())
            if found.pop("version") != _VERSION:
                return None
            return State(**found)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
