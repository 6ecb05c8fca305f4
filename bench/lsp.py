"""What the language server takes to answer: `python -m bench.lsp [--lines 300] [--changes 200]`.

A real `anim lsp` is spoken with over its standard input and output. First someone types into a film, one
character after the other, each sent once what is wrong with the one before it is shown; then characters come
every 40 ms, and what stands at the cursor is asked for between them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient

from bench.films import scenes

WANTED = 0.050
_START = "import sys; from anim_studio.cli import main; sys.exit(main())"
_PAUSE = 0.04
_LOOK = 1.0
_CONTENT_MODIFIED = -32801
_TYPED = "\n# slower here\nlet slow{0} = 0.5 * sine(4s) + 1\n"


class _Editor:
    """A client with one film open."""

    def __init__(self, text: str) -> None:
        self.client = LanguageClient("bench", "1")
        self.text = text
        self.uri = ""
        self.version = 1
        self.shown: dict[int, float] = {}
        self.news = asyncio.Event()

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]  # pygls
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.shown[params.version or 0] = time.perf_counter()
            self.news.set()

    async def start(self, folder: Path) -> float:
        """Seconds until the server is ready, and the film open."""
        begun = time.perf_counter()
        await self.client.start_io(sys.executable, "-c", _START, "lsp", env=dict(os.environ))
        params = types.InitializeParams(types.ClientCapabilities(), root_uri=folder.as_uri())
        await self.client.initialize_async(params)
        self.client.initialized(types.InitializedParams())
        ready = time.perf_counter() - begun
        self.uri = (folder / "bench.anim").as_uri()
        item = types.TextDocumentItem(self.uri, "anim", 1, self.text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        await self.seen(1)
        return ready

    async def seen(self, version: int) -> float:
        """When the diagnostics of a version came."""
        while version not in self.shown:
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), 30)
        return self.shown[version]

    def type(self, offset: int, text: str) -> tuple[int, float]:
        """Puts text in; the version that it makes, and when it was sent."""
        self.version += 1
        place = self.place(offset)
        change = types.TextDocumentContentChangePartial(types.Range(place, place), text)
        self.text = self.text[:offset] + text + self.text[offset:]
        name = types.VersionedTextDocumentIdentifier(self.version, self.uri)
        sent = time.perf_counter()
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(name, [change]))
        return self.version, sent

    def place(self, offset: int) -> types.Position:
        """The position of an offset; the films are ASCII."""
        before = self.text[:offset]
        return types.Position(before.count("\n"), offset - before.rfind("\n") - 1)

    async def leave(self) -> None:
        """Ends the server."""
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()  # type: ignore[no-untyped-call]  # pygls


async def typing(editor: _Editor, changes: int) -> list[float]:
    """Seconds from each change to its diagnostics, one change after the other."""
    found: list[float] = []
    at = editor.text.index("\n}\n", len(editor.text) // 2) + 2
    for number, sign in enumerate(_signs("a", changes)):
        version, sent = editor.type(at + number, sign)
        found.append(await editor.seen(version) - sent)
    return found


async def storm(editor: _Editor, changes: int) -> dict[str, list[float]]:
    """Seconds that requests take while characters come faster than anyone types."""
    found: dict[str, list[float]] = {"hover": [], "completion": [], "semantic tokens": []}
    waiting: list[asyncio.Task[None]] = []
    draw = random.Random(1)
    at = editor.text.rindex("\n")
    for number, sign in enumerate(_signs("b", changes)):
        editor.type(at + number, sign)
        name, ask = draw.choice(_requests(editor, at + number + 1))
        waiting.append(asyncio.ensure_future(_timed(found[name], ask)))
        await asyncio.sleep(_PAUSE)
    await asyncio.gather(*waiting)
    return found


def _signs(name: str, count: int) -> str:
    """What is typed: a comment and a `let`, again and again."""
    return "".join(_TYPED.format(f"{name}{number}") for number in range(count))[:count]


def _requests(editor: _Editor, offset: int) -> list[tuple[str, Callable[[], Awaitable[object]]]]:
    name, place = types.TextDocumentIdentifier(editor.uri), editor.place(offset)
    client = editor.client
    return [
        ("hover", lambda: client.text_document_hover_async(types.HoverParams(name, place))),
        (
            "completion",
            lambda: client.text_document_completion_async(types.CompletionParams(name, place)),
        ),
        (
            "semantic tokens",
            lambda: client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(name)),
        ),
    ]


async def _timed(times: list[float], ask: Callable[[], Awaitable[object]]) -> None:
    begun = time.perf_counter()
    try:
        await ask()
    except JsonRpcException as refusal:
        # LSP's "content modified": many wait, and the text is another by now
        if refusal.code != _CONTENT_MODIFIED:
            raise
        return
    times.append(time.perf_counter() - begun)


def _line(name: str, times: list[float], wanted: float | None = None) -> str:
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))] if ordered else 0.0
    goal = "" if wanted is None else f" (wanted: p95 {wanted * 1000:g})"
    middle = median(ordered) if ordered else 0.0
    return f"  {name:30} p50 {middle * 1000:6.1f} ms  p95 {p95 * 1000:6.1f} ms  of {len(ordered)}{goal}"


async def measured(lines: int, changes: int, folder: Path) -> int:
    """Measures once; exit code 1 if diagnostics come too late."""
    editor = _Editor(scenes(lines))
    ready = await editor.start(folder)
    # as long as anyone looks at a film before typing
    await asyncio.sleep(_LOOK)
    typed = await typing(editor, changes)
    await asyncio.sleep(_LOOK)
    asked = await storm(editor, changes)
    await editor.leave()
    print(f"`anim lsp` with a film of {lines} lines, over standard input and output")
    print(f"  ready after {ready * 1000:.0f} ms")
    print(_line("change to diagnostics", typed, WANTED))
    print(f"  asked while a character comes every {_PAUSE * 1000:.0f} ms:")
    for name, times in asked.items():
        print(_line(f"  {name}", times))
    refused = changes - sum(len(times) for times in asked.values())
    print(f"    not answered, because the film was changed meanwhile: {refused}")
    return 0 if sorted(typed)[round(0.95 * (len(typed) - 1))] <= WANTED else 1


def main() -> int:
    """Measures once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--lines", type=int, default=300)
    parser.add_argument("--changes", type=int, default=200)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="anim-bench-") as folder:
        return asyncio.run(measured(chosen.lines, chosen.changes, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
