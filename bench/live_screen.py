"""A film of 10,000 frames and 60 curves on a real terminal: `python -m bench.live_screen [--presses 30]`.

In tmux, at 120 by 40 cells: how long it takes from pressing a key until the screen shows it, at rest, while
the film plays, and while it is rendered beside; and from a save until the new value is on the screen. What is
measured includes tmux and the reading of its screen, whose time is told.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import psutil
from tests.studio.tui.terminal import ANIM, Terminal

from anim_studio.renders import Renders
from bench.films import song_film, write_song

FRAMES = 10_000
#: seconds from a key to the screen, and from a save to the new value on it
REACTION, SAVE = 0.050, 0.150
#: how often the screen is read, and how fast keys follow each other
AGAIN, KEYS_APART = 0.001, 0.07

Shows = Callable[[str], bool]


def film(mark: int) -> str:
    """Ten thousand frames and sixty curves, the first key of one of which is `mark`."""
    lets = "\n".join(f"let wave{i} = 0.3 * sin(time * {i + 1}) + {i}" for i in range(30))
    return f"let mark = 0s: {mark}, 200s: 0\n{song_film(FRAMES)}\n{lets}\n"


def until(terminal: Terminal, shows: Shows, begun: float) -> float:
    """Seconds from `begun` until that is on the screen."""
    while not shows(screen := terminal.screen()):
        if time.monotonic() - begun > 60:
            sys.exit(f"the screen did not come to that:\n{screen}")
        time.sleep(AGAIN)
    return time.monotonic() - begun


class Times(list[float]):
    """Seconds until something is on the screen, each time; and seconds of a processor that the app took."""

    def __init__(self, terminal: Terminal) -> None:
        self._app = psutil.Process(int(terminal.says("#{pane_pid}"))).children()
        self._before = self._worked()

    def _worked(self) -> float:
        return sum(sum(process.cpu_times()[:2]) for process in self._app)

    @property
    def each(self) -> float:
        """Of the processor, for each of them, with what else the app did meanwhile."""
        return (self._worked() - self._before) / len(self)


def reactions(terminal: Terminal, presses: int, rows: Sequence[tuple[str, Shows]]) -> Times:
    """Times from a key until what it does is on the screen: the keys in turn, `presses` in all."""
    times = Times(terminal)
    for number in range(presses):
        key, shows = rows[number % len(rows)]
        time.sleep(KEYS_APART)
        begun = time.monotonic()
        terminal.press(key)
        times.append(until(terminal, shows, begun))
    return times


def steps(terminal: Terminal, presses: int) -> Times:
    """The same for a frame on, again and again."""
    first = _frame(terminal.screen())
    rows = [("Right", _at(first + number + 1)) for number in range(presses)]
    return reactions(terminal, presses, rows)


def _at(frame: int) -> Shows:
    return lambda screen: _frame(screen) == frame


def _frame(screen: str) -> int:
    found = re.search(r"frame (\d+)", screen)
    return int(found[1]) if found is not None else -1


#: keys, and what shows that they were heard, whether the film plays or not
PANELS: Sequence[tuple[str, Shows]] = (
    ("4", lambda screen: "the painter is ready" in screen),
    ("1", lambda screen: "is not used" in screen),
)


def report(name: str, times: Times, limit: float) -> bool:
    """Prints the median and the worst; returns whether the median is in time."""
    good, late = median(times) <= limit, sum(each > limit for each in times)
    print(
        f"  {name:<30} {median(times) * 1e3:6.1f} ms (worst {max(times) * 1e3:.1f}, {late}/{len(times)} late,"
        f" {'within' if good else 'OVER'} {limit * 1e3:.0f} ms), {times.each * 1e3:.1f} ms of the processor"
    )
    return good


def saves(terminal: Terminal, path: Path, count: int) -> Times:
    """Times from a save by renaming until its value is on the screen."""
    times = Times(terminal)
    for mark in range(501, 501 + count):
        new = path.with_name(".film.tmp")
        new.write_text(film(mark), "utf-8")
        time.sleep(0.3)
        begun = time.monotonic()
        os.replace(new, path)
        times.append(until(terminal, lambda screen: f"◇ {mark}" in screen, begun))  # noqa: B023
    return times


def measure(terminal: Terminal, path: Path, presses: int) -> bool:
    """Everything but the render, on the screen as it is."""
    good = report("a save", saves(terminal, path, max(5, presses // 4)), SAVE)
    good &= report("a frame on", steps(terminal, presses), REACTION)
    good &= report("another panel", reactions(terminal, presses, PANELS), REACTION)
    terminal.press("Space")
    good &= report("another panel, while it plays", reactions(terminal, presses, PANELS), REACTION)
    begun, first = time.monotonic(), _frame(terminal.screen())
    time.sleep(2.0)
    rate = (_frame(terminal.screen()) - first) / (time.monotonic() - begun)
    print(f"  it plays {rate:.1f} frames a second of 24")
    terminal.press("Space", "Home")
    return good


def main() -> int:
    """Measures all of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--presses", type=int, default=30)
    presses = parser.parse_args().presses
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    good = True
    with tempfile.TemporaryDirectory(prefix="anim-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        path, cache = folder / "film.anim", folder / "cache"
        path.write_text(film(500), "utf-8")
        write_song(folder / "song.wav", FRAMES / 24)
        with Terminal(folder, 120, 40, {"ANIM_CACHE": str(cache)}) as terminal:
            nothing: list[tuple[str, Shows]] = [("Space", lambda screen: True)]
            least = median(reactions(terminal, 9, nothing))
            print(f"  pressing a key and reading the screen takes {least * 1e3:.1f} ms")
            terminal.press("Enter")
            begun = time.monotonic()
            terminal.run(*ANIM, "live", "film.anim")
            print(f"  first screen after {until(terminal, lambda s: '◇ 500' in s, begun):.2f} s")
            until(terminal, lambda screen: "▀▀▀▀" in screen and "is not used" in screen, begun)
            print(f"beside the painter (load {os.getloadavg()[0]:.1f})")
            good &= measure(terminal, path, presses)
            terminal.press("r")
            until(terminal, lambda screen: " render " in screen.splitlines()[0], time.monotonic())
            print(f"beside a render of the film, too (load {os.getloadavg()[0]:.1f})")
            good &= measure(terminal, path, presses)
            terminal.press("q")
            terminal.until_left()
        renders = Renders(cache)
        for state in renders.list():
            if not state.is_over:
                renders.stop(state.id, at_once=True)
        while any(not state.is_over for state in renders.list()):
            time.sleep(0.1)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
