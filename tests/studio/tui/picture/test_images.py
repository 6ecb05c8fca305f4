"""Which terminal is shown pixels."""

from __future__ import annotations

import pytest

from anim_studio.tui.picture.images import Images, chosen, known

XTERM = {"TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}, Images.KITTY),
        ({"TERM": "xterm-ghostty"}, Images.KITTY),
        ({"TERM": "foot"}, Images.SIXEL),
        ({**XTERM, "TERM_PROGRAM": "WezTerm"}, Images.SIXEL),
        ({**XTERM, "TERM_PROGRAM": "Apple_Terminal"}, Images.HALF),
        ({**XTERM, "VTE_VERSION": "7600"}, Images.HALF),
        ({"TERM": "linux"}, Images.HALF),
        ({"TERM": "tmux-256color"}, Images.HALF),
        ({"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1", "TMUX": "/tmp/tmux"}, Images.HALF),
        ({"TERM": "foot", "SSH_CONNECTION": "1 2 3 4"}, Images.HALF),
        (XTERM, None),
        ({**XTERM, "TERM_PROGRAM": "vscode"}, None),
        ({}, None),
    ],
)
def test_what_a_terminal_is_known_to_draw(environ: dict[str, str], found: Images | None) -> None:
    assert known(environ) is found


@pytest.mark.parametrize("asked", list(Images))
def test_without_a_terminal_no_pixels_are_sent(asked: Images) -> None:
    environ = {"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}
    assert chosen(asked, environ, tty=False) is (Images.OFF if asked is Images.OFF else Images.HALF)


@pytest.mark.parametrize("asked", [Images.KITTY, Images.SIXEL, Images.HALF, Images.OFF])
def test_what_is_asked_for_is_taken_even_through_tmux(asked: Images) -> None:
    assert chosen(asked, {"TERM": "tmux-256color", "TMUX": "/tmp/tmux"}, tty=True) is asked
