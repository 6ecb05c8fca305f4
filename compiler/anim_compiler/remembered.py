"""Columns kept from one compile to the next in a warm process, by what they are computed from."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from anim_compiler import song_grid
from anim_compiler.alike import Keys
from anim_compiler.clock import FilmClock
from anim_compiler.film import Film
from anim_compiler.functions.registry import Array

MOST_BYTES = 256 * 2**20
"""So much is kept at most, unless a process asks for another limit."""


@dataclass(slots=True)
class KeptColumns:
    """Columns by key, those that were not asked for longest forgotten first. Columns are read-only."""

    limit: int = MOST_BYTES
    size: int = 0
    _columns: OrderedDict[bytes, Array] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return len(self._columns)

    def get(self, key: bytes) -> Array | None:
        """The column of a key, if it is still kept."""
        found = self._columns.get(key)
        if found is not None:
            self._columns.move_to_end(key)
        return found

    def put(self, key: bytes, column: Array) -> None:
        """Keeps a column; what is beyond the limit goes."""
        if column.nbytes > self.limit or key in self._columns:
            return
        self._columns[key] = column
        self.size += column.nbytes
        while self.size > self.limit:
            _, oldest = self._columns.popitem(last=False)
            self.size -= oldest.nbytes


@dataclass(slots=True)
class Memory:
    """What one compile reads and adds: `kept` lives on, `keys` are those of this film's expressions.

    A column is found by the structure of its expression and by everything else that it depends on: the
    clock's frames, rate, length, seed and grid, the film's clock around a scene's, and for sound the file
    and how it is analysed.
    """

    kept: KeptColumns
    keys: Keys


def memory(film: Film, kept: KeptColumns) -> Memory:
    """The memory of a film's compile, over columns that earlier ones left."""
    return Memory(kept, Keys(heard(film)))


def place(clock: FilmClock, film: FilmClock | None) -> bytes:
    """What columns depend on beside their expressions, 16 bytes."""
    return hashlib.blake2b(repr((clock, film)).encode(), digest_size=16).digest()


def heard(film: Film) -> Mapping[str, str]:
    """What is heard in each track: the bytes of its file and everything that its analysis is told."""
    tempo = film.tempo
    return {
        track.name: repr(
            (
                track.sha256,
                track.offset,
                track.start,
                song_grid.told(film, track),
                track.beats_per_bar or tempo.beats_per_bar,
                track.is_fixed,
                track.gain_db,
            )
        )
        for track in film.tracks
    }
