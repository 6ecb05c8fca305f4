"""An editor for tests: `anim lsp` as a child process, spoken with over its standard input and output."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

START = """
import sys
from anim_studio.cli import main
code = main()
open("modules.txt", "w").write(" ".join(sys.modules))
sys.exit(code)
"""
HEAVY = {"torch", "librosa", "textual", "diffusers", "transformers"}
"""Modules that the server never loads."""

SOON = 30.0
"""Seconds that nothing takes, unless it never comes."""


@dataclass(slots=True)
class Editor:
    """A client and what it was told: diagnostics by address, the newest last."""

    client: LanguageClient
    told: dict[str, list[types.PublishDiagnosticsParams]] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    tasks: set[asyncio.Future[None]] = field(default_factory=set)

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The server."""
        assert self.client._server is not None
        return self.client._server

    def open(self, uri: str, text: str, version: int = 1) -> None:
        """Opens a document."""
        item = types.TextDocumentItem(uri, "anim", version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, uri: str, version: int, changes: Sequence[types.TextDocumentContentChangeEvent]) -> None:
        """Changes a document."""
        name = types.VersionedTextDocumentIdentifier(version, uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(name, changes))

    def close(self, uri: str) -> None:
        """Closes a document."""
        name = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(name))

    async def diagnostics(self, uri: str, version: int | None) -> Sequence[types.Diagnostic]:
        """What is said of that version of a document, as soon as it is said."""

        def there() -> bool:
            return bool(self.told.get(uri)) and self.told[uri][-1].version == version

        async with self.news:
            await asyncio.wait_for(self.news.wait_for(there), SOON)
            return self.told[uri][-1].diagnostics

    async def ended(self) -> int:
        """The server's exit code, once it has ended."""
        code = await asyncio.wait_for(self.process.wait(), SOON)
        await self.client.stop()  # type: ignore[no-untyped-call]  # pygls
        return code

    async def leave(self) -> int:
        """Ends the connection as an editor does; the server's exit code."""
        await self.client.shutdown_async(None)
        self.client.exit(None)
        return await self.ended()


@asynccontextmanager
async def editor(
    folder: Path,
    *options: str,
    capabilities: types.ClientCapabilities | None = None,
    process_id: int | None = None,
    start: str = START,
) -> AsyncIterator[Editor]:
    """An editor with a folder open; a server that was not ended is killed."""
    made = Editor(LanguageClient("test", "1"))
    _listen(made)
    await made.client.start_io(
        sys.executable, "-c", start, "lsp", *options, cwd=str(folder), env=environment(folder)
    )
    try:
        params = types.InitializeParams(
            capabilities or types.ClientCapabilities(), process_id=process_id, root_uri=folder.as_uri()
        )
        await asyncio.wait_for(made.client.initialize_async(params), SOON)
        made.client.initialized(types.InitializedParams())
        yield made
    finally:
        if made.process.returncode is None:
            made.process.kill()
            await made.ended()


def environment(folder: Path) -> dict[str, str]:
    """The surroundings of a server whose cache and models are its own."""
    own = {"ANIM_CACHE": str(folder / "cache"), "ANIM_MODELS": str(folder / "models")}
    return {**os.environ, **own, "OMP_NUM_THREADS": "1"}


def loaded(folder: Path) -> set[str]:
    """The modules that the server of a folder had loaded when it ended."""
    return set((folder / "modules.txt").read_text().split())


def insert(line: int, column: int, text: str, removed: int = 0) -> types.TextDocumentContentChangeEvent:
    """A change in one line: so many characters removed, a text put in."""
    place = types.Range(types.Position(line, column), types.Position(line, column + removed))
    return types.TextDocumentContentChangePartial(place, text)


def _listen(made: Editor) -> None:
    async def heard() -> None:
        async with made.news:
            made.news.notify_all()

    @made.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]  # pygls
    def published(params: types.PublishDiagnosticsParams) -> None:
        # at once, so that it is there before the answer to what was asked behind it
        made.told.setdefault(params.uri, []).append(params)
        made.tasks.add(asyncio.ensure_future(heard()))

    @made.client.feature(types.WINDOW_SHOW_MESSAGE)  # type: ignore[untyped-decorator]  # pygls
    def shown(params: types.ShowMessageParams) -> None:
        made.shown.append(params.message)

    @made.client.feature(types.WORKSPACE_CONFIGURATION)  # type: ignore[untyped-decorator]  # pygls
    def configured(params: types.ConfigurationParams) -> list[None]:
        made.asked.append(types.WORKSPACE_CONFIGURATION)
        return [None for _ in params.items]

    @made.client.feature(types.CLIENT_REGISTER_CAPABILITY)  # type: ignore[untyped-decorator]  # pygls
    def registered(params: types.RegistrationParams) -> None:
        made.asked.extend(row.method for row in params.registrations)
