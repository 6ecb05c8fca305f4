"""The painting process as the screen sees it: what it is asked, what it tells, and that it is there again
after it died.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from anim_studio.live.paint.messages import Asked, Look, Paint, Rest, Told, Trouble
from anim_studio.live.tier import Tier

AGAIN, WITHIN = 3, 60.0
"""So many times in so many seconds it is started; then it is left, until something is asked anew."""

GRACE = 2.0
"""Seconds that it has to end."""


class Painter:
    """A child process that paints. `told` hears what it tells, on a thread of its own, which it must not hold
    up. `device` is `auto`, `cpu`, `cuda` or `mps`.

    The process starts at once, loads torch and the model beside whatever else happens, and ends with this one
    however that ends. Killed, it is started again and asked the same.
    """

    def __init__(self, cache: Path, device: str, told: Callable[[Told], None]) -> None:
        self._cache = cache
        self._device = device
        self._told = told
        self._changed = threading.Condition()
        self._paint: Paint | None = None
        self._look: Look | None = None
        self._rests = False
        #: what is still to be sent, in order
        self._unsent: list[Asked] = []
        self._closed = False
        self._gave_up = False
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._starts: deque[float] = deque(maxlen=AGAIN + 1)
        self._keeper = threading.Thread(target=self._keep, name="anim-painter", daemon=True)
        self._sender = threading.Thread(target=self._send, name="anim-painter-asks", daemon=True)
        self._keeper.start()
        self._sender.start()

    @property
    def pid(self) -> int | None:
        """The process that paints now; None while there is none."""
        process = self._process
        return None if process is None else process.pid

    def ask(self, asked: Asked) -> None:
        """Ask for something; what was asked before and is not done yet gives way. Returns at once."""
        with self._changed:
            match asked:
                case Paint():
                    self._paint = asked
                case Look():
                    self._look = asked
            self._rests = isinstance(asked, Rest)
            # only the newest of a kind is of interest
            self._unsent = [old for old in self._unsent if type(old) is not type(asked)]
            self._unsent.append(asked)
            self._gave_up = False
            self._changed.notify_all()

    def close(self) -> None:
        """End the process."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        # the pipe is closed by the thread that reads it, which hears of the process's end
        while (process := self._process) is not None:
            process.terminate()
            process.join(GRACE)
            if process.is_alive():
                process.kill()
                process.join(GRACE)
            if process is self._process:
                break
        if threading.current_thread() is not self._keeper:
            self._keeper.join(GRACE)

    # --- the thread that keeps a process there, and listens to it ---

    def _keep(self) -> None:
        while not self._closed:
            now = time.monotonic()
            self._starts.append(now)
            if len(self._starts) > AGAIN and now - self._starts[0] < WITHIN:
                self._give_up(f"the process that paints ended {AGAIN} times in a minute")
                continue
            try:
                pipe = self._start()
            except (OSError, ValueError) as error:  # multiprocessing's helper is gone and cannot come back
                reason = getattr(error, "strerror", None) or error
                self._give_up(f"the process that paints cannot be started: {reason}")
                continue
            self._listen(pipe)
            with self._changed:
                self._pipe = None
            pipe.close()
            if self._process is not None and not self._closed:
                self._process.join(GRACE)

    def _start(self) -> Connection:
        from anim_studio.live.paint import process as painting

        context = multiprocessing.get_context("spawn")
        # the class that pipes have on Windows is typed apart from `Connection`, and does the same: hence Any
        ends: Any = context.Pipe()
        ours: Connection = ends[0]
        theirs: Connection = ends[1]
        log = painting.log_of(self._cache)
        process = context.Process(
            target=painting.main,
            args=(theirs, self._cache, self._device, log),
            name="anim painter",
            daemon=True,
        )
        with self._changed:
            if self._closed:
                theirs.close()
                return ours
            process.start()
            self._process = process
        # theirs must be open in no other process: its end is how each hears that the other is gone
        theirs.close()
        with self._changed:
            self._pipe = ours
            again: list[Asked] = [asked for asked in (self._look, self._paint) if asked is not None]
            self._unsent = [*again, Rest()] if self._rests else again
            self._changed.notify_all()
        return ours

    def _listen(self, pipe: Connection) -> None:
        while not self._closed:
            try:
                told = pipe.recv()
            except (EOFError, OSError):
                return
            self._told(told)

    def _give_up(self, message: str) -> None:
        from anim_studio.live.paint import process as painting

        self._process = None
        version = 0 if self._paint is None else self._paint.version
        hint = f"what it said last is in {painting.log_of(self._cache)}"
        self._told(Trouble(version, Tier.CAMERA, message, hint))
        with self._changed:
            self._gave_up = True
            self._changed.wait_for(lambda: self._closed or not self._gave_up)
            self._starts.clear()

    # --- the thread that asks: a process that starts takes a moment to listen ---

    def _send(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or (self._unsent and self._pipe is not None))
                if self._closed:
                    return
                asked, pipe = self._unsent.pop(0), self._pipe
            try:
                assert pipe is not None
                pipe.send(asked)
            except (OSError, TypeError):  # a pipe that is closed while it sends has no handle any more
                with self._changed:
                    if self._pipe is pipe:
                        self._pipe = None
