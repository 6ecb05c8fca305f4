"""A real terminal: a tmux server of one's own with one window, to press keys in and to read."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue

SECONDS = 120.0
"""So long something is waited for, on a machine that does much else."""

ANIM = (sys.executable, "-m", "anim_studio")
"""`anim`, as a command."""

#: how often the screen is read while something is waited for
_AGAIN = 0.02
_PROMPT = "ready>"


class Terminal:
    """A shell in tmux, of `columns` by `rows` cells, started in `folder`. Close it, or use it with `with`."""

    def __init__(
        self,
        folder: Path,
        columns: int = 100,
        rows: int = 30,
        environment: Mapping[str, str] | None = None,
        locale: str = "C.UTF-8",
    ) -> None:
        # sockets have short names, folders of tests have long ones
        self._sockets = tempfile.mkdtemp(prefix="anim-tmux-")
        self.tmux = ("tmux", "-S", f"{self._sockets}/s", "-f", os.devnull)
        inside = {
            **os.environ,
            "LC_ALL": locale,
            "PS1": f"{_PROMPT} ",
            "TERM": "screen-256color",
            "COLORTERM": "truecolor",
            **(environment or {}),
        }
        inside.pop("NO_COLOR", None)
        inside.pop("TMUX", None)
        given = [f"{name}={value}" for name, value in (environment or {}).items()]
        size = ("-x", str(columns), "-y", str(rows))
        # the server takes its environment from the first who asks it
        self._control = subprocess.Popen(
            [*self.tmux, "-u", "-C", "new-session", *size, "-c", str(folder), "env", *given, "sh", "-i"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=inside,
        )
        self._answers: SimpleQueue[list[str] | None] = SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._answer()
        self.resize(columns, rows)
        self.until(lambda screen: _PROMPT in screen)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, *words: str) -> list[str]:
        """What tmux answers to a command, line by line. Raises `ConnectionError` when it has ended."""
        assert self._control.stdin is not None
        self._control.stdin.write(f"{shlex.join(words)}\n".encode())
        self._control.stdin.flush()
        return self._answer()

    def press(self, *keys: str) -> None:
        """Presses keys by tmux's names for them: `q`, `Space`, `Left`, `S-Right`, `C-c`."""
        self.ask("send-keys", *keys)

    def run(self, *words: str) -> None:
        """Types a command into the shell; a word may be one of the shell: `;`, `>`, `$?`."""
        line = " ".join(word if word in (";", ">", "&", "$?") else shlex.quote(word) for word in words)
        self.ask("send-keys", "-l", line)
        self.press("Enter")

    def screen(self, *, colours: bool = False) -> str:
        """What is on the screen now; with `colours` as escape sequences."""
        return "\n".join(self.ask("capture-pane", "-p", *(["-e"] if colours else [])))

    def says(self, form: str) -> str:
        """A format of tmux filled in: `#{alternate_on}`."""
        return self.ask("display-message", "-p", form)[0]

    def resize(self, columns: int, rows: int) -> None:
        """Gives the window another size."""
        self.ask("resize-window", "-x", str(columns), "-y", str(rows))

    def until(self, holds: Callable[[str], bool], seconds: float = SECONDS) -> str:
        """The screen once that holds of it. Raises `AssertionError` with the screen if it never does."""
        deadline = time.monotonic() + seconds
        while not holds(screen := self.screen()):
            if time.monotonic() > deadline:
                raise AssertionError(f"the screen did not come to that:\n{screen}")
            time.sleep(_AGAIN)
        return screen

    def until_left(self) -> str:
        """The screen once the shell asks for the next command."""
        return self.until(lambda screen: screen.rstrip().endswith(_PROMPT))

    def close(self) -> None:
        """Closes the window; what runs in it is hung up."""
        subprocess.run([*self.tmux, "kill-server"], stderr=subprocess.DEVNULL, check=False)
        self._control.wait()
        self._reader.join()
        for pipe in (self._control.stdin, self._control.stdout):
            if pipe is not None:
                pipe.close()
        shutil.rmtree(self._sockets, ignore_errors=True)

    def _answer(self) -> list[str]:
        try:
            answer = self._answers.get(timeout=SECONDS)
        except Empty:
            raise ConnectionError("tmux does not answer") from None
        if answer is None:
            raise ConnectionError("tmux has ended")
        return answer

    def _read(self) -> None:
        """Takes answers, which stand between `%begin` and `%end`, and leaves out what else is told."""
        assert self._control.stdout is not None
        answer: list[str] | None = None
        for data in self._control.stdout:
            line = data.decode("utf-8", "replace").rstrip("\r\n").removeprefix("\x1bP1000p")
            if line.startswith("%begin "):
                answer = []
            elif line.startswith(("%end ", "%error ")):
                self._answers.put(answer)
                answer = None
            elif answer is not None:
                answer.append(line)
        self._answers.put(None)
