"""The painting process: loads torch and the model once, then paints whatever version it was asked for last.

It ends when the pipe to the screen's process does. What it prints goes to a log, never to the terminal.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from anim_studio.live.paint.mailbox import Mailbox
from anim_studio.live.paint.messages import Ready, Told, Trouble
from anim_studio.live.paint.wishes import Wishes
from anim_studio.live.tier import Tier

if TYPE_CHECKING:
    from anim_runtime.preview.engines import Engines
    from anim_studio.live.paint.easel import Easel

LOOK_AGAIN = 0.5
"""Seconds between two looks for frames that another process has made."""

SOON = 0.05
"""The same while the model is being loaded."""

PATIENCE = 3
"""So many times it has nothing to do before it loads the model though nobody has asked for a picture."""

NICE = 5
"""How far the process gives way to the screen's."""


def main(pipe: Connection, cache: Path, device: str, log: Path) -> None:
    """The process. `device` is `auto`, `cpu`, `cuda` or `mps`."""
    _quietly(log)
    wishes = Wishes()
    threading.Thread(target=_listen, args=(pipe, wishes), daemon=True).start()
    sending = threading.Lock()

    def tell(told: Told) -> None:
        with suppress(OSError), sending:
            pipe.send(told)

    try:
        _paint(wishes, cache, device, Mailbox(tell))
    except Exception:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def log_of(cache: Path) -> Path:
    """Where the process writes what it has to say."""
    return cache / "logs" / "painter.log"


def _quietly(log: Path) -> None:
    """Standard input from nowhere, output and errors to the log; Ctrl-C is for the screen's process."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    except OSError:
        out = os.open(os.devnull, os.O_WRONLY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, place in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(number, place)
    sys.stdout = open(1, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(NICE)


def _listen(pipe: Connection, wishes: Wishes) -> None:
    try:
        while True:
            wishes.add(pipe.recv())
    except (EOFError, OSError):
        # the screen is gone: nobody is there for whom to finish anything
        os._exit(0)


def _paint(wishes: Wishes, cache: Path, device: str, tell: Mailbox) -> None:
    from anim_studio.cli.device import chosen_device
    from anim_studio.cli.exits import Stop

    try:
        where = chosen_device(device)
    except Stop as stop:
        tell(Trouble(0, Tier.CAMERA, stop.message, stop.hint))
        where = "cpu"
    from anim_runtime.heap import kept_heap
    from anim_studio.cli.environment import read_environment
    from anim_studio.live.paint.easel import Easel

    library = read_environment().models
    tell(Ready(where))
    easel = Easel(cache, where, tell, lambda: wishes.urgent, partial(_load_built_in, cache), library)
    with kept_heap():
        _Loop(easel, wishes, tell).run()


class _Loop:
    """Does one thing after the other, for as long as the process lives."""

    def __init__(self, easel: Easel, wishes: Wishes, mailbox: Mailbox) -> None:
        self._easel = easel
        self._wishes = wishes
        self._mailbox = mailbox
        self._rests = False
        self._idle = False
        self._looked = 0.0
        self._round = 0

    def run(self) -> None:
        """Never returns."""
        while True:
            self._hear()
            if time.monotonic() - self._looked > LOOK_AGAIN:
                self._looked = time.monotonic()
                self._easel.find()
            self._idle = self._rests or not self._worked()
            self._mailbox.send(at_once=self._idle)
            if self._idle and not self._rests:
                self._round += 1
                if self._round == PATIENCE:
                    self._easel.warm_up()

    def _hear(self) -> None:
        wait = SOON if self._easel.waits else LOOK_AGAIN
        news = self._wishes.take(wait if self._idle else 0.0)
        if news.rests is not None:
            self._rests = news.rests
        if news.paint is not None:
            self._easel.paint(news.paint)
        if news.look is not None:
            self._easel.look(news.look)

    def _worked(self) -> bool:
        from anim_studio.live.paint.easel import Interrupted

        try:
            return self._easel.step()
        except Interrupted:
            return True


def _load_built_in(cache: Path, engines: Engines) -> None:
    """Load the model that drafts are drawn with, on another thread."""
    from anim_compiler.plan import ModelRef
    from anim_runtime.diffusion.setup import Setup
    from anim_runtime.models.library import POSTCARD, MissingModel, digest, locate

    found = locate(POSTCARD)
    if not isinstance(found, MissingModel):
        engines.load_beside(Setup(ModelRef(reference=POSTCARD, sha256=digest(found, cache))), cache)
