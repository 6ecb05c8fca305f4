"""The files of the editors that hold words, and what each must hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tools.editors.emacs import emacs
from tools.editors.textmate import textmate
from tools.editors.vim import vim
from tools.editors.words import Words, words

EDITORS = Path(__file__).parents[2] / "studio" / "editors"

MADE: Mapping[str, Callable[[Words], str]] = {
    "vscode/syntaxes/anim.tmLanguage.json": textmate,
    "neovim/syntax/anim.vim": vim,
    "emacs/anim-words.el": emacs,
}
"""Every generated file and what makes it."""


def wanted() -> dict[Path, str]:
    """What each generated file must hold."""
    found = words()
    return {EDITORS / name: make(found) for name, make in MADE.items()}


def stale() -> list[Path]:
    """The generated files that are missing or old."""
    return [
        path
        for path, text in wanted().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
