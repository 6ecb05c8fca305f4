"""The protocol as pygls speaks it, but for what is our own: texts, the order of things, and how it ends."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidRequest,
    JsonRpcParseError,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol, lsp_method

if TYPE_CHECKING:
    from anim_studio.lsp.server import FilmServer

logger = logging.getLogger(__name__)

#: on a function that is called at once, and gives a coroutine for the rest
BEGINS: Final = "begins"


class Protocol(LanguageServerProtocol):
    """Differs from pygls in that

    - documents are kept by `documents.Documents` and not by its workspace, whose lines end where LSP's do
      not (U+2028, form feeds), and which reads positions beyond a line as within it;
    - a request is begun in the moment in which it comes, so that it sees the text as it was then;
    - a message that cannot be read is answered, and the next one is read;
    - `exit` ends the loop with a code, instead of raising SystemExit within it.
    """

    _server: FilmServer  # pyright: ignore[reportIncompatibleVariableOverride]  # it is ours

    # --- what comes in ---

    def take(self, body: bytes) -> None:
        """Handles one message, whatever it is."""
        number: Any = None
        try:
            message = json.loads(body)
            if not isinstance(message, dict):
                raise JsonRpcInvalidRequest("a message is a JSON object")
            number = message.get("id")
            if message.get("jsonrpc") != "2.0" or not isinstance(number, str | int | None):
                raise JsonRpcInvalidRequest("a message has `jsonrpc` 2.0, and its id is a number or a text")
            if not isinstance(message.get("method", ""), str):
                raise JsonRpcInvalidRequest("a method is a text")
            if "method" in message and not self._may_come(message["method"], is_request="id" in message):
                return
            # objects without parameters are what some clients send
            message.setdefault("params", None) if "method" in message else None
            self.handle_message(cast(Any, self.structure_message(message)))
        except JsonRpcException as error:
            self._refuse(number, error)
        except (ValueError, RecursionError) as error:
            self._refuse(number, JsonRpcParseError(f"the message is no JSON: {error}"))
        except Exception as error:  # whatever it is, the next message may be a good one
            self._server.failed(error, "a message")
            self._refuse(number, JsonRpcException("the message could not be handled"))

    def _may_come(self, method: object, *, is_request: bool) -> bool:
        """Whether a message may come now (LSP 3.17, "Lifecycle Messages"); raises for a request that may
        not.
        """
        if method == types.EXIT:
            return True
        if self._shutdown:
            if is_request:
                raise JsonRpcInvalidRequest("the server was shut down")
            return False
        if self._workspace is None and method != types.INITIALIZE:
            if is_request:
                raise JsonRpcServerNotInitialized("the server waits for `initialize`")
            return False
        if self._workspace is not None and method == types.INITIALIZE:
            raise JsonRpcInvalidRequest("the server is initialized already")
        return True

    def _refuse(self, number: object, error: JsonRpcException) -> None:
        logger.warning("refused: %s", error.message)
        if number is None and not isinstance(error, JsonRpcParseError | JsonRpcInvalidRequest):
            return
        if isinstance(number, str | int) and not isinstance(number, bool):
            self._send_response(number, error=error.to_response_error())
        else:
            # pygls leaves out what is None, and JSON-RPC wants it here
            told = {"code": error.code, "message": error.message}
            self._send_data({"jsonrpc": "2.0", "id": None, "error": told})

    def _execute_handler(
        self,
        msg_id: str | int,
        handler: Callable[..., Any],
        callback: Callable[[Any], Any],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        if not getattr(handler, BEGINS, False):
            super()._execute_handler(msg_id, handler, callback, args, kwargs)
            return
        rest = handler(*(args or ()), **(kwargs or {}))
        assert inspect.isawaitable(rest)
        future: Any = asyncio.ensure_future(rest)
        self._request_futures[msg_id] = future
        future.add_done_callback(callback)

    def _send_handler_result(self, future: Any, *, msg_id: str | int) -> None:
        error = None if future.cancelled() else future.exception()
        if not isinstance(error, JsonRpcException):
            super()._send_handler_result(future, msg_id=msg_id)
            return
        # a refusal is an answer like any other, and not for the log with all that led to it
        self._request_futures.pop(msg_id, None)
        self._send_response(msg_id, error=error.to_response_error())

    # --- documents, which are kept elsewhere ---

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(  # pyright: ignore[reportIncompatibleMethodOverride]  # no generator
        self, params: types.DidOpenTextDocumentParams
    ) -> None:
        """A document was opened."""
        told = params.text_document
        self._server.documents.opened(told.uri, told.version, told.text)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(  # pyright: ignore[reportIncompatibleMethodOverride]  # no generator
        self, params: types.DidChangeTextDocumentParams
    ) -> None:
        """A document was changed."""
        told = params.text_document
        self._server.documents.changed(told.uri, told.version, params.content_changes)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(  # pyright: ignore[reportIncompatibleMethodOverride]  # no generator
        self, params: types.DidCloseTextDocumentParams
    ) -> None:
        """A document was closed."""
        self._server.close_document(params.text_document.uri)

    # --- the end ---

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *_: object) -> None:  # type: ignore[override]  # pygls gives a generator
        """Takes no more requests; what was asked before is still answered."""
        self._shutdown = True

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: object) -> None:  # type: ignore[override]  # pygls gives a generator
        """Ends the server: well if it was shut down before."""
        self._server.wind_up(0 if self._shutdown else 1)

    @property
    def pending(self) -> list[asyncio.Future[Any]]:
        """What was asked of us and is not answered yet."""
        # pygls says that all are of `concurrent`; those of its own questions are
        futures: list[Any] = list(self._request_futures.values())
        return [future for future in futures if isinstance(future, asyncio.Future)]
