"""Telling an editor what is wrong: pushed, or for it to fetch where it would rather do that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.diagnostics import diagnostics_of

if TYPE_CHECKING:
    from anim_studio.lsp.server import FilmServer


class Publishing:
    """Sends diagnostics as soon as they are there, and asks the client to ask again for what has changed.

    A client that fetches diagnostics is told none: it would show each twice.
    """

    def __init__(self, server: FilmServer) -> None:
        self._server = server

    @property
    def _client(self) -> types.ClientCapabilities:
        return self._server.documents.desk.client

    @property
    def pulls(self) -> bool:
        """Whether the client fetches diagnostics."""
        document = self._client.text_document
        return document is not None and document.diagnostic is not None

    def tell(self, made: Analysed) -> None:
        """Publishes what is wrong with a version; from any thread."""
        if self.pulls:
            return
        told = types.PublishDiagnosticsParams(made.uri, diagnostics_of(made), made.version)
        self._server.soon(self._send, told)

    def clear(self, uri: str) -> None:
        """Takes back what was said of a document that was closed; on the loop."""
        if not self.pulls:
            self._server.protocol.notify(
                types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, types.PublishDiagnosticsParams(uri, [])
            )

    def _send(self, told: types.PublishDiagnosticsParams) -> None:
        wanted = self._server.documents.wanted(told.uri)
        # what was changed or closed since is told of when it is checked
        if wanted is not None and wanted.version == told.version:
            self._server.protocol.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, told)

    def stale(self) -> None:
        """Documents are checked again without having been changed: a client that fetches is told to."""
        space = self._client.workspace
        if self.pulls and space is not None and space.diagnostics and space.diagnostics.refresh_support:
            self._server.ask(types.WORKSPACE_DIAGNOSTIC_REFRESH)

    def refresh(self) -> None:
        """The values of a film are known: whatever shows them asks again; from any thread."""
        space = self._client.workspace
        if space is None:
            return
        if space.inlay_hint is not None and space.inlay_hint.refresh_support:
            self._server.ask(types.WORKSPACE_INLAY_HINT_REFRESH)
        if space.code_lens is not None and space.code_lens.refresh_support:
            self._server.ask(types.WORKSPACE_CODE_LENS_REFRESH)
