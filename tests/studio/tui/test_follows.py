"""The screen over the real loop of watching and compiling: a file that is saved as editors save it."""

from __future__ import annotations

import os
from pathlib import Path

from tests.studio.tui.stands import FILM, Stand, until

from anim_studio.live.loop import Loop
from anim_studio.tui.panels.header import Header
from anim_studio.tui.services import Compiles, Tell


class Watched(Stand):
    """A stand whose film is watched and compiled as it is in the field."""

    def _compiling(self, told: Tell) -> Compiles:  # type: ignore[override]
        return Loop(self.film, self.cache, told, choice=self.app.choice)


def save(path: Path, text: str) -> None:
    """As VS Code and `sed -i` do: another file takes the name."""
    other = path.with_name("saved.tmp")
    other.write_text(text, "utf-8")
    os.replace(other, path)


async def test_the_screen_follows_the_file(tmp_path: Path) -> None:
    stand = Watched(tmp_path)
    app = stand.app
    async with app.run_test(size=(100, 30)) as pilot:
        await stand.settle(pilot)
        save(stand.film, FILM.replace("length = 10s", "length = 20s").replace("dawn 2s", "dawn 12s"))
        await until(pilot, lambda: app.board.frames == 240)
        save(stand.film, FILM.replace("zoom =", "zom ="))
        await until(pilot, lambda: app.query_one(Header).mistakes.startswith("1 mistake, "))
        assert app.board.frames == 240
        save(stand.film, FILM)
        await until(pilot, lambda: app.board.frames == 120 and not app.query_one(Header).mistakes)
        stand.film.unlink()
        await until(pilot, lambda: bool(app.gone))
        assert app.good is not None
        save(stand.film, FILM)
        await until(pilot, lambda: not app.gone)
