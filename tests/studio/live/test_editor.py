"""Which call opens which editor at a place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from anim_studio.live.editor import NoEditorError, editor_at

FILM = Path("films") / "a film.anim"


def there(name: str) -> str | None:
    return None if name == "missing" else f"/bin/{name}"


def call(command: str, line: int = 14, column: int = 3) -> tuple[str, ...]:
    return editor_at(FILM, line, column, environment={"EDITOR": command}, which=there).argv


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("vim", ("+call cursor(14,3)", "F")),
        ("/usr/bin/vim.basic", ("+call cursor(14,3)", "F")),
        ("/usr/bin/vim.tiny", ("+14", "F")),
        ("nvim", ("+call cursor(14,3)", "F")),
        ("vi", ("+14", "F")),
        ("nano", ("+14,3", "F")),
        ("emacs", ("+14:3", "F")),
        ("emacsclient", ("+14:3", "F")),
        ("hx", ("F:14:3",)),
        ("kak", ("+14:3", "F")),
        ("micro", ("+14:3", "F")),
        ("subl", ("F:14:3",)),
        ("zed", ("F:14:3",)),
        ("idea", ("--line", "14", "--column", "3", "F")),
        ("notepad++", ("-n14", "-c3", "F")),
        ("C:\\Apps\\Code.exe", ("--goto", "F:14:3")),
        ("unheard-of", ("+14", "F")),
    ],
)
def test_each_editor_is_told_the_place_in_its_own_way(command: str, told: tuple[str, ...]) -> None:
    found = editor_at(FILM, 14, 3, chosen=f"'{command}'", environment={}, which=there).argv
    assert found == (command, *(part.replace("F", str(FILM)) for part in told))


def test_options_of_the_command_are_kept_and_nothing_is_a_shells() -> None:
    assert call("code -w --new-window") == ("code", "-w", "--new-window", "--goto", f"{FILM}:14:3")
    assert call("'my editor' -x; rm")[:3] == ("my editor", "-x;", "rm")


def test_the_settings_go_before_visual_and_that_before_editor() -> None:
    both = {"VISUAL": "micro", "EDITOR": "nano"}
    assert editor_at(FILM, environment=both, which=there).argv[0] == "micro"
    assert editor_at(FILM, chosen="hx", environment=both, which=there).argv[0] == "hx"
    assert editor_at(FILM, environment={"VISUAL": " ", "EDITOR": "nano"}, which=there).argv[0] == "nano"


def test_without_a_word_the_usual_ones_are_tried() -> None:
    only = editor_at(FILM, environment={}, which=lambda name: name if name == "micro" else None)
    assert only.argv[0] == "micro"
    with pytest.raises(NoEditorError):
        editor_at(FILM, environment={}, which=lambda name: None)
    with pytest.raises(NoEditorError, match="missing"):
        editor_at(FILM, environment={"EDITOR": "missing -w"}, which=there)


@pytest.mark.parametrize(
    ("command", "draws"),
    [
        ("vim", True), ("nano", True), ("hx", True), ("kak", True), ("unheard-of", True),
        ("emacs -nw", True), ("emacsclient -t", True), ("emacsclient -n", False),
        ("code -w", False), ("subl", False), ("zed", False), ("gvim", False), ("idea", False),
    ],
)  # fmt: skip
def test_editors_with_windows_of_their_own_need_no_terminal(command: str, draws: bool) -> None:
    found = editor_at(FILM, environment={"EDITOR": command}, which=there)
    assert found.needs_terminal is draws


def test_a_name_with_signs_stays_what_it_is() -> None:
    odd = Path("{l}{c}.anim")
    assert editor_at(odd, 7, 2, environment={"EDITOR": "hx"}, which=there).argv == ("hx", "{l}{c}.anim:7:2")
    dashed = editor_at(Path("-x.anim"), environment={"EDITOR": "nano"}, which=there)
    assert dashed.argv[2] == f".{os.sep}-x.anim"
    assert editor_at(odd, 0, 0, environment={"EDITOR": "nano"}, which=there).argv[1] == "+1,1"
