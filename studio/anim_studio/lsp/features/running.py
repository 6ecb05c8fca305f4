"""The commands behind code lenses, for clients without a terminal: a process beside the server renders,
previews or plots a film, and its progress is told.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from lsprotocol import types

from anim_dsl.visible import escaped
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.places import file_of
from anim_studio.lsp.refused import RefusedError

_NUMBERS = count(1)
_LOCK = Lock()
#: what runs now, by what it does: the same is not started twice
_RUNNING: dict[tuple[str, ...], subprocess.Popen[str]] = {}
#: the same by the token that the client has for its progress
_SHOWN: dict[int | str, subprocess.Popen[str]] = {}


def render_scene(desk: Desk, uri: object = None, scene: object = "", *_: object) -> None:
    """`anim.renderScene`: renders a scene of a film, or all of it."""
    film, part = _asked(desk, uri, scene)
    start(desk, Job("render", film, part, (*_scene(part), "--json")))


def preview_scene(desk: Desk, uri: object = None, scene: object = "", *_: object) -> None:
    """`anim.previewScene`: a short rough video of a scene of a film, or of all of it."""
    film, part = _asked(desk, uri, scene)
    start(desk, Job("preview", film, part, (*_scene(part), "--json")))


def plot_scene(desk: Desk, uri: object = None, scene: object = "", *_: object) -> None:
    """`anim.plotScene`: a picture of the film's curves, which the client is asked to show."""
    film, part = _asked(desk, uri, scene)
    picture = _plots(desk, film) / f"{film.stem}{f'-{part}' if part else ''}.png"
    start(desk, Job("plot", film, part, (*_scene(part), "-o", str(picture)), picture))


def cancel(desk: Desk, params: types.WorkDoneProgressCancelParams) -> None:
    """`window/workDoneProgress/cancel`: stops a job; a render goes on where it stood if begun again."""
    del desk
    with _LOCK:
        process = _SHOWN.pop(params.token, None)
    if process is not None:
        process.terminate()


