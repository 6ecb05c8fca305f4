"""`anim live` in a real terminal: a shell script saves the film as editors do, and the screen follows."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.studio.live.films import write_picture
from tests.studio.tui.terminal import ANIM, SECONDS, Terminal

FILM = """\
size = 64x64; fps = 8; length = 2s; seed = 3; model = "null"
image still = "still.png"
init = still
prompt = "a quiet lake"
camera 2d { zoom = 0s: 1.25, 2s: 1.5 }
diffuse { strength = 0.5; steps = 4 }
"""

#: `save.sh HOW OLD NEW` puts NEW for OLD in the film, as an editor or tool would
SAVE = r"""
set -eu
film=film.anim
case $1 in
vim) vim -es -u NONE -i NONE -c 'set nocompatible backupcopy=no' -c "%s/$2/$3/" -c wq $film </dev/null ;;
vim-by-hand)
  # what vim does without being here: the old file is renamed, a new one is written, the old one is deleted
  mv $film $film~
  sed "s/$2/$3/" $film~ > $film
  rm $film~ ;;
vscode)
  # written beside, then given the name
  sed "s/$2/$3/" $film > .$film.tmp
  mv .$film.tmp $film ;;
in-place)
  # emptied, and written in two steps
  new=$(sed "s/$2/$3/" $film; echo .)
  : > $film
  printf %s "${new%??}" | head -c 40 >> $film
  printf '%s\n' "${new%??}" | tail -c +41 >> $film ;;
sed) sed -i "s/$2/$3/" $film ;;
esac
"""

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX"),
    pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux, the terminal of these tests"),
]

#: what tmux knows of a program that has the whole screen: its own page, no cursor, the mouse
MODES = "#{alternate_on} #{cursor_flag} #{mouse_any_flag}"
TAKEN, FREE = "1 0 1", "0 1 0"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a film, its still, and a script that edits the film."""
    (tmp_path / "film.anim").write_text(FILM, "utf-8")
    (tmp_path / "save.sh").write_text(SAVE, "utf-8")
    write_picture(tmp_path / "still.png", grey=200)
    return tmp_path


@pytest.fixture
def terminal(folder: Path) -> Iterator[Terminal]:
    """A shell in that folder."""
    with Terminal(folder, environment={"ANIM_CACHE": str(folder / "cache")}) as terminal:
        yield terminal


def start(terminal: Terminal) -> psutil.Process:
    """Starts `anim live`; returns its process once its curves are on the screen."""
    terminal.run("clear")
    terminal.run(*ANIM, "live", "film.anim", ";", "echo", "left", "with", "$?")
    terminal.until(lambda screen: "1.25" in screen and "16 frames" in screen)
    (process,) = psutil.Process(int(terminal.says("#{pane_pid}"))).children()
    return process


def left(terminal: Terminal) -> int:
    """The exit code, once the shell is there again."""
    screen = terminal.until(lambda screen: re.search(r"left with \d+\n", screen) is not None)
    return int(re.findall(r"left with (\d+)\n", screen)[-1])


def save(folder: Path, how: str, old: str, new: str) -> None:
    """Runs the shell script, which must change the film."""
    before = (folder / "film.anim").read_bytes()
    subprocess.run(["sh", "save.sh", how, old, new], cwd=folder, check=True)
    assert (folder / "film.anim").read_bytes() != before


def grey(terminal: Terminal) -> float:
    """The mean colour of the picture on the screen, 0 to 255; -1 where there is none."""
    cells = [
        line.split("│")[0]
        for line in terminal.screen(colours=True).splitlines()[1:20]
        if line.count(";2;") > 20  # a row of the picture has a colour or two a cell
    ]
    shades = [int(shade) for shade in re.findall(r"[34]8;2;(\d+);\d+;\d+m", "".join(cells))]
    return sum(shades) / len(shades) if shades else -1.0


