"""The language server: documents, the threads that understand them, and the features that answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pygls.lsp.server import LanguageServer

from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit
from anim_studio.cli.trust import is_untrusted
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.answering import Answering, warm
from anim_studio.lsp.checking import Checking
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.documents import Documents
from anim_studio.lsp.evaluating import Evaluating
from anim_studio.lsp.failures import Failures
from anim_studio.lsp.lifecycle import look, register
from anim_studio.lsp.parent import when_gone
from anim_studio.lsp.protocol import Protocol
from anim_studio.lsp.publishing import Publishing
from anim_studio.lsp.table import COMMANDS, FEATURES

logger = logging.getLogger(__name__)

#: seconds that answers are waited for when the client goes
_ENDING: Final = 1.0
#: seconds between looks at the files on the disk
_LOOK: Final = 2.0


class FilmServer(LanguageServer):
    """Speaks with one client. Messages are handled on one loop, which never works: documents are checked on
    one thread, evaluated on another, and what is asked is answered on two more.
    """

    protocol: Protocol  # pyright: ignore[reportIncompatibleVariableOverride]  # pygls leaves it open

    def __init__(self, environment: Environment, home: Path, version: str) -> None:
        super().__init__("anim", version, protocol_cls=Protocol)
        self.environment = environment
        self.failures = Failures(environment.logs)
        self.checking = Checking(self._checked, self.failed)
        self.evaluating = Evaluating(self.checking, self._evaluated, self.failed)
        desk = Desk(cache=environment.cache, untrusted=is_untrusted(), notify=self.tell, ask=self.ask)
        self.documents = Documents(self.checking, desk, home)
        self.answering = Answering(self.documents, self.checking, self.failures)
        self.publishing = Publishing(self)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._finished: asyncio.Future[int] | None = None
        self._ending: asyncio.Future[None] | None = None
        self._register()

    # --- the loop ---

    async def finished(self, loop: asyncio.AbstractEventLoop) -> int:
        """Runs until the client, or its end, ends the server; the exit code."""
        self._loop, self._finished = loop, loop.create_future()
        return await self._finished

    def finish(self, code: int) -> None:
        """Ends the server; on the loop."""
        if self._finished is not None and not self._finished.done():
            self._finished.set_result(code)

    def wind_up(self, code: int) -> None:
        """Ends the server once everything is answered that was asked, or after a moment; on the loop."""
        self._ending = asyncio.ensure_future(self._wound_up(code))

    async def _wound_up(self, code: int) -> None:
        if pending := self.protocol.pending:
            await asyncio.wait(pending, timeout=_ENDING)
        self.finish(code)

    def soon(self, act: Callable[..., object], *arguments: object) -> None:
        """Calls something on the loop, from any thread."""
        # it may be closed while a thread is still at work
        with suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(act, *arguments)

    def close(self) -> None:
        """Ends the threads at their next step."""
        self.checking.close()
        self.evaluating.close()
        self.documents.desk.later.close()
        self.answering.close()

    # --- to the client ---

    def tell(self, method: str, params: object) -> None:
        """Sends a notification, from any thread."""
        self.soon(self.protocol.notify, method, params)

    def ask(self, method: str, params: object = None) -> None:
        """Sends a request whose answer nobody waits for, from any thread."""
        self.soon(self._ask, method, params)

    def _ask(self, method: str, params: object) -> None:
        # an answer that is an error is nothing to us; unread, it would be logged as one
        self.protocol.send_request(method, params).add_done_callback(lambda answer: answer.exception())

    def failed(self, error: Exception, about: str) -> None:
        """Notes a mistake of ours; from any thread."""
        self.failures.note(error, about)

    def report_server_error(self, error: Exception, source: object) -> None:
        """Notes what pygls met: it is in the log, and no window opens over the film."""
        logger.error("%s: %s", getattr(source, "__name__", source), error)

    # --- documents ---

    def _checked(self, made: Analysed) -> None:
        self.publishing.tell(made)
        self.evaluating.want(made)
        # so that the first question is not the one that waits for our own modules
        self.documents.desk.later.get("features", warm)

    def _evaluated(self, made: Analysed) -> None:
        self.publishing.refresh()

    def close_document(self, uri: str) -> None:
        """A document was closed: what was said of it is taken back."""
        if self.documents.closed(uri):
            self.evaluating.forget(uri)
            self.publishing.clear(uri)

    # --- features ---

    def _register(self) -> None:
        for row in FEATURES:
            make = self.answering.of_document if row.of == "document" else self.answering.of_desk
            self.feature(row.method, row.options)(make(row))
        for command in COMMANDS:
            self.command(command.name)(self.answering.of_command(command.function))
        register(self)

    # --- surroundings ---

    def watch_parent(self, pid: int) -> None:
        """Ends the server once the process that started it is gone."""
        when_gone(pid, lambda: self.soon(self.finish, Exit.DONE))

    def look_regularly(self) -> None:
        """Looks at the files on the disk again and again, for a client that does not watch them."""
        if self._loop is not None:
            self._loop.call_later(_LOOK, self._look)

    def _look(self) -> None:
        look(self)
        self.look_regularly()

    def furnish(self, **changes: Any) -> None:
        """The desk with something else on it; every document is checked again."""
        self.documents.furnish(replace(self.documents.desk, **changes))