def _plots(desk: Desk, film: Path) -> Path:
    """The folder of a film's plots, in the cache: each takes the place of the one before."""
    if desk.cache is None:
        return Path(tempfile.mkdtemp(prefix="anim-plot-"))
    folder = desk.cache / "plots" / sha256(str(film).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@dataclass(frozen=True, slots=True)
class Job:
    """A command of ours on a film: `render`, `preview` or `plot`; `picture` is what the last one makes."""

    action: str
    film: Path
    scene: str
    options: tuple[str, ...]
    picture: Path | None = None
    #: this Python, and no module of the film's folder
    program: tuple[str, ...] = (sys.executable, "-P", "-m", "anim_studio")

    @property
    def title(self) -> str:
        """What the client shows of it."""
        of = f" ({self.scene})" if self.scene else ""
        return f"anim {self.action} {escaped(self.film.name)}{of}"

    @property
    def words(self) -> list[str]:
        """The process that does it."""
        return [*self.program, self.action, str(self.film), *self.options]


def _asked(desk: Desk, uri: object, scene: object) -> tuple[Path, str]:
    """The film and the scene that a command is about. Raises RefusedError for what is none."""
    if isinstance(uri, Mapping):  # one object instead of two arguments
        told = uri
        uri, scene = told.get("uri"), told.get("scene", "")
    if not isinstance(uri, str) or not isinstance(scene, str | None):
        raise RefusedError("the command wants the film's URI and the name of a scene")
    film = file_of(uri)
    if film is None or not film.is_file():
        raise RefusedError("the film is no file yet: save it first")
    text = desk.texts.get(film)
    with contextlib.suppress(OSError):
        if text is not None and text != film.read_bytes().removeprefix(b"\xef\xbb\xbf"):
            raise RefusedError(f"`{escaped(film.name)}` has changes that are not saved: save it first")
    return film, scene or ""


def _scene(part: str) -> tuple[str, ...]:
    return (f"--scene={part}",) if part else ()


def start(desk: Desk, job: Job) -> Thread:
    """Starts a job and follows it on a thread. Raises RefusedError if the same one runs already."""
    key, token = (job.action, str(job.film), job.scene), f"anim-{next(_NUMBERS)}"
    with _LOCK:
        running = _RUNNING.get(key)
        if running is not None and running.poll() is None:
            raise RefusedError(f"`{job.title}` runs already")
        _RUNNING[key] = _SHOWN[token] = process = subprocess.Popen(
            job.words,
            cwd=job.film.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
    thread = Thread(target=_follow, args=(desk, job, process, token), name=job.title, daemon=True)
    thread.start()
    return thread


def _follow(desk: Desk, job: Job, process: subprocess.Popen[str], token: str) -> None:
    """Tells of a process as long as it runs, and how it ended."""
    said: list[str] = []
    complaints = Thread(target=lambda: said.extend(process.stderr or ()), daemon=True)
    complaints.start()
    with contextlib.closing(Progress(desk, job.title, token)) as progress:
        made = ""
        for event in _events(process):
            made = event.get("path", "") if event.get("kind") == "encoded" else made
            progress.heard(event)
        code = process.wait()
        complaints.join(5.0)
    with _LOCK:
        is_stopped = _SHOWN.pop(token, None) is None
    if is_stopped:
        told = f"{job.title}: stopped"
        desk.notify(types.WINDOW_SHOW_MESSAGE, types.ShowMessageParams(types.MessageType.Info, told))
        return
    _tell(desk, job, code, made, "".join(said))


@atexit.register
def _end() -> None:
    """Nothing that was started goes on without the server: nobody would hear of it."""
    for process in _RUNNING.values():
        if process.poll() is None:
            process.terminate()


def _events(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    """The events that a process writes, one JSON object a line (Any: whatever is in them)."""
    for line in process.stdout or ():
        with contextlib.suppress(ValueError):
            event = json.loads(line)
            if isinstance(event, dict):
                yield event


def _tell(desk: Desk, job: Job, code: int, made: str, said: str) -> None:
    if code:
        lines = [line for line in said.splitlines() if line.strip()]
        why = escaped(lines[0]) if lines else f"it ended with code {code}"
        desk.notify(
            types.WINDOW_SHOW_MESSAGE,
            types.ShowMessageParams(types.MessageType.Error, f"{job.title}: {why}"),
        )
        return
    if job.picture is not None and _shows_documents(desk):
        desk.ask(
            types.WINDOW_SHOW_DOCUMENT,
            types.ShowDocumentParams(job.picture.as_uri(), external=True, take_focus=False),
        )
        return
    where = str(job.picture) if job.picture is not None else made
    told = f"{job.title}: {escaped(where)}" if where else f"{job.title}: done"
    desk.notify(types.WINDOW_SHOW_MESSAGE, types.ShowMessageParams(types.MessageType.Info, told))


def _shows_documents(desk: Desk) -> bool:
    window = desk.client.window
    return bool(window is not None and window.show_document is not None and window.show_document.support)


class Progress:
    """A job's progress as the client shows it (`$/progress`); nothing for one that shows none."""

    def __init__(self, desk: Desk, title: str, token: str) -> None:
        window = desk.client.window
        self._desk = desk
        self._shown = bool(window is not None and window.work_done_progress)
        self._token = token
        self._frames = self._done = 0
        if self._shown:
            desk.ask(types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(self._token))
            self._send(types.WorkDoneProgressBegin(title, cancellable=True, percentage=0))

    def heard(self, event: dict[str, Any]) -> None:
        """An event of the process (Any: whatever is in it)."""
        match event.get("kind"):
            case "planned" if isinstance(event.get("frames"), int):
                self._frames = event["frames"]
            case "frame_done" if self._frames:
                self._done = min(self._done + 1, self._frames)
                share = 100 * self._done // self._frames
                self._send(
                    types.WorkDoneProgressReport(
                        message=f"{self._done} of {self._frames} frames", percentage=share
                    )
                )
            case _:
                return

    def close(self) -> None:
        """Nothing more comes."""
        self._send(types.WorkDoneProgressEnd())

    def _send(
        self,
        value: types.WorkDoneProgressBegin | types.WorkDoneProgressReport | types.WorkDoneProgressEnd,
    ) -> None:
        if self._shown:
            self._desk.notify(types.PROGRESS, types.ProgressParams(self._token, value))