def test_the_screen_follows_every_way_of_saving(folder: Path, terminal: Terminal) -> None:
    start(terminal)
    value = 125
    for how in ("vim" if shutil.which("vim") else "vim-by-hand", "vim-by-hand", "vscode", "in-place", "sed"):
        save(folder, how, f"{value / 100}", f"{value / 100 + 0.1:g}")
        value += 10
        terminal.until(lambda screen: f"{value / 100:g}" in screen and "mistake" not in screen)  # noqa: B023

    save(folder, "sed", "zoom =", "zom =")
    broken = terminal.until(lambda screen: "1 mistake, the last good version is shown" in screen)
    broken = terminal.until(lambda screen: "did you mean `zoom`?" in screen)
    assert "film.anim:5:13" in broken
    assert "zom = 0s: 1.75" in broken
    assert re.search(r"zoom +◇ 1.75", broken), "the timeline of the last good version stays"
    save(folder, "vscode", "zom =", "zoom =")
    terminal.until(lambda screen: "nothing is wrong" in screen and "mistake" not in screen)

    # the picture, and a picture that the film reads
    terminal.until(lambda _: abs(grey(terminal) - 200) < 30)
    write_picture(folder / "still.png", grey=90)
    terminal.until(lambda _: abs(grey(terminal) - 90) < 30)
    (folder / "still.png").unlink()
    terminal.until(lambda screen: "1 mistake" in screen and "still.png" in screen)
    write_picture(folder / "still.png", grey=90)
    terminal.until(lambda screen: "nothing is wrong" in screen)
    assert abs(grey(terminal) - 90) < 30


def test_the_terminal_is_left_as_it_was(folder: Path, terminal: Terminal) -> None:
    terminal.run("stty", "-g", ">", "before")
    start(terminal)
    assert terminal.says(MODES) == TAKEN
    for size in ((20, 5), (3, 2), (160, 50), (100, 30)):
        terminal.resize(*size)
        terminal.until(lambda screen: "film" in screen or terminal.says("#{pane_height}") == "2")
    terminal.until(lambda screen: "16 frames" in screen and "help" in screen)

    terminal.press("C-z")
    terminal.until(lambda screen: "Stopped" in screen)
    assert terminal.says(MODES) == FREE
    terminal.run("fg")
    terminal.until(lambda screen: "16 frames" in screen and "help" in screen and "Stopped" not in screen)
    assert terminal.says(MODES) == TAKEN

    terminal.press("q")
    terminal.until_left()
    assert terminal.says(MODES) == FREE
    terminal.run("stty", "-g", ">", "after")
    before, after = folder / "before", folder / "after"
    terminal.until(lambda _: after.exists() and after.read_text().endswith("\n"))
    assert after.read_text() == before.read_text()


def test_a_size_that_goes_and_comes_back_at_once_is_drawn_anew(terminal: Terminal) -> None:
    start(terminal)
    for _ in range(3):
        terminal.resize(30, 8)
        # the app may hear of both at once, as of no change; the terminal has lost what stood there
        terminal.resize(100, 30)
        terminal.until(lambda screen: "16 frames" in screen and "help" in screen)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 143)])
def test_a_signal_leaves_the_terminal_as_it_was(
    terminal: Terminal, number: signal.Signals, code: int
) -> None:
    process = start(terminal)
    process.send_signal(number)
    assert left(terminal) == code
    assert terminal.says(MODES) == FREE


def test_going_on_without_having_stopped_changes_nothing(folder: Path, terminal: Terminal) -> None:
    process = start(terminal)
    process.send_signal(signal.SIGCONT)
    terminal.press("Right")
    terminal.until(lambda screen: "frame 1 " in screen)
    terminal.press("q")
    assert left(terminal) == 0
    # a terminal that was set up twice would not take this line
    terminal.run("touch", "taken")
    terminal.until(lambda _: (folder / "taken").exists(), 20)


def test_nothing_stays_behind_a_closed_window(terminal: Terminal) -> None:
    process = start(terminal)
    processes = [process, *process.children(recursive=True)]
    assert len(processes) > 1, "the painter is there"
    terminal.press("Space")
    terminal.close()
    assert psutil.wait_procs(processes, SECONDS)[1] == []


def test_a_killed_screen_takes_the_painter_with_it(folder: Path, terminal: Terminal) -> None:
    process = start(terminal)
    children = process.children(recursive=True)
    process.kill()
    assert psutil.wait_procs(children, SECONDS)[1] == []
    assert not list((folder / "cache").glob("logs/crash-*"))
