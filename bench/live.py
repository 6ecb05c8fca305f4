"""From a save to what is seen: `python -m bench.live [--device cpu] [--edits 9] [--no-painter]`.

A film of 48 frames is saved again and again by renaming, as editors do, each time with another curve, prompt
and speed; then one of 10,000 frames and 60 moving curves. Told are the medians over the saves, what passes in
between, and whether they keep within what the screen promises. The painter is warm, as it is while somebody
works: what its start takes is told apart.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from anim_studio.live.compile.compiled import Fault, Gone
from anim_studio.live.loop import Loop
from anim_studio.live.paint.messages import Look, Paint, Painted, Ready, Trouble
from anim_studio.live.tier import Tier
from anim_studio.live.version import TierPlan, Version
from bench.films import song_film, write_song

#: seconds from a save to the new curves, the first `camera` frame, the first changed `draft` frame
LIMITS = {"curves": 0.150, "camera": 0.400, "draft": 1.500}

SHORT = """\
size = 128x128; fps = 24; length = 2s; seed = 7
let swell = 0s: 0, 1s: {curve}, 2s: 0
prompt {{ 0s: "a mountain lake at golden hour, {n}"; 1s: "a mountain lake at night, starry sky" }}
camera 3d {{ translation_z = 0s: 0, 2s: {speed} with ease_in_out; rotation_3d_y = 4deg * swell }}
diffuse {{ strength = 0.55; steps = 16; cfg_scale = 6 }}
coherence {{ color = lab; cadence = 1; blend = 0.1 * swell }}
"""

#: what comes of a save, and what it is counted from
MARKS = {
    "heard": "",
    "curves": "heard",
    "camera plan": "curves",
    "camera": "camera plan",
    "draft plan": "camera plan",
    "draft": "draft plan",
}
#: what passes in between
SPENT = {
    "heard": "the system tells of it, the file is read",
    "curves": "parse, check, evaluate, lay out the timeline",
    "camera plan": "compile",
    "camera": "painter: warp, keep the picture",
    "draft plan": "compile",
    "draft": "painter: model, warp, keep the picture",
}


def short(n: int) -> str:
    """A film of two seconds whose frames are all changed by every edit."""
    return SHORT.format(curve=f"{1 + n / 10:g}", speed=40 + n, n=n)


def long(n: int) -> str:
    """A film of 10,000 frames and 60 curves that move, one of them another one at every edit."""
    lets = "\n".join(f"let wave{i} = 0.3 * sin(time * {i + 1}) + {n if i == 0 else i}" for i in range(30))
    # it moves the camera: an edit that nothing reads would change no picture
    return song_film(10_000).replace("4 * swell2 + bass", "4 * swell2 + wave0 * sin(time)", 1) + f"\n{lets}\n"


@dataclass(slots=True)
class Save:
    """When a save was done, and what came of it when, by name: seconds."""

    at: float
    version: int = 0
    marks: dict[str, float] = field(default_factory=dict)


class Desk:
    """A film in the loop, with a painter or without, and a clock."""

    def __init__(self, folder: Path, text: str, device: str | None) -> None:
        self.film = folder / "film.anim"
        self.film.write_text(text, encoding="utf-8")
        self.news = threading.Condition()
        self.save = Save(time.monotonic())
        self.plans: dict[Tier, TierPlan] = {}
        self.keys: dict[tuple[Tier, int], str] = {}
        self.ready = 0.0
        self.wrong = ""
        self.painter: Any = None
        begun = time.monotonic()
        if device is not None:
            from anim_studio.live.paint.painter import Painter

            self.painter = Painter(folder / "cache", device, self.hear_painted)
            self.until(lambda: self.ready > 0)
            self.start_seconds = self.ready - begun
            self.painter.ask(Look(0, 0, 1 << 30))
        self.loop = Loop(self.film, folder / "cache", self.hear_compiled)

    def until(self, came: Callable[[], bool]) -> None:
        """Waits; ends the benchmark if it never comes."""
        with self.news:
            if not self.news.wait_for(lambda: came() or self.wrong, 120) or self.wrong:
                sys.exit(self.wrong or f"nothing came for two minutes: {self.save}")

    def mark(self, name: str) -> None:
        """Notes that something is there, if it is the first time."""
        self.save.marks.setdefault(name, time.monotonic() - self.save.at)
        self.news.notify_all()

    def hear_compiled(self, told: object) -> None:
        """What the loop tells, from its thread."""
        with self.news:
            if isinstance(told, Version):
                self._take_version(told)
            elif isinstance(told, Trouble | Fault | Gone):
                self.wrong = told.message
                self.news.notify_all()
            elif isinstance(told, TierPlan):
                self.plans[told.tier] = told
                self.mark(f"{told.tier.word} plan")
        if isinstance(told, TierPlan) and self.painter is not None and told.tier < Tier.FINAL:
            tiers = tuple(plan for _, plan in sorted(self.plans.items()) if plan.tier < Tier.FINAL)
            current = tuple(plan for plan in tiers if plan.version == told.version)
            self.painter.ask(Paint(told.version, self.film.parent, current))

    def _take_version(self, version: Version) -> None:
        from anim_studio.live.board.board_of import board_of

        if version.good is None:
            self.wrong = "\n".join(found.message for found in version.diagnostics)
        if version.number != self.save.version:
            self.save.version = version.number
            self.save.marks.setdefault("heard", version.heard - self.save.at)
        # the lanes of the timeline are a part of what is shown at once
        board_of(version)
        self.mark("curves")

    def hear_painted(self, told: object) -> None:
        """What the painter tells, from its thread."""
        with self.news:
            if isinstance(told, Ready):
                self.ready = time.monotonic()
                self.news.notify_all()
            elif isinstance(told, Painted) and told.version == self.save.version:
                for frame, key in zip(told.frames, told.keys, strict=True):
                    if self.keys.get((told.tier, frame)) != key:
                        self.keys[told.tier, frame] = key
                        self.mark(told.tier.word)

    def saved(self, text: str, last: str) -> Save:
        """What a save comes to, up to the last mark that is wanted."""
        new = self.film.with_name(".film.tmp")
        new.write_text(text, encoding="utf-8")
        with self.news:
            self.save = Save(time.monotonic())
        os.replace(new, self.film)
        self.until(lambda: last in self.save.marks)
        return self.save

    def close(self) -> None:
        """Ends all threads and the painter."""
        self.loop.close()
        if self.painter is not None:
            self.painter.close()


def measured(desk: Desk, film: Callable[[int], str], edits: int, last: str) -> list[Save]:
    """The saves, one after the other; the first one warms what is made once, and does not count."""
    desk.until(lambda: last in desk.save.marks)
    saves: list[Save] = []
    for n in range(1, edits + 2):
        saves.append(desk.saved(film(n), last))
        # nobody saves again at once; and what follows at once would be told together
        time.sleep(0.1)
    return saves[1:]


def report(title: str, saves: Sequence[Save]) -> bool:
    """Prints when what is there; returns whether it is in time."""
    print(title)
    good = True
    for name, before in MARKS.items():
        times = [save.marks[name] for save in saves if name in save.marks]
        if not times:
            continue
        at, own = median(times), median(save.marks[name] - save.marks.get(before, 0.0) for save in saves)
        limit = LIMITS.get(name)
        verdict = "" if limit is None else f", {'within' if at <= limit else 'OVER'} {limit * 1e3:.0f} ms"
        print(
            f"  {name:<12} {at * 1e3:7.1f} ms (worst {max(times) * 1e3:.1f}{verdict})"
            f"   {own * 1e3:.1f} ms: {SPENT[name]}"
        )
        good = good and (limit is None or at <= limit)
    return good


def resident() -> float:
    """MiB of this process in memory."""
    import psutil

    return float(psutil.Process().memory_info().rss) / 2**20


def main() -> int:
    """Measures both films."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--edits", type=int, default=9)
    parser.add_argument("--painter", action=argparse.BooleanOptionalAction, default=True)
    chosen = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    device = chosen.device if chosen.painter else None
    good = True
    with tempfile.TemporaryDirectory(prefix="anim-bench-") as folder:
        desk = Desk(Path(folder), short(0), device)
        if device is not None:
            print(f"the painter is ready after {desk.start_seconds:.1f} s, once")
        last = "draft" if device is not None else "draft plan"
        title = "48 frames of 128x128, all changed by each save"
        good &= report(title, measured(desk, short, chosen.edits, last))
        desk.close()
    with tempfile.TemporaryDirectory(prefix="anim-bench-") as folder:
        write_song(Path(folder) / "song.wav", 10_000 / 24)
        desk = Desk(Path(folder), long(0), device)
        last = "camera" if device is not None else "camera plan"
        good &= report("10,000 frames, 60 curves that move", measured(desk, long, chosen.edits, last))
        before = resident()
        measured(desk, long, 40, "curves")
        print(f"  memory {before:.0f} MiB, after 40 saves more {resident():.0f} MiB")
        desk.close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
