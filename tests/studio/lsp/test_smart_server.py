"""What stands at the cursor, asked of a real server while someone types."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.studio.lsp.talking import HEAVY, SOON, editor, insert, loaded

FILM = """\
fps = 10
length = 4s
prompt = "a forest"
let sway = 3deg  # how far
camera 2d {
  zoom = 0: 1, 20: 2
  roll = sway * sine(2s)
}
layer t { text = "hi"; color = "gold" }
"""


def _capabilities() -> types.ClientCapabilities:
    item = types.ClientCompletionItemOptions(snippet_support=True)
    completion = types.CompletionClientCapabilities(completion_item=item)
    return types.ClientCapabilities(text_document=types.TextDocumentClientCapabilities(completion=completion))


async def test_what_stands_at_the_cursor(tmp_path: Path) -> None:
    film = tmp_path / "film.anim"
    film.write_text(FILM)
    name = types.TextDocumentIdentifier(film.as_uri())
    async with editor(tmp_path, capabilities=_capabilities()) as client:
        ask = client.client
        client.open(name.uri, FILM)
        assert not await client.diagnostics(name.uri, 1)

        told = await _until(lambda: _hover(ask, name, 5, 4), "on frames 0–39")
        assert "**zoom** — setting of `camera 2d`" in told
        assert "how far" in await _hover(ask, name, 6, 10)

        offered = await ask.text_document_completion_async(types.CompletionParams(name, types.Position(6, 9)))
        assert isinstance(offered, types.CompletionList)
        item = next(each for each in offered.items if each.label == "smooth")
        shown = (await ask.completion_item_resolve_async(item)).documentation
        assert isinstance(shown, types.MarkupContent)
        assert "smooth(x, width)" in shown.value

        place = types.Position(6, 21)
        signature = await ask.text_document_signature_help_async(types.SignatureHelpParams(name, place))
        assert signature is not None
        assert signature.signatures[0].label == "sine(period, phase = 0)"

        whole = types.Range(types.Position(0, 0), types.Position(20, 0))
        hints = await ask.text_document_inlay_hint_async(types.InlayHintParams(name, whole))
        assert [hint.label for hint in hints or ()] == ["= 2 s"]
        colours = await ask.text_document_document_color_async(types.DocumentColorParams(name))
        assert [(one.color.red, one.range.start.line) for one in colours or ()] == [(1.0, 8)]
        lenses = await ask.text_document_code_lens_async(types.CodeLensParams(name))
        commands = [lens.command.command for lens in lenses or () if lens.command is not None]
        assert commands == ["anim.renderScene", "anim.previewScene", "anim.plotScene"]

        # the line is being written: what it asks for is known before it means anything
        client.change(name.uri, 2, [insert(6, 2, "border = ", removed=25)])
        offered = await ask.text_document_completion_async(
            types.CompletionParams(name, types.Position(6, 11))
        )
        assert isinstance(offered, types.CompletionList)
        assert [each.label for each in offered.items] == ["reflect", "wrap", "replicate", "black"]
        with pytest.raises(JsonRpcException, match="save it first"):
            await ask.workspace_execute_command_async(
                types.ExecuteCommandParams("anim.renderScene", [name.uri, ""])
            )
        assert await client.leave() == 0
    assert not HEAVY & loaded(tmp_path)


async def _hover(ask: Any, name: types.TextDocumentIdentifier, line: int, column: int) -> str:
    """What is told at a place (Any: the client's methods are made by a generator)."""
    found = await ask.text_document_hover_async(types.HoverParams(name, types.Position(line, column)))
    return "" if found is None else str(found.contents.value)


async def _until(asked: Any, words: str) -> str:
    """What is told once it says this: a film's numbers are there a moment after its text."""

    async def told() -> str:
        while words not in (answer := await asked()):
            await asyncio.sleep(0.02)
        return str(answer)

    return await asyncio.wait_for(told(), SOON)
