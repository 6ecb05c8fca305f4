"""Checking on a thread: the newest text of each document wins, and what is out of date is dropped."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Condition
from typing import TYPE_CHECKING

from anim_compiler.stamps import Digests, stamp
from anim_dsl.incremental import Parsed
from anim_dsl.source import Source
from anim_studio.lsp.analysed import Analysed, analyse
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.threads import thread

if TYPE_CHECKING:
    from anim_studio.live.version import Good


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A text that is to be checked, and all that it is checked with; `number` counts what was wanted of the
    server so far.
    """

    number: int
    uri: str
    path: Path
    version: int
    text: str
    desk: Desk


@dataclass(slots=True, eq=False)
class _Known:
    """What there is of one document: what is wanted of it, its text in pieces, and what it was understood
    as.
    """

    newest: Wanted
    parsed: Parsed | None = None
    latest: Analysed | None = None
    number: int = -1
    waiting: list[tuple[Wanted, Future[Analysed]]] = field(default_factory=list)
    #: what was only parsed, for whoever could not wait
    quick: tuple[Wanted, Analysed] | None = None


class Checking:
    """A thread that checks documents one after the other, the one that was changed last first.

    `told` is called from the thread with every version that is still the newest once it is understood, and
    `failed` with what we did not expect, which ends nothing.
    """

    def __init__(self, told: Callable[[Analysed], None], failed: Callable[[Exception, str], None]) -> None:
        self._told = told
        self._failed = failed
        self._news = Condition()
        self._wanted: OrderedDict[str, Wanted] = OrderedDict()
        self._known: dict[str, _Known] = {}
        self._digests = Digests()
        self._closing = False
        thread("checking", self._run, copy_context()).start()

    def want(self, wanted: Wanted, *, is_first: bool = True) -> None:
        """Checks a text before all others that wait, or behind them."""
        with self._news:
            known = self._known.get(wanted.uri)
            if known is None:
                self._known[wanted.uri] = _Known(wanted)
            else:
                known.newest = wanted
            self._wanted[wanted.uri] = wanted
            self._wanted.move_to_end(wanted.uri, last=not is_first)
            self._news.notify_all()

    def forget(self, uri: str) -> None:
        """A document was closed: nothing more is told of it."""
        with self._news:
            self._wanted.pop(uri, None)
            known = self._known.pop(uri, None)
        for _, future in known.waiting if known is not None else ():
            future.cancel()

    def close(self) -> None:
        """Ends the thread at its next step."""
        with self._news:
            self._closing = True
            self._wanted.clear()
            self._news.notify_all()

    # --- what there is ---

    def wait(self, wanted: Wanted) -> Future[Analysed]:
        """The analysis of a text that was wanted; cancelled if it is overtaken or closed before."""
        future: Future[Analysed] = Future()
        with self._news:
            known = self._known.get(wanted.uri)
            if known is None or known.number > wanted.number:
                future.cancel()
            elif known.latest is not None and known.number == wanted.number:
                future.set_result(known.latest)
            else:
                known.waiting.append((wanted, future))
        return future

    def quickly(self, wanted: Wanted) -> Analysed:
        """A text that was only parsed, with what is known of the document from before; in any thread."""
        with self._news:
            known = self._known.get(wanted.uri)
            parsed, latest = (known.parsed, known.latest) if known is not None else (None, None)
            if known is not None and known.quick is not None and known.quick[0] is wanted:
                return known.quick[1]
        made = _analysed(wanted, _parsed(wanted, parsed), latest, self._digests, checks=False)
        if known is not None:
            known.quick = wanted, made
        return made

    def latest(self, uri: str) -> Analysed | None:
        """The newest version that was understood."""
        with self._news:
            known = self._known.get(uri)
            return None if known is None else known.latest

    def learn(self, made: Analysed, good: Good | None, unheard: tuple[str, ...]) -> bool:
        """Adds a version's numbers to what is known of its document; whether it is that version still."""
        with self._news:
            known = self._known.get(made.uri)
            if known is None or known.latest is None:
                return False
            known.latest = replace(
                known.latest, good=known.latest.good if good is None else good, unheard=unheard
            )
            return known.latest.version == made.version

    def readers(self, paths: Collection[Path]) -> tuple[str, ...]:
        """The documents that were made from any of these files, there or not, and those that are being made:
        nobody knows yet what they read.
        """
        with self._news:
            return tuple(uri for uri, known in self._known.items() if _reads(known, paths))

    def outdated(self) -> tuple[str, ...]:
        """The documents of which a file on the disk is not what it was when it was read."""
        with self._news:
            made = [known.latest for known in self._known.values() if known.latest is not None]
        return tuple(
            each.uri
            for each in made
            if any(stamp(path) != before for path, before in list(each.world.seen.items()))
        )

    # --- in the thread ---

    def _run(self) -> None:
        while (wanted := self._next()) is not None:
            self._tell(wanted, self._make(wanted))

    def _next(self) -> Wanted | None:
        with self._news:
            self._news.wait_for(lambda: self._closing or self._wanted)
            return None if self._closing else self._wanted.popitem(last=False)[1]

    def _make(self, wanted: Wanted) -> Analysed | None:
        with self._news:
            known = self._known.get(wanted.uri)
        if known is None:
            return None
        try:
            known.parsed = _parsed(wanted, known.parsed)
            return _analysed(wanted, known.parsed, known.latest, self._digests)
        except Exception as error:  # a mistake of ours in one film must not end the server
            self._failed(error, wanted.uri)
            known.parsed = None
        return self._unchecked(wanted)

    def _unchecked(self, wanted: Wanted) -> Analysed | None:
        """What is left of a text that could not be checked."""
        try:
            return self.quickly(wanted)
        except Exception as error:  # nor parsed
            self._failed(error, wanted.uri)
            return None

    def _tell(self, wanted: Wanted, made: Analysed | None) -> None:
        with self._news:
            known = self._known.get(wanted.uri)
            if known is None:
                return
            is_newest = known.newest is wanted
            if made is not None:
                # numbers that came meanwhile are kept
                before = known.latest
                made = made if before is None else replace(made, good=before.good, unheard=before.unheard)
                known.latest, known.number = made, wanted.number
            ready = [row for row in known.waiting if row[0].number <= wanted.number]
            known.waiting = [row for row in known.waiting if row[0].number > wanted.number]
        if is_newest and made is not None:
            self._say(made)
        for asked, future in ready:
            # one that was cancelled by its client takes no answer
            if asked is wanted and made is not None and future.set_running_or_notify_cancel():
                future.set_result(made)
            else:
                future.cancel()

    def _say(self, made: Analysed) -> None:
        try:
            self._told(made)
        except Exception as error:  # whoever listens must not end the thread
            self._failed(error, made.uri)


def _reads(known: _Known, paths: Collection[Path]) -> bool:
    if known.latest is None or known.number != known.newest.number:
        return True
    return not known.latest.world.seen.keys().isdisjoint(paths)


def _parsed(wanted: Wanted, before: Parsed | None) -> Parsed:
    source = Source(wanted.path.name, wanted.text)
    if before is None or before.source.name != source.name:
        return Parsed.of(source)
    return before if before.source.text == source.text else before.edited(source)


def _analysed(
    wanted: Wanted, parsed: Parsed, before: Analysed | None, digests: Digests, *, checks: bool = True
) -> Analysed:
    return analyse(
        wanted.uri,
        wanted.path,
        wanted.version,
        parsed,
        desk=wanted.desk,
        before=before,
        digests=digests,
        checks=checks,
    )
