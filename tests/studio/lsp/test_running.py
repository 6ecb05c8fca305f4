"""The commands behind lenses: a process beside the server, its progress and its end."""

from __future__ import annotations

import sys
from pathlib import Path
from queue import Queue

import pytest
from lsprotocol import types

from anim_studio.lsp.desk import Desk
from anim_studio.lsp.features import running
from anim_studio.lsp.features.running import Job, start
from anim_studio.lsp.refused import RefusedError

RENDERS = """
import json
for event in (
    {"kind": "planned", "frames": 2},
    {"kind": "frame_started", "frame": 0},
    {"kind": "frame_done", "frame": 0},
    {"kind": "frame_done", "frame": 1},
    {"kind": "encoded", "path": "out/film.mp4"},
):
    print(json.dumps(event), flush=True)
print("no event")
"""
FAILS = "import sys; print('error: there is no scene `x`', file=sys.stderr); sys.exit(2)"


class Client:
    """What a client is told and asked."""

    def __init__(self, *, shows: bool = True) -> None:
        self.told: list[object] = []
        self.asked: list[object] = []
        self.asking: Queue[object] = Queue()
        support = types.ShowDocumentClientCapabilities(support=True) if shows else None
        window = types.WindowClientCapabilities(work_done_progress=shows, show_document=support)
        self.desk = Desk(
            client=types.ClientCapabilities(window=window),
            notify=lambda method, params: self.told.append(params),
            ask=self._ask,
        )

    def _ask(self, method: str, params: object) -> None:
        self.asked.append(params)
        self.asking.put(params)

    @property
    def messages(self) -> list[str]:
        """What it shows."""
        return [each.message for each in self.told if isinstance(each, types.ShowMessageParams)]

    @property
    def progress(self) -> list[object]:
        """What it shows of the progress."""
        return [each.value for each in self.told if isinstance(each, types.ProgressParams)]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.anim"
    path.write_text('prompt = "a"\nlength = 1s\n')
    return path


def _job(film: Path, script: str, action: str = "render") -> Job:
    return Job(action, film, "", (), program=(sys.executable, "-c", script))


def test_progress_is_told_frame_by_frame(film: Path) -> None:
    client = Client()
    start(client.desk, _job(film, RENDERS)).join()
    begin, *reports, end = client.progress
    assert isinstance(begin, types.WorkDoneProgressBegin)
    assert begin.title == "anim render film.anim"
    assert [
        (one.message, one.percentage) for one in reports if isinstance(one, types.WorkDoneProgressReport)
    ] == [
        ("1 of 2 frames", 50),
        ("2 of 2 frames", 100),
    ]
    assert isinstance(end, types.WorkDoneProgressEnd)
    assert client.messages == ["anim render film.anim: out/film.mp4"]
    (created,) = client.asked
    assert isinstance(created, types.WorkDoneProgressCreateParams)


def test_a_client_without_progress_hears_the_end(film: Path) -> None:
    client = Client(shows=False)
    start(client.desk, _job(film, RENDERS)).join()
    assert not client.progress
    assert not client.asked
    assert client.messages == ["anim render film.anim: out/film.mp4"]


def test_what_goes_wrong_is_told(film: Path) -> None:
    client = Client()
    start(client.desk, _job(film, FAILS)).join()
    assert client.messages == ["anim render film.anim: error: there is no scene `x`"]
    assert isinstance(client.progress[-1], types.WorkDoneProgressEnd)


def test_the_same_is_not_started_twice(film: Path) -> None:
    client = Client()
    forever = "import threading; threading.Event().wait()"
    waits = Job("render", film, "a", (), program=(sys.executable, "-c", forever))
    thread = start(client.desk, waits)
    try:
        with pytest.raises(RefusedError, match="runs already"):
            start(client.desk, waits)
    finally:
        running._RUNNING["render", str(film), "a"].kill()
        thread.join()


def test_a_job_is_stopped_by_its_progress(film: Path) -> None:
    client = Client()
    forever = "import threading; threading.Event().wait()"
    thread = start(client.desk, Job("render", film, "b", (), program=(sys.executable, "-c", forever)))
    created = client.asking.get(timeout=30)
    assert isinstance(created, types.WorkDoneProgressCreateParams)
    running.cancel(client.desk, types.WorkDoneProgressCancelParams(created.token))
    thread.join()
    assert client.messages == ["anim render film.anim (b): stopped"]
    assert isinstance(client.progress[-1], types.WorkDoneProgressEnd)
    running.cancel(client.desk, types.WorkDoneProgressCancelParams("another"))


def test_a_plot_is_drawn_and_shown(film: Path) -> None:
    film.write_text('prompt = "a"\nlength = 1s\ncamera 2d { zoom = 0s: 1, 1s: 2 }\n')
    client = Client()
    picture = film.with_name("curves.png")
    start(client.desk, Job("plot", film, "", ("-o", str(picture)), picture)).join()
    assert picture.read_bytes().startswith(b"\x89PNG")
    shown = client.asked[-1]
    assert isinstance(shown, types.ShowDocumentParams)
    assert shown.uri == picture.as_uri()
    assert shown.external


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "file:///no/such/film.anim", None, 3, {"scene": "a"}])
def test_only_a_film_that_is_a_file_is_run(uri: object) -> None:
    with pytest.raises(RefusedError):
        running.render_scene(Client().desk, uri)


def test_a_film_that_is_not_saved_is_not_run(film: Path) -> None:
    desk = Desk(texts={film: b"length = 2s\n"})
    with pytest.raises(RefusedError, match="save it first"):
        running.preview_scene(desk, film.as_uri(), "")


def test_the_process_is_ours_and_names_the_scene(film: Path) -> None:
    job = Job("render", film, "dusk", running._scene("dusk"))
    assert job.words[-3:] == ["render", str(film), "--scene=dusk"]
    assert job.words[:2] == [sys.executable, "-P"]
