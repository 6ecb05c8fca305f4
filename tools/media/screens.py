"""Makes the pictures of `anim live` in the manual, from the real thing: `python -m tools.media.screens`.

`docs/live.png` is the music video with its drafts, `docs/live-mistake.png` the same after a
save with a mistake.
It needs cairosvg and the font DejaVu Sans Mono, and paints for a minute or two.
"""

from __future__ import annotations

import asyncio
import io
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

import cairosvg
from PIL import Image
from textual.pilot import Pilot

from anim_studio.cli.environment import read_environment
from anim_studio.live.loop import Loop
from anim_studio.live.paint.painter import Painter
from anim_studio.live.paint.pictures import Pictures
from anim_studio.live.tier import Tier
from anim_studio.renders import Renders
from anim_studio.tui.app import LiveApp
from anim_studio.tui.panels.status import tiers_in_words
from anim_studio.tui.services import Services
from anim_studio.tui.state import Begin

ROOT = Path(__file__).resolve().parents[2]
FILM = "music-video.anim"
#: columns and rows of the terminal, and the pictures' width in pixels
_SIZE, _WIDTH = (120, 38), 1440
#: the frame that is shown: just before the second prompt
_FRAME = 52
_SECONDS = 600.0


def main(folder: Path = ROOT / "docs") -> None:
    """Writes both pictures."""
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(ROOT / "examples" / "media", Path(scratch) / "media")
        film = Path(shutil.copy(ROOT / "examples" / FILM, scratch))
        # as the command does it: no process can be started while the app holds standard error
        resource_tracker.ensure_running()
        asyncio.run(_screens(film, folder))


async def _screens(film: Path, folder: Path) -> None:
    app = _app(film)
    async with app.run_test(size=_SIZE) as pilot:
        await _until(pilot, lambda: app.good is not None and app.painter is not None)
        app.seek(_FRAME)
        app.choose_lane("camera.rotation_3d_y")
        await _until(pilot, lambda: tiers_in_words(app.shown, Tier.DRAFT) == Tier.DRAFT.word)
        await pilot.pause()
        _write(folder / "live.png", app.export_screenshot(title="anim live music-video.anim"))
        text = film.read_text("utf-8")
        film.write_text(text.replace("  zoom  ", "  zom   "), "utf-8")
        await _until(pilot, lambda: app.version is not None and app.version.good is None)
        await pilot.pause()
        _write(folder / "live-mistake.png", app.export_screenshot(title="anim live music-video.anim"))


def _app(film: Path) -> LiveApp:
    cache = read_environment().cache  # drafts that are there already need not be painted again
    return LiveApp(
        Begin(film, cache=cache, out=film.parent / "out", tier=Tier.DRAFT),
        Services(
            compiling=lambda told: Loop(film, cache, told),
            painting=lambda told: Painter(cache, "cpu", told),
            pictures=Pictures(cache),
            renders=Renders(cache),
            first_film=lambda path, template: None,
            draw=lambda: 1,
            now=time.monotonic,
            clock=lambda: "12:00:00",
        ),
    )


async def _until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError("the screen did not come to what was waited for")
        await pilot.pause(0.1)


def _write(path: Path, svg: str) -> None:
    # the letters' boxes are the same in both fonts; only this one has all signs
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono")
    drawn = cairosvg.svg2png(svg.encode(), output_width=_WIDTH)
    picture = Image.open(io.BytesIO(drawn)).convert("RGB").quantize(160, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)


if __name__ == "__main__":
    main()
