"""A render in a process of its own: asked for, killed, gone on with, seen by who comes later."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from anim_runtime.locks import RunLock, holder_of
from anim_runtime.store import DEFAULT_CAP
from anim_studio.caching.holding import held
from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Stop
from anim_studio.renders import Renders, RenderState, Wanted, wanted
from anim_studio.renders.entry import queue_folder
from anim_studio.renders.turn import worker_lock

SLOW = """size = 192x192; fps = 24; length = 5s; model = "null"
prompt { 0s: "a" }
camera 2d { zoom = 1.02 per s }
diffuse { strength = 0.5 }
"""
SHORT = 'size = 64x64; fps = 4; length = 1s; model = "null"\nprompt { 0s: "a" }\n'

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[Environment]:
    yield (env := Environment(tmp_path / "cache", DEFAULT_CAP, False))
    for state in Renders(env.cache).list():
        if not state.is_over:
            Renders(env.cache).stop(state.id, at_once=True)


def ask(film: Path, environment: Environment) -> Wanted:
    return wanted(film, environment, device="cpu", out=film.parent / "out")


def until(renders: Renders, holds: Callable[[RenderState], bool]) -> RenderState:
    """The state of the only render once that holds."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        (state,) = renders.list()
        if holds(state):
            return state
        time.sleep(0.02)
    raise AssertionError(f"it came to {state}")


def test_killed_render_is_seen_as_stopped_and_goes_on(
    write_film: Callable[..., Path], environment: Environment
) -> None:
    film = write_film(SLOW)
    first = Renders(environment.cache)
    id = first.submit(ask(film, environment))
    # the film that was asked for is the one that renders
    film.write_text("this is no film", encoding="utf-8")
    running = until(first, lambda state: state.done >= 5)
    assert (running.life, running.doing, running.frames, running.id) == ("running", "frames", 120, id)
    assert running.rate is not None
    assert os.getsid(running.pid) != os.getsid(0)
    assert psutil.Process(running.pid).nice() > psutil.Process().nice()

    # the worker dies first, so that nobody is left to say how the render ended
    worker = holder_of(worker_lock(environment.cache, "cpu"))
    assert worker is not None
    os.kill(worker.pid, signal.SIGKILL)
    os.kill(running.pid, signal.SIGKILL)
    stopped = until(first, lambda state: state.is_over)
    assert stopped.life == "stopped"
    assert "its process is gone" in stopped.message
    assert stopped.done >= 5

    second = Renders(environment.cache)
    second.again(id)
    done = until(second, lambda state: state.is_over)
    assert (done.life, done.exit_code, done.done) == ("done", 0, 120)
    assert done.reused >= 5
    assert done.spent["diffuse"] > 0
    (output,) = done.outputs
    assert output.stat().st_size > 0
    # `anim cache` knows each file that a render leaves
    assert running.journal is not None
    kept = {thing.path.name for thing in held(environment.cache, ("runs", "queue"))}
    assert kept == {running.journal.parent.name, id}
    second.forget(id)
    assert second.list() == ()
    assert output.exists()


def test_two_are_rendered_in_turn_and_one_is_stopped_before(
    write_film: Callable[..., Path], environment: Environment
) -> None:
    # a torn plan is seen before anything heavy is loaded: here it is about whose turn it is
    renders = Renders(environment.cache)
    # nothing begins while another worker seems to be there
    with RunLock(worker_lock(environment.cache, "cpu")) as lock:
        assert lock.acquire() is None
        one = renders.submit(ask(write_film(SHORT, "one.anim"), environment))
        assert renders.submit(ask(write_film(SHORT, "one.anim"), environment)) == one
        two = renders.submit(ask(write_film(SHORT, "two.anim"), environment))
        assert [state.id for state in renders.list()] == [one, two]
        assert {state.life for state in renders.list()} == {"queued"}
        renders.stop(two)
        states = {state.id: state for state in renders.list()}
        assert (states[two].life, states[two].exit_code) == ("stopped", 143)
    renders.forget(two)
    (queue_folder(environment.cache) / one / "plan.json").write_text("{", encoding="utf-8")
    renders.wake()
    ended = until(renders, lambda state: state.is_over)
    assert (ended.id, ended.life, ended.exit_code) == (one, "failed", 2)
    assert ended.hint == "ask for the render again"
    with RunLock(worker_lock(environment.cache, "cpu")) as lock:
        # the worker goes when it finds nothing more
        deadline = time.monotonic() + 120
        while lock.acquire() is not None and time.monotonic() < deadline:
            time.sleep(0.02)
        anew = renders.submit(ask(write_film(SHORT, "one.anim"), environment))
        assert [(state.id, state.life) for state in renders.list()] == [(anew, "queued")]
        renders.stop(anew)


def test_film_with_errors_is_not_asked_for(write_film: Callable[..., Path], environment: Environment) -> None:
    film = write_film("size = 64")
    with pytest.raises(Stop, match="has errors"):
        ask(film, environment)
