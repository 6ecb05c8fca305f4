"""What stands at the cursor is told of any text: whatever people leave behind while they type."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from lsprotocol import types
from tests.studio.lsp.marked import opened

from anim_dsl.source import Span
from anim_studio.lsp.features.colours import colours_in
from anim_studio.lsp.features.completion import completion
from anim_studio.lsp.features.hover import hover_at
from anim_studio.lsp.features.inlay import hints
from anim_studio.lsp.features.lenses import scenes
from anim_studio.lsp.features.signature_help import signature_help

EXAMPLES = Path(__file__).parents[3] / "examples"
SIGNS = '{}()[]:,;=.#\\"\n\r\x00\u202e🎬'
WORDS = ('"""', "{x", "with", "per", "1e400s", "4beats", "let", "def", "std:", "scene ")
BITS = (*SIGNS, *WORDS)


def _broken(text: str, random: Random) -> str:
    """A text with some bits put in, taken out and doubled."""
    for _ in range(6):
        at = random.randrange(len(text) + 1)
        way = random.random()
        if way < 0.6:
            text = text[:at] + random.choice(BITS) + text[at:]
        elif way < 0.8:
            text = text[:at] + text[at + random.randrange(60) :]
        else:
            text = text[:at] + text[at : at + 80] + text[at:]
    return text


@pytest.mark.parametrize("seed", range(8))
def test_any_text_is_answered(seed: int) -> None:
    random = Random(seed)
    path = random.choice(sorted(EXAMPLES.glob("*.anim")))
    whole = path.read_text(encoding="utf-8")
    first = opened(whole, path)
    for _ in range(4):
        text = _broken(whole, random)
        made = replace(opened(text, path), last_film=first.film)
        hints(made, Span(0, len(text)))
        list(colours_in(made.document.statements))
        list(scenes(made.document))
        document = types.TextDocumentIdentifier(made.uri)
        for _ in range(25):
            offset = random.randrange(len(text) + 1)
            told, _ = hover_at(made, offset)
            assert isinstance(told, str)
            place = made.positions.position(offset)
            for item in completion(made, types.CompletionParams(document, place)).items:
                assert isinstance(item.text_edit, types.TextEdit)
                # an editor takes only what is on the cursor's own line, around the cursor
                where = item.text_edit.range
                assert where.start.line == where.end.line
                assert where.start <= place <= where.end
            signature_help(made, types.SignatureHelpParams(document, place))
