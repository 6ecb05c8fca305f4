"""Compiling in the background: each change of a film becomes a version and its plans."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Condition, Thread

from anim_compiler.stamps import Digests, Stamp
from anim_dsl.diagnostic import has_errors
from anim_studio.cli.crash import explain, write_log
from anim_studio.cli.exits import Stop
from anim_studio.live.compile.compiled import Compiled, Fault, Gone, Listening, Settled
from anim_studio.live.compile.warm import Checked, WarmFilm, together
from anim_studio.live.paint.messages import Trouble
from anim_studio.live.tier import Tier
from anim_studio.live.version import Choice, Version

#: what a version was made from, by path, with the stamps from before it was read
Follow = Callable[[Mapping[Path, Stamp | None]], None]


class Superseded(Exception):
    """Something newer is there to be made."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be made: the how-manieth, by which choice, and when it was heard of."""

    number: int
    choice: Choice
    heard: float


def _nothing_held() -> Mapping[Path, bytes]:
    return {}


class Compiling:
    """A thread that makes versions and plans of one film, and tells each as soon as it is there.

    The newest change wins: what an older one still lacks is dropped at the next step (checked, curves, a plan
    of each tier). Nothing that goes wrong ends the thread: mistakes of the film are told as diagnostics of
    the version, a model that is not here as `Trouble` of its tier, a film that cannot be read as `Gone`, and
    what nobody thought of as `Fault`.

    `told` and `follow` are called from that thread. `texts` gives the content of files as it counts now.
    """

    def __init__(
        self,
        path: Path,
        cache: Path,
        told: Callable[[Compiled], None],
        *,
        choice: Choice | None = None,
        given: Sequence[str] = (),
        follow: Follow | None = None,
        texts: Callable[[], Mapping[Path, bytes]] = _nothing_held,
        digests: Digests | None = None,
    ) -> None:
        self._warm = WarmFilm(path, cache, tuple(given), digests or Digests())
        self._told = told
        self._follow = follow
        self._texts = texts
        self._choice = choice or Choice()
        self._news = Condition()
        self._number = 0
        self._wanted: _Wanted | None = None
        self._closing = False
        self._thread = Thread(target=self._run, name="compiling", daemon=True)

    def start(self) -> None:
        """Makes the first version, and from then on one for each change."""
        self.changed()
        self._thread.start()

    def choose(self, choice: Choice) -> None:
        """Makes the film by another variant or seed."""
        with self._news:
            self._choice = choice
        self.changed()

    def changed(self) -> None:
        """Makes the film anew, because one of its files has changed."""
        with self._news:
            self._number += 1
            self._wanted = _Wanted(self._number, self._choice, time.monotonic())
            self._news.notify()

    def close(self) -> None:
        """Ends the thread at its next step, for which it is waited for a moment."""
        with self._news:
            self._closing = True
            self._news.notify()
        if self._thread.is_alive():
            # a song may just be analysed for the first time, and nobody is left to hear of it
            self._thread.join(2.0)

    # --- in the thread ---

    def _run(self) -> None:
        while (wanted := self._next()) is not None:
            try:
                self._make(wanted)
            except Superseded:
                continue
            except Exception as error:  # whatever it is, the next save may not meet it
                # and whoever listens may have gone
                with suppress(Exception):
                    self._tell_fault(wanted, error)

    def _next(self) -> _Wanted | None:
        with self._news:
            self._news.wait_for(lambda: self._closing or self._wanted is not None)
            wanted, self._wanted = self._wanted, None
            return None if self._closing else wanted

    def _step(self) -> None:
        """Between two steps of the work."""
        if self._closing or self._wanted is not None:
            raise Superseded

    def _make(self, wanted: _Wanted) -> None:
        try:
            checked = self._warm.checked(wanted.choice, self._texts())
        except Stop as stop:
            self._tell_gone(stop)
            return
        if self._follow is not None:
            self._follow(self._warm.read(checked))
        self._step()
        version = self._versions(checked, wanted)
        if version.good is not None:
            version = self._plans(version)
        self._told(Settled(version.number))

    def _versions(self, checked: Checked, wanted: _Wanted) -> Version:
        """The version with its curves, told as soon as those that the film writes are there."""
        unknown = () if checked.film is None else self._warm.numbers.unknown(checked.film)
        if unknown:
            self._told(Listening(wanted.number, unknown))
            self._told(self._warm.version(checked, wanted.number, wanted.heard, silent=True))
            self._step()
        version = self._warm.version(checked, wanted.number, wanted.heard, silent=False)
        self._told(version)
        return version

    def _plans(self, version: Version) -> Version:
        """The plans of every tier; the version with what they showed to be wrong."""
        for tier in (Tier.CAMERA, Tier.DRAFT, Tier.FINAL):
            self._step()
            try:
                plan, found = self._warm.plan(version, tier)
            except Stop as stop:
                self._told(Trouble(version.number, tier, stop.message, stop.hint))
                continue
            diagnostics = together(version.diagnostics, found)
            if diagnostics != version.diagnostics:
                good = None if has_errors(diagnostics) else version.good
                version = replace(version, diagnostics=diagnostics, good=good)
                self._told(version)
            if version.good is None:
                break
            if plan is not None:
                self._told(plan)
        return version

    def _tell_gone(self, stop: Stop) -> None:
        path = self._warm.path
        hint = stop.hint if path.exists() else "it is shown as soon as it is there"
        self._told(Gone(path, stop.message, hint))

    def _tell_fault(self, wanted: _Wanted, error: Exception) -> None:
        known = explain(error)
        if known is not None:
            self._tell_gone(known)
            return
        log = write_log(error, self._warm.cache / "logs", ["anim", "live", self._warm.path.name])
        self._told(Fault(wanted.number, f"this version cannot be shown: {type(error).__name__}", log))
