"""The painting process: asked, killed, asked again by itself, and gone with the one that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from tests.studio.live.paint.painting import FILM, paint_of

from anim_studio.live.paint.messages import Look, Painted, Ready, Told, Trouble
from anim_studio.live.paint.painter import AGAIN, Painter
from anim_studio.live.paint.pictures import Pictures
from anim_studio.live.paint.process import log_of
from anim_studio.live.tier import Tier

DEADLINE = 120.0


class Ear:
    """What was told, for those who wait for it."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self._changed = threading.Condition()

    def __call__(self, told: Told) -> None:
        with self._changed:
            self.told.append(told)
            self._changed.notify_all()

    def wait(self, is_there: Callable[[list[Told]], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: is_there(self.told), DEADLINE), self.told

    def clear(self) -> None:
        with self._changed:
            self.told.clear()


def frames(told: list[Told]) -> set[int]:
    return {frame for one in told if isinstance(one, Painted) for frame in one.frames}


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def painter(tmp_path: Path, ear: Ear) -> Iterator[Painter]:
    made = Painter(tmp_path, "cpu", ear)
    yield made
    made.close()


def test_a_round_trip_and_a_kill(painter: Painter, ear: Ear, tmp_path: Path) -> None:
    # asked before the process listens
    painter.ask(Look(6, 0, 24))
    painter.ask(paint_of(FILM, tmp_path, Tier.CAMERA))
    ear.wait(lambda told: frames(told) == set(range(24)))
    assert ear.told[0] == Ready("cpu")
    painted = [told for told in ear.told if isinstance(told, Painted)]
    assert [frame for told in painted for frame in told.frames][:4] == [0, 6, 7, 8]
    pictures = Pictures(tmp_path)
    assert all(pictures.get(key) is not None for told in painted for key in told.keys)

    pid = painter.pid
    assert pid is not None
    ear.clear()
    os.kill(pid, signal.SIGKILL)
    # the next one is asked the same, and finds what the first one made
    ear.wait(lambda told: frames(told) == set(range(24)))
    assert painter.pid not in (None, pid)
    assert Ready("cpu") in ear.told

    process = psutil.Process(painter.pid)
    painter.close()
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    assert log_of(tmp_path).read_text() == ""


def test_one_that_ends_again_and_again_is_left_until_it_is_asked_anew(
    painter: Painter, ear: Ear, tmp_path: Path
) -> None:
    killed = set[int]()
    deadline = time.monotonic() + DEADLINE
    while not any(isinstance(told, Trouble) for told in ear.told):
        assert time.monotonic() < deadline, killed
        pid = painter.pid
        if pid is not None and pid not in killed:
            killed.add(pid)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)
    assert len(killed) == AGAIN
    (trouble,) = [told for told in ear.told if isinstance(told, Trouble)]
    assert trouble.message == f"the process that paints ended {AGAIN} times in a minute"
    assert str(log_of(tmp_path)) in trouble.hint
    painter.ask(Look(0, 0, 1))
    while painter.pid is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert painter.pid not in killed


def test_the_screens_process_loads_no_torch() -> None:
    paint = "painter process pictures messages mailbox wishes listing"
    names = ("compile.tier_film", *(f"paint.{name}" for name in paint.split()))
    loads = "".join(f"import anim_studio.live.{name}\n" for name in names)
    script = f"{loads}import sys\nprint([n for n in ('torch', 'cv2', 'PIL') if n in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


SCREEN = """
import sys, time
from pathlib import Path
from anim_studio.live.paint.painter import Painter

if __name__ == "__main__":
    painter = Painter(Path(sys.argv[1]), "cpu", lambda told: None)
    while painter.pid is None:
        time.sleep(0.01)
    print(painter.pid, flush=True)
    time.sleep(1000)
"""


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    script = tmp_path / "screen.py"
    script.write_text(SCREEN)
    with subprocess.Popen([sys.executable, str(script), str(tmp_path)], stdout=subprocess.PIPE) as screen:
        assert screen.stdout is not None
        painting = psutil.Process(int(screen.stdout.readline()))
        screen.kill()
    painting.wait(DEADLINE)
    assert not painting.is_running()
