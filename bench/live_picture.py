"""How many pictures a second reach the terminal: `python -m bench.live_picture [--cells 80x40] [--pictures
40]`.

Our widget against textual-image's half cells, in one run: a Textual app in a terminal of its own (a pty that
is read to its end), a new picture as soon as the last one was written, through Textual's whole path. The
pictures are 512×512, each a turn and a shift of the one before, so that every cell changes.
"""

from __future__ import annotations

import argparse
import os
import pty
import struct
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: pictures a second that scrubbing needs at 80 by 40 cells
WANTED = 15.0
#: times less work than textual-image's
FASTER = 2.0


def pictures(count: int, side: int = 512) -> list[NDArray[np.uint8]]:
    """Soft clouds with grain that drift, uint8 `[side,side,3]`."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[0:side, 0:side] / side
    found = []
    for number in range(count):
        turn = number / 9
        waves = [np.sin(7 * x * (c + 1) + turn) * np.cos(5 * y + turn * (c + 1)) for c in range(3)]
        grain = rng.normal(0, 6, (side, side, 3))
        found.append(np.clip(np.stack(waves, -1) * 90 + 128 + grain, 0, 255).astype(np.uint8))
    return found


def run(kind: str, cells: tuple[int, int], count: int) -> tuple[float, float]:
    """Seconds a picture by the clock and of the processor; runs in the terminal that it is started in."""
    from textual.app import App, ComposeResult

    shown = pictures(8)
    widget, put = _ours(cells) if kind == "ours" else _theirs(cells)

    class Shows(App[tuple[float, float]]):
        """Nothing but the picture."""

        def compose(self) -> ComposeResult:
            yield widget

        def on_mount(self) -> None:
            self.number, self.start, self.worked = 0, 0.0, 0.0
            self.call_after_refresh(self.following)

        def following(self) -> None:
            """The next picture, once the last one is on its way to the terminal."""
            if self.number == 5:  # the first ones warm up
                self.start, self.worked = time.perf_counter(), time.process_time()
            if self.number == count + 5:
                passed, worked = time.perf_counter() - self.start, time.process_time() - self.worked
                self.exit((passed / count, worked / count))
                return
            put(shown[self.number % len(shown)])
            self.number += 1
            self.call_after_refresh(self.following)

    return Shows().run() or (0.0, 0.0)


def _ours(cells: tuple[int, int]) -> tuple[Any, Callable[[NDArray[np.uint8]], None]]:
    from anim_studio.tui.picture.picture import Picture

    widget = Picture()
    widget.styles.width, widget.styles.height = cells
    return widget, lambda picture: setattr(widget, "picture", picture)


def _theirs(cells: tuple[int, int]) -> tuple[Any, Callable[[NDArray[np.uint8]], None]]:
    from PIL import Image
    from textual_image.widget import HalfcellImage

    widget = HalfcellImage(Image.fromarray(pictures(1)[0]))
    widget.styles.width, widget.styles.height = cells
    return widget, lambda picture: setattr(widget, "image", Image.fromarray(picture))


def in_terminal(kind: str, cells: tuple[int, int], count: int) -> tuple[float, float, int]:
    """Seconds a picture, of the processor too, and its bytes, in a process with a terminal of its own."""
    import fcntl
    import subprocess
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", cells[1] + 2, cells[0] + 4, 0, 0))
    result, told = os.pipe()
    call = [sys.executable, "-m", "bench.live_picture", "--run", kind, str(told)]
    call += ["--cells", f"{cells[0]}x{cells[1]}", "--pictures", str(count)]
    env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    with subprocess.Popen(call, stdin=slave, stdout=slave, stderr=slave, pass_fds=[told], env=env) as process:
        os.close(slave)
        os.close(told)
        read = [0]
        reader = threading.Thread(target=_drained, args=(master, read))
        reader.start()
        with os.fdopen(result) as file:
            passed, worked = map(float, file.read().split())
        process.wait()
        reader.join()
    os.close(master)
    return passed, worked, read[0] // (count + 5)


def _drained(master: int, read: list[int]) -> None:
    try:
        while data := os.read(master, 1 << 16):
            read[0] += len(data)
    except OSError:  # Linux: the other end was closed
        return


def main() -> int:
    """Prints both rates and their ratio; 1 if pictures are slower than they must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", default="80x40")
    parser.add_argument("--pictures", type=int, default=40)
    parser.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    width, height = map(int, args.cells.split("x"))
    if args.run:
        passed, worked = run(args.run[0], (width, height), args.pictures)
        os.write(int(args.run[1]), f"{passed} {worked}".encode())
        return 0
    print(f"{width}x{height} cells, {args.pictures} pictures of 512x512; Textual draws 60 times a second")
    found = {kind: in_terminal(kind, (width, height), args.pictures) for kind in ("ours", "textual-image")}
    for kind, (passed, worked, size) in found.items():
        print(
            f"  {kind:13} {1 / passed:6.1f} a second   {1000 * passed:6.1f} ms, of which "
            f"{1000 * worked:6.1f} ms work   {size / 1000:5.0f} kB"
        )
    ours, theirs = found["ours"], found["textual-image"]
    ratio = theirs[1] / ours[1]
    print(f"  {ratio:.1f} times less work")
    # by the work: the clock also counts what else the machine does
    good = 1 / ours[1] >= WANTED and ratio >= FASTER
    said = "ok" if good else "too slow"
    print(f"{said}: {WANTED:g} a second and {FASTER:g} times less work than textual-image are wanted")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
