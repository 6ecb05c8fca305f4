"""Questions and their answers: each begun in the moment in which it comes, and worked out on a thread."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from importlib import import_module
from typing import Any, Final, TypeAlias

from pygls.exceptions import JsonRpcContentModified, JsonRpcException

from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.checking import Checking, Wanted
from anim_studio.lsp.closed import analysed_file
from anim_studio.lsp.documents import Documents
from anim_studio.lsp.failures import Failures
from anim_studio.lsp.protocol import BEGINS
from anim_studio.lsp.refused import RefusedError
from anim_studio.lsp.table import COMMANDS, FEATURES, Feature
from anim_studio.lsp.threads import inherit

Begin: TypeAlias = Callable[..., Coroutine[Any, Any, Any]]
"""Takes what is asked at once, and gives the rest to be awaited. Any: each method has parameters and a result
of its own.
"""

#: threads that answer
_THREADS: Final = 2
#: seconds that a question waits for its document to be checked, before it takes one that was only parsed
_PATIENCE: Final = 0.15
#: so many questions may wait; then those of a text that was changed since are not answered any more
_MOST_WAITING: Final = 8
#: LSP 3.17: a request that is well formed and cannot be done
_REQUEST_FAILED: Final = -32803


class Answering:
    """Makes the handlers of the table's rows. Handlers are called, and awaited, on the server's loop."""

    def __init__(self, documents: Documents, checking: Checking, failures: Failures) -> None:
        self._documents = documents
        self._checking = checking
        self._failures = failures
        self._pool = ThreadPoolExecutor(_THREADS, "answering", inherit, (copy_context(),))
        self._waiting = 0

    def close(self) -> None:
        """Begins nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    # --- handlers ---

    def of_document(self, row: Feature) -> Begin:
        """The handler of a feature that is asked about a document."""

        def begin(params: Any) -> Coroutine[Any, Any, Any]:
            uri = params.text_document.uri
            return self._answer(row, params, uri, *self.ask(uri))

        return _begins(begin)

    def of_desk(self, row: Feature) -> Begin:
        """The handler of a feature without a document."""

        def begin(params: Any) -> Coroutine[Any, Any, Any]:
            return self._work(row.method, row.function, self._documents.desk, params)

        return _begins(begin)

    def of_command(self, function: str) -> Begin:
        """The handler of a command."""

        def begin(*arguments: Any) -> Coroutine[Any, Any, Any]:
            return self._work(function, function, self._documents.desk, *arguments)

        return _begins(begin)

    # --- documents ---

    def ask(self, uri: str) -> tuple[Wanted | None, Future[Analysed] | None]:
        """A document as it is now: what is wanted of it, and what will come of that; None if it is closed."""
        wanted = self._documents.wanted(uri)
        return wanted, None if wanted is None else self._checking.wait(wanted)

    async def analysed(
        self, uri: str, wanted: Wanted | None, future: Future[Analysed] | None, *, waits: str
    ) -> Analysed | None:
        """A document as it was when it was asked for; None if there is none. Raises JsonRpcContentModified if
        it `waits` long to be checked, and was changed before it was.
        """
        loop = asyncio.get_running_loop()
        if wanted is None or future is None:
            return await loop.run_in_executor(self._pool, analysed_file, uri, self._documents.desk)
        waiting = asyncio.wrap_future(future)
        if waits == "long":
            await asyncio.wait([waiting])
        elif waits == "briefly" or self._checking.latest(uri) is None:
            await asyncio.wait([waiting], timeout=_PATIENCE)
        if waiting.done() and not waiting.cancelled():
            return waiting.result()
        if waits == "long":
            raise JsonRpcContentModified("the film was changed meanwhile")
        return await loop.run_in_executor(self._pool, self._checking.quickly, wanted)

    # --- answers ---

    async def _answer(
        self, row: Feature, params: Any, uri: str, wanted: Wanted | None, future: Future[Analysed] | None
    ) -> Any:
        def refuse_late() -> None:
            many = self._waiting > _MOST_WAITING and row.waits != "long"
            if many and self._documents.wanted(uri) is not wanted:
                raise JsonRpcContentModified("the film was changed meanwhile")

        self._waiting += 1
        try:
            made = await self.analysed(uri, wanted, future, waits=row.waits)
            if made is None:
                return None
            return await self._work(row.method, row.function, made, params, before=refuse_late)
        finally:
            self._waiting -= 1

    async def _work(
        self, method: str, function: str, *arguments: Any, before: Callable[[], None] = lambda: None
    ) -> Any:
        """What a function of a feature gives, on a thread, where `before` has a say first. What goes wrong in
        it is an answer too.
        """
        loop = asyncio.get_running_loop()

        def work() -> Any:
            before()
            return load(function)(*arguments)

        try:
            return await loop.run_in_executor(self._pool, work)
        except RefusedError as refusal:
            raise JsonRpcException(str(refusal), _REQUEST_FAILED) from None
        except JsonRpcException:
            raise
        except Exception as error:  # a mistake of ours in one feature must not end the others
            log = self._failures.note(error, method)
            raise JsonRpcException(
                f"anim met something it did not expect; the details are in {log}"
            ) from None


def _begins(begin: Begin) -> Begin:
    setattr(begin, BEGINS, True)
    return begin


def warm() -> bool:
    """Imports what answers, before anybody asks."""
    for function in (*(row.function for row in FEATURES), *(row.function for row in COMMANDS)):
        load(function)
    # what is loaded now stays: the collector need not look at it again with every film that goes
    gc.freeze()
    return True


def load(function: str) -> Callable[..., Any]:
    """A function by `module:function` below `anim_studio.lsp.features`, imported when it is first asked."""
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(import_module(f"anim_studio.lsp.features.{module}"), name)
    return found
