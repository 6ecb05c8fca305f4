"""A session of 500 changes to three films that import one another, as people make them: what the server says
is what a fresh check says, in between and at the end.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types
from tests.studio.lsp.talking import HEAVY, Editor, editor, loaded

from anim_compiler.world import Held, World
from anim_dsl.diagnostic import Diagnostic
from anim_dsl.source import Source
from anim_studio.cli.checking import Text, findings
from anim_studio.lsp.analysed import analysed
from anim_studio.lsp.features.symbols import document_symbols
from anim_studio.lsp.features.tokens import semantic_tokens

CHANGES, LOOKS = 500, 20

FILM = """\
# main.anim: rain over a city 🌧
import "looks.anim"
import "std:shake" as hand

size = 256x256
length = 8s
let swell = 0s: 0, 4s: 1 with ease_in_out

prompt {
  0s: "a city, (neon:{0.8 + swell * 0.4}) 🌆, rain"
  4s: "the same city at night"
}

camera 3d {
  zoom = 1 + push(swell)
  use hand.handheld(amount = 2deg)
}

scene one 4s { let own = 0.2; coherence.blend = own }
scene two 4s { diffuse { strength = 0.5 } }
output "main.mp4"
"""
LOOKS_FILM = """\
let glow = 0.2
def push(x, amount = 0.3) = amount * x * glow
template pulse(speed = 2s) { zoom *= 1 + 0.1 * sine(speed) }
"""
OTHER = """\
import "looks.anim" as looks
length = 4s
prompt = "a lake, {looks.glow} deep"
camera 2d { use looks.pulse(1s); roll = 3deg * u }
"""
SNIPPETS = (
    "let slow = 0.5 * sine(4s) + 1\n",
    "grade { exposure = 0s: 0, 2s: 0.4 ease_out }\n",
    "# a remark — über den Regen ☔\n",
    '  6s: "dawn, (mist:1.2)"\n',
    "def twice(x) = x * 2\n",
    "coherence { color = lab; cadence = 2 }\n",
    'layer title {\n  text = "rain 🌧"\n  y = 80%\n}\n',
    "roll = glow * 10deg\n",
    "let glow = 0.4\n",
)
BREAKS = ("{", "}", '"', '"""', "(", " = ", ":", "\n\n", "🌧", "let ", "😀 = ", "0s")
WORDS = ("glow", "push", "swell", "zoom", "prompt", "length", "nothing", "4s", "deg", "looks", "hand", "one")


@dataclass(slots=True)
class Page:
    """One open document, as the editor has it."""

    path: Path
    text: str
    version: int = 1
    past: list[str] = field(default_factory=list)

    @property
    def uri(self) -> str:
        """Its address."""
        return self.path.as_uri()


def _place(text: str, offset: int) -> types.Position:
    """The position of an offset, in units of UTF-16; lines end with newlines here."""
    start = text.rfind("\n", 0, offset) + 1
    return types.Position(text.count("\n", 0, offset), len(text[start:offset].encode("utf-16-le")) // 2)


def _edited(draw: random.Random, page: Page) -> Iterator[tuple[int, int, str]]:
    """One thing that a person does: where, how much is removed, and what is put in, change by change."""
    text = page.text
    lines = [match.start() for match in re.finditer(r"^", text, re.MULTILINE)]
    act = draw.choices(("type", "erase", "paste", "cut", "break", "word", "undo"), (5, 3, 2, 2, 4, 4, 5))[0]
    line = draw.choice(lines)
    end = text.find("\n", line) + 1 or len(text)
    if act == "type":
        for number, letter in enumerate(draw.choice(SNIPPETS)[: draw.randint(4, 30)]):
            yield line + number, 0, letter
    elif act == "erase":
        at = draw.randint(0, len(text))
        for before in range(at, max(0, at - draw.randint(1, 8)), -1):
            yield before - 1, 1, ""
    elif act == "paste":
        yield line, 0, draw.choice(SNIPPETS)
    elif act == "cut":
        yield line, end - line, ""
    elif act == "break":
        yield draw.randint(0, len(text)), 0, draw.choice(BREAKS)
    elif act == "word":
        words = list(re.finditer(r"\w+", text))
        if words:
            word = draw.choice(words)
            yield word.start(), len(word[0]), draw.choice(WORDS)
    elif page.past:
        yield 0, len(text), page.past[draw.randrange(len(page.past))]


async def _apply(client: Editor, page: Page, at: int, removed: int, put: str) -> None:
    before = page.text
    place = types.Range(_place(before, at), _place(before, at + removed))
    page.text = before[:at] + put + before[at + removed :]
    page.version += 1
    client.change(page.uri, page.version, [types.TextDocumentContentChangePartial(place, put)])
    await asyncio.sleep(0)


def _fresh(page: Page, pages: list[Page]) -> tuple[Diagnostic, ...]:
    held = Held({other.path: other.text.encode() for other in pages})
    world = World.open(page.path, cache=page.path.parent / "cache", held=held)
    return findings(Text(page.path, Source(page.path.name, page.text), world))


async def _compare(client: Editor, page: Page, pages: list[Page]) -> None:
    """Everything that the server says of a document, beside what is said of its text by itself."""
    name = types.TextDocumentIdentifier(page.uri)
    ask = client.client
    report = await ask.text_document_diagnostic_async(types.DocumentDiagnosticParams(name))
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    fresh = _fresh(page, pages)
    assert [told.code for told in report.items] == [found.code for found in fresh]
    for told, found in zip(report.items, fresh, strict=True):
        assert found.message in told.message
        if found.source.text == page.text and found.span.end > found.span.start:
            assert told.range.start == _place(page.text, found.span.start)
            assert told.range.end == _place(page.text, found.span.end)
    # what it fetches is what it was told last
    assert list(await client.diagnostics(page.uri, page.version)) == list(report.items)
    alone = analysed(page.text, page.path, texts={other.path: other.text.encode() for other in pages})
    params = types.SemanticTokensParams(name)
    tokens = await ask.text_document_semantic_tokens_full_async(params)
    assert tokens is not None
    assert list(tokens.data) == semantic_tokens(alone, params).data
    symbols = types.DocumentSymbolParams(name)
    assert list(await ask.text_document_document_symbol_async(symbols) or ()) == document_symbols(
        alone, symbols
    )


async def test_500_changes_end_where_a_fresh_check_does(tmp_path: Path) -> None:
    (tmp_path / "anim.toml").write_text("")
    texts = {"main.anim": FILM, "looks.anim": LOOKS_FILM, "other.anim": OTHER}
    pages = [Page(tmp_path / name, text) for name, text in texts.items()]
    for page in pages:
        page.path.write_text(page.text)
    draw = random.Random(20)
    made = 0
    async with editor(tmp_path) as client:
        for page in pages:
            client.open(page.uri, page.text)
        while made < CHANGES:
            page = draw.choices(pages, (6, 2, 2))[0]
            page.past.append(page.text)
            for at, removed, put in _edited(draw, page):
                await _apply(client, page, at, removed, put)
                made += 1
                if made % (CHANGES // LOOKS) == 0:
                    for each in pages:
                        await _compare(client, each, pages)
        for page in pages:
            await _compare(client, page, pages)
        assert any(told.diagnostics for told in client.told[pages[0].uri])
        assert await client.leave() == 0
    assert not HEAVY & loaded(tmp_path)
    logs = tmp_path / "cache" / "logs"
    assert not list(logs.glob("crash-*")), [log.read_text() for log in logs.glob("crash-*")]
