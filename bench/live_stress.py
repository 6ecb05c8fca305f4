"""Two hundred random edits in a minute: `python -m bench.live_stress [--edits 200] [--seed 1] [--inside]`.

A film is saved well, broken, half, by renaming and in place, deleted and brought back, made huge, short, long
and into soup; its still is replaced, broken and taken away; keys are pressed meanwhile. In the end the screen
must show what the file says, no crash may have been logged, and memory, threads and open files of the screen
and of the painter must be what they were after the first edits.

The screen runs in tmux, as for a user; with `--inside` it runs in this process without a terminal, and every
picture that is shown in the end is compared with what a screen shows that is opened afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from tests.studio.live.films import write_picture
from tests.studio.tui.terminal import ANIM, Terminal

if TYPE_CHECKING:
    from anim_studio.tui.app import LiveApp

#: what may be more in the end. The painter keeps the built-in model, and 96 MiB of frames of each kind
#: (`anim_runtime.preview.shelves`); with 500 edits it is seen to grow no more after the first 250
MORE_MIB = {"screen": 60.0, "painter": 350.0}
MORE_THREADS, MORE_FILES = 2, 4
#: after so many edits everything is loaded
WARM = 40
KEYS = [*"+-0nNbas1234ttttl!", "Right", "Left", "Space", "Up", "Down", "S-Right"]
WORDS = [*'{}()=,:;@%\0é😀"', "zoom", "let", "0s", "1..2", "--", "camera", "prompt", "with", "1e999", "def"]


def film(mark: float, *, seconds: float = 2, fps: int = 8, extra: str = "") -> str:
    """A film whose curve `mark` begins with a value that is read off the screen."""
    return (
        f'size = 48x32; fps = {fps}; length = {seconds:g}s; seed = 3; model = "null"\n'
        f'image still = "still.png"\ninit = still\nprompt {{ 0s: "a lake"; 1s: "a wood, {mark:g}" }}\n'
        f"let mark = 0s: {mark:g}, 2s: {mark + 1:g}\ncamera 2d {{ zoom = 1 + 0.01 * mark }}\n"
        f"diffuse {{ strength = 0.5; steps = 2 }}\n{extra}"
    )


@dataclass
class Edits:
    """Random edits of a film in a folder."""

    folder: Path
    random: random.Random
    mark: float = 0.0

    @property
    def path(self) -> Path:
        """The film."""
        return self.folder / "film.anim"

    def edit(self) -> str:
        """Does one; returns which."""
        how = self.random.choice(
            (
                *(self.good, self.good, self.good, self.broken, self.half, self.soup, self.huge),
                *(self.shape, self.variants, self.still, self.no_still, self.gone, self.touched),
            )
        )
        how()
        return how.__name__

    def last(self) -> str:
        """The edit that remains; returns the value that must be on the screen."""
        write_picture(self.folder / "still.png", grey=111)
        self.mark = 777.25
        self.write(film(self.mark))
        return "777.2"

    def write(self, text: str) -> None:
        """Saves as one editor or another."""
        data = text.encode("utf-8", "surrogatepass")
        way = self.random.randrange(4)
        if way == 0:
            self.path.write_bytes(data)
        elif way == 1:
            with self.path.open("wb", buffering=0) as file:
                file.write(data[: len(data) // 2])
                time.sleep(self.random.random() * 0.02)
                file.write(data[len(data) // 2 :])
        elif way == 2:
            new = self.folder / ".film.tmp"
            new.write_bytes(data)
            os.replace(new, self.path)
        else:
            if self.path.exists():
                os.replace(self.path, self.folder / "film.anim~")
            self.path.write_bytes(data)

    def good(self) -> None:
        """Another value."""
        self.mark = self.random.randrange(1000) / 4
        self.write(film(self.mark))

    def broken(self) -> None:
        """A few characters wrong."""
        text = film(self.mark)
        for _ in range(self.random.randint(1, 3)):
            at = self.random.randrange(len(text))
            text = text[:at] + self.random.choice(WORDS) + text[at + self.random.randint(0, 3) :]
        self.write(text)

    def half(self) -> None:
        """Written as far as somewhere."""
        text = film(self.mark)
        self.write(text[: self.random.randrange(len(text))])

    def soup(self) -> None:
        """Words without sense."""
        self.write(" ".join(self.random.choice(WORDS) for _ in range(self.random.randint(1, 400))))

    def huge(self) -> None:
        """Thousands of lines."""
        count = self.random.choice((300, 3000))
        self.write(film(self.mark, extra="".join(f"let x{n} = sin(t * {n})\n" for n in range(count))))

    def shape(self) -> None:
        """Another length and rate."""
        seconds, fps = self.random.choice((0.25, 1, 7, 60)), self.random.choice((1, 8, 30))
        self.write(film(self.mark, seconds=seconds, fps=fps))

    def variants(self) -> None:
        """More than one film in the text."""
        self.write(film(self.mark, extra="variant { small { size = 32x32 }; big { size = 64x64 } }\n"))

    def still(self) -> None:
        """Another picture."""
        write_picture(self.folder / "still.png", grey=self.random.randrange(256))

    def no_still(self) -> None:
        """The picture goes, or is none."""
        if self.random.random() < 0.5:
            (self.folder / "still.png").unlink(missing_ok=True)
        else:
            (self.folder / "still.png").write_bytes(self.random.randbytes(200))

    def gone(self) -> None:
        """The film goes; the next edit brings it back."""
        self.path.unlink(missing_ok=True)

    def touched(self) -> None:
        """Saved as it was."""
        if self.path.exists():
            self.write(self.path.read_text("utf-8", "surrogateescape"))


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds."""

    mib: float
    threads: int
    files: int

    @classmethod
    def by(cls, process: psutil.Process) -> Held:
        """As the system tells it now."""
        return cls(process.memory_info().rss / 2**20, process.num_threads(), process.num_fds())

    def grew(self, now: Held, mib: float) -> bool:
        """Whether it holds more now than caches of `mib` explain."""
        return (
            now.mib - self.mib > mib
            or now.threads - self.threads > MORE_THREADS
            or now.files - self.files > MORE_FILES
        )

    def __str__(self) -> str:
        return f"{self.mib:.0f} MiB, {self.threads} threads, {self.files} files"


