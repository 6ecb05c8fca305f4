"""The user's own editor, opened at a place of a film. Nothing goes through a shell."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

Which = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Editor:
    """A call of an editor: `argv`, and whether it draws in the terminal, which it then has to itself."""

    argv: tuple[str, ...]
    needs_terminal: bool


class NoEditorError(LookupError):
    """No editor is known, or the one that is named cannot be found."""


#: by the program's name: how it is told the place; `{f}` is the file, `{l}` the line, `{c}` the column
_PLUS = ("+{l}", "{f}")
_PLACES: Mapping[str, tuple[str, ...]] = {
    "vi": _PLUS,
    "vim": ("+call cursor({l},{c})", "{f}"),
    # what Debian calls the small build, which knows no functions
    "vim.tiny": _PLUS,
    "nvim": ("+call cursor({l},{c})", "{f}"),
    "gvim": ("+call cursor({l},{c})", "{f}"),
    "nano": ("+{l},{c}", "{f}"),
    "pico": _PLUS,
    "emacs": ("+{l}:{c}", "{f}"),
    "emacsclient": ("+{l}:{c}", "{f}"),
    "kak": ("+{l}:{c}", "{f}"),
    "micro": ("+{l}:{c}", "{f}"),
    "joe": _PLUS,
    "ne": ("+{l},{c}", "{f}"),
    "mcedit": ("{f}:{l}",),
    "hx": ("{f}:{l}:{c}",),
    "helix": ("{f}:{l}:{c}",),
    "code": ("--goto", "{f}:{l}:{c}"),
    "codium": ("--goto", "{f}:{l}:{c}"),
    "vscodium": ("--goto", "{f}:{l}:{c}"),
    "code-insiders": ("--goto", "{f}:{l}:{c}"),
    "cursor": ("--goto", "{f}:{l}:{c}"),
    "windsurf": ("--goto", "{f}:{l}:{c}"),
    "subl": ("{f}:{l}:{c}",),
    "sublime_text": ("{f}:{l}:{c}",),
    "zed": ("{f}:{l}:{c}",),
    "zeditor": ("{f}:{l}:{c}",),
    "lapce": ("{f}:{l}:{c}",),
    "mate": ("--line", "{l}:{c}", "{f}"),
    "bbedit": _PLUS,
    "idea": ("--line", "{l}", "--column", "{c}", "{f}"),
    "pycharm": ("--line", "{l}", "--column", "{c}", "{f}"),
    "webstorm": ("--line", "{l}", "--column", "{c}", "{f}"),
    "clion": ("--line", "{l}", "--column", "{c}", "{f}"),
    "notepad++": ("-n{l}", "-c{c}", "{f}"),
    "gedit": ("+{l}:{c}", "{f}"),
    "gnome-text-editor": ("{f}",),
    "kate": ("--line", "{l}", "--column", "{c}", "{f}"),
    "kwrite": ("--line", "{l}", "--column", "{c}", "{f}"),
    "geany": ("--line", "{l}", "--column", "{c}", "{f}"),
    "mousepad": ("--line", "{l}", "--column", "{c}", "{f}"),
    "xed": _PLUS,
    "notepad": ("{f}",),
    "textedit": ("{f}",),
}
"""From each editor's own manual; what is not here gets `+line file`, which most of them read."""

_WINDOWS = frozenset(
    {"gvim", "code", "codium", "vscodium", "code-insiders", "cursor", "windsurf", "subl", "sublime_text"}
    | {"zed", "zeditor", "lapce", "mate", "bbedit", "idea", "pycharm", "webstorm", "clion", "notepad++"}
    | {"gedit", "gnome-text-editor", "kate", "kwrite", "geany", "mousepad", "xed", "notepad", "textedit"}
)
"""Editors with a window of their own."""

_TRIED = ("nano", "vim", "vi", "micro", "hx", "emacs", "code")
_TRIED_ON_WINDOWS = ("code", "notepad++", "notepad")


def editor_at(
    file: Path,
    line: int = 1,
    column: int = 1,
    *,
    chosen: str = "",
    environment: Mapping[str, str] | None = None,
    which: Which = shutil.which,
) -> Editor:
    """The call that opens a file at a place: the `chosen` editor of the settings, else `$VISUAL`, `$EDITOR`,
    or the first of the usual ones that is there. Raises NoEditorError.

    The variables hold a command with its options (`code -w`), which are kept.
    """
    found = os.environ if environment is None else environment
    said = chosen or found.get("VISUAL", "").strip() or found.get("EDITOR", "").strip()
    command = _split(said) if said else _usual(which)
    if not command:
        raise NoEditorError("no editor is known")
    if which(command[0]) is None:
        raise NoEditorError(f"there is no editor `{command[0]}`")
    name = _name(command[0])
    # a name that begins like an option must not be taken for one
    named = f".{os.sep}{file}" if str(file)[:1] in ("-", "+") else str(file)
    place = {"f": named, "l": str(max(line, 1)), "c": str(max(column, 1))}
    told = [_filled(part, place) for part in _PLACES.get(name, _PLUS)]
    return Editor((*command, *told), _draws_in_terminal(name, command[1:]))


def _split(said: str) -> list[str]:
    """A command and its options; a path with spaces that is there is one word."""
    if Path(said).is_file():
        return [said]
    try:
        words = shlex.split(said, posix=os.name != "nt")
    except ValueError:
        words = said.split()
    return [word.strip('"') for word in words] if os.name == "nt" else words


def _usual(which: Which) -> list[str]:
    tried = _TRIED_ON_WINDOWS if os.name == "nt" else _TRIED
    return [name for name in tried if which(name) is not None][:1]


def _name(program: str) -> str:
    """`/usr/bin/vim.basic` is `vim`, `C:\\…\\Code.exe` is `code`."""
    name = PureWindowsPath(program).name.lower()
    stem = name.rpartition(".")[0] or name
    return next((known for known in (name, stem) if known in _PLACES), stem)


def _filled(part: str, place: Mapping[str, str]) -> str:
    # in one go, so that a file that is called `{l}` stays what it is
    text = part
    for sign in ("l", "c"):
        text = text.replace(f"{{{sign}}}", place[sign])
    return text.replace("{f}", place["f"])


def _draws_in_terminal(name: str, options: list[str]) -> bool:
    """Emacs and its client draw where their options say."""
    if name == "emacsclient":
        return not any(option in ("-c", "-n", "--create-frame", "--no-wait") for option in options)
    if name == "emacs":
        return any(option in ("-nw", "-t", "--no-window-system", "-tty") for option in options) or not (
            os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.name == "nt"
        )
    return name not in _WINDOWS
