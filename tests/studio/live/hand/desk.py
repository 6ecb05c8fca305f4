"""A film's file with the hand over it, and the board as the screen has it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from anim_compiler.asking import Asked
from anim_compiler.check import check
from anim_compiler.settled import settled
from anim_compiler.world import World
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_studio.live.board.board_of import board_of
from anim_studio.live.board.lanes import Board, KeyMark
from anim_studio.live.hand.edits import Aim, Edits
from anim_studio.live.version import Choice, Good, Version

FILM = """size = 64x64
fps = 24
length = 4s
prompt = "a"
camera 2d {
  zoom = 0s: 1, 2s: 2
  angle = 0s: 5deg, 2s: 6deg, 4s: 7deg
}
"""


class Desk:
    """A film's file, the hand over it, and the board as the screen has it."""

    def __init__(self, folder: Path, text: str = FILM, world: World | None = None) -> None:
        self.path = folder / "film.anim"
        self.path.write_bytes(text.encode())
        self.world = world or World(folder, folder)
        self.edits = Edits(self.path, lambda: self.time)
        self.time = 0.0
        self.board = Board(1, Fraction(24), ())
        self.look()

    @property
    def text(self) -> str:
        return self.path.read_bytes().decode()

    def look(self) -> Board:
        """The screen shows the file as it is now."""
        source = Source("film.anim", self.text)
        document, slips = parse(source)
        found, more = check(document, self.world)
        assert found is not None
        film = settled(found, self.world)[0] or found
        asked = Asked(film, self.world)
        curves = {name: asked.curve(name) for name in asked.names()}
        good = Good(film, film.fps, asked.parts[-1].end, asked.parts, curves, ())
        self.version = version = Version(
            1, self.path, source, document, self.world, (*slips, *more), good, Choice(), 0.0
        )
        self.edits.see(version)
        board = board_of(version)
        assert board is not None
        self.board = board
        return board

    def aim(self, lane: str, number: int) -> Aim:
        key = self.board.key(lane, number)
        assert key is not None
        return Aim(lane, key)

    @property
    def marks(self) -> dict[str, tuple[KeyMark, ...]]:
        return {lane.name: lane.keys for lane in self.board.lanes}