def painter_of(screen: psutil.Process) -> psutil.Process:
    """The painter among the processes that the screen started: the largest."""
    return max(screen.children(recursive=True), key=lambda each: each.memory_info().rss)


def pauses(edits: int, seconds: float, source: random.Random) -> Iterator[float]:
    """Waits between edits, some of them none: `seconds` in all."""
    parts = [0.0 if source.random() < 0.3 else source.random() for _ in range(edits)]
    scale = seconds / (sum(parts) or 1.0)
    return (part * scale for part in parts)


def in_terminal(folder: Path, edits: int, seconds: float, source: random.Random) -> bool:
    """The screen in tmux; returns whether all is well in the end."""
    work, cache = Edits(folder, source), folder / "cache"
    expected = work.last()
    with Terminal(folder, 120, 40, {"ANIM_CACHE": str(cache)}) as terminal:
        terminal.run(*ANIM, "live", "film.anim")
        terminal.until(lambda screen: expected in screen and "▀▀▀▀" in screen)
        screen = psutil.Process(int(terminal.says("#{pane_pid}"))).children()[0]
        before: tuple[Held, Held] | None = None
        begun = time.monotonic()
        for number, pause in enumerate(pauses(edits, seconds, source)):
            did = work.edit()
            time.sleep(pause)
            if source.random() < 0.5:
                terminal.press(source.choice(KEYS))
            if not screen.is_running() or screen.status() == psutil.STATUS_ZOMBIE:
                print(f"the screen ended after edit {number}, {did}:\n{terminal.screen()}")
                return False
            if number == min(WARM, edits // 2):
                before = Held.by(screen), Held.by(painter_of(screen))
            if number % 50 == 49:
                print(f"{number + 1:>5} edits: {Held.by(screen)}; painter {Held.by(painter_of(screen))}")
        print(f"{edits} edits in {time.monotonic() - begun:.0f} s")
        expected = work.last()
        # wherever the keys have led: back to the start of all of it
        for key in ("1", "0", "Home"):
            terminal.press(key)
        saved = time.monotonic()
        terminal.until(lambda shown: f"{expected}" in shown and "nothing is wrong" in shown)
        print(f"the last one is on the screen after {time.monotonic() - saved:.2f} s")
        terminal.until(lambda shown: "older version" not in shown and "▒" not in shown)
        time.sleep(1.0)
        after = Held.by(screen), Held.by(painter_of(screen))
        terminal.press("q")
        terminal.until_left()
    return _judged(before, after, cache)


def _judged(before: tuple[Held, Held] | None, after: tuple[Held, Held], cache: Path) -> bool:
    good = True
    for name, was, now in zip(("screen", "painter"), before or after, after, strict=True):
        grew = was.grew(now, MORE_MIB[name])
        good = good and not grew
        print(f"{name:<8} {was} → {now}{'   GREW' if grew else ''}")
    for log in sorted((cache / "logs").glob("*.log")):
        if text := log.read_text("utf-8", "replace"):
            good = False
            print(f"{log.name} says:\n{text[-2000:]}")
    return good


async def inside(folder: Path, edits: int, seconds: float, source: random.Random) -> bool:
    """The screen in this process; returns whether every picture that it shows in the end is the right one."""
    from anim_studio.commands.live import _prepare_processes

    _prepare_processes()
    work = Edits(folder, source)
    work.last()
    app = _app(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await _until(lambda: app.good is not None and "cpu" in app.device)
        for pause in pauses(edits, seconds, source):
            work.edit()
            await pilot.pause(pause)
            if source.random() < 0.5:
                await pilot.press(_textual(source.choice(KEYS)))
            assert app.good is None or app.shown.version == app.good.number
        work.last()
        text = work.path.read_text("utf-8")
        await _until(lambda: app.version is app.good is not None and app.good.source.text == text)
        await pilot.press("escape", "home")
        while app.best.word != "draft":
            await pilot.press("t")
        await _until(lambda: _is_whole(app))
        keys = [app.shown.at(frame) for frame in range(app.shown.frames)]
    again = _app(folder)
    async with again.run_test(size=(120, 40)):
        await _until(lambda: _is_whole(again))
        wrong = [frame for frame, seen in enumerate(keys) if seen != again.shown.at(frame)]
    print(f"{len(keys)} frames, {len(wrong)} of them not as shown by a screen that is opened afterwards")
    return not wrong


def _is_whole(app: LiveApp) -> bool:
    from anim_studio.live.tier import Tier

    tiers, old = app.shown.tiers(Tier.DRAFT)
    return len(tiers) > 0 and bool((tiers == Tier.DRAFT).all()) and not old.any()


async def _until(holds: Callable[[], bool]) -> None:
    for _ in range(6000):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the screen did not come to that")


def _textual(key: str) -> str:
    names = {"S-Right": "shift+right", "+": "plus", "-": "minus", "!": "exclamation_mark"}
    return names.get(key, key.lower() if len(key) > 1 else key)


def _app(folder: Path) -> LiveApp:
    from anim_studio.cli.environment import Environment
    from anim_studio.commands.live import _services
    from anim_studio.tui.app import LiveApp
    from anim_studio.tui.state import Begin

    cache = folder / "cache"
    begin = Begin(folder / "film.anim", cache=cache, out=folder / "out", device="cpu", images="half")
    return LiveApp(begin, _services(begin, Environment(cache, 2**30, None), (), False))


def main() -> int:
    """Edits, and says what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inside", action="store_true")
    chosen = parser.parse_args()
    source = random.Random(chosen.seed)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with tempfile.TemporaryDirectory(prefix="anim-stress-") as folder:
        given = Path(folder), chosen.edits, chosen.seconds, source
        good = asyncio.run(inside(*given)) if chosen.inside else in_terminal(*given)
    print("all is well" if good else "NOT WELL")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
