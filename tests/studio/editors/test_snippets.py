"""Every snippet of the VS Code extension is a right film, or a right piece of one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from anim_compiler.check import check
from anim_compiler.world import World
from anim_dsl.diagnostic import Severity
from anim_dsl.format import format_source
from anim_dsl.parse import parse
from anim_dsl.source import Source

_FOLDER = Path(__file__).parents[3] / "studio" / "editors" / "vscode"
_SNIPPETS = json.loads((_FOLDER / "snippets" / "anim.json").read_text(encoding="utf-8"))
_VARIABLE = re.compile(r"\$\{TM_\w+:([^{}]*)\}")
_CHOICE = re.compile(r"\$\{\d+\|([^,|]*)[^}]*\|\}")
_PLACE = re.compile(r"\$\{\d+:([^{}]*)\}|\$\d+")
_FILM = 'length = 12s\nprompt = "a street"\n'
_FILES = ("photo.png", "song.ogg", "grain.safetensors")


def _expanded(body: list[str]) -> str:
    """What VS Code writes if every place keeps what stands in it."""
    text = "\n".join(body)
    for pattern in (_VARIABLE, _CHOICE):
        text = pattern.sub(lambda found: found[1], text)
    return _PLACE.sub(lambda found: found[1] or "", text)


def _film(name: str, text: str) -> str:
    if name == "a whole film":
        return text
    if name == "keys":
        return f"{_FILM}camera 2d {{ {text} }}\n"
    if name == "scene":
        return text + "\n"  # the scenes make the length
    return (_FILM.replace('prompt = "a street"\n', "") if name == "prompt block" else _FILM) + text + "\n"


@pytest.mark.parametrize("name", _SNIPPETS)
def test_a_snippet_is_right(name: str, tmp_path: Path) -> None:
    text = _film(name, _expanded(_SNIPPETS[name]["body"]))
    document, found = parse(Source("film.anim", text))
    assert found == ()
    world = World.open(tmp_path / "film.anim", cache=tmp_path / "cache")
    _, more = check(document, world)
    wrong = [d for d in more if d.severity is Severity.ERROR and not any(f in d.message for f in _FILES)]
    assert wrong == []


@pytest.mark.parametrize(
    "name", ["a whole film", "scene", "prompt block", "camera 2d", "camera 3d", "diffuse"]
)
def test_a_snippet_is_laid_out_as_the_formatter_would(name: str) -> None:
    text = re.sub(r"\n *\n", "\n", _expanded(_SNIPPETS[name]["body"])).rstrip("\n") + "\n"
    formatted = format_source(Source("film.anim", text))
    assert isinstance(formatted, str)
    assert re.sub(r"\n *\n", "\n", formatted) == text
