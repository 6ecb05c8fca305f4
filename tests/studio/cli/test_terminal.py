"""What reaches a terminal: our own colours, and no control character that a file's name brought along."""

from __future__ import annotations

import io

import pytest

from anim_studio.cli.terminal import Terminal

HOSTILE = "a\x1b]0;title\x07\x1b[2J\x9b31m\u202ewav\r"
WRITTEN = "a\\x1b]0;title\\x07\\x1b[2J\\x9b31m\\u{202e}wav\\x0d"


@pytest.mark.parametrize("colour", [False, True])
def test_foreign_control_characters_are_written_out_in_results_and_notes(*, colour: bool) -> None:
    terminal = Terminal(io.StringIO(), io.StringIO(), colour, colour)
    terminal.say(f"one\t{HOSTILE}\ntwo")
    terminal.note(HOSTILE)
    assert terminal.out.getvalue() == f"one\t{WRITTEN}\ntwo\n"
    assert terminal.err.getvalue() == f"{WRITTEN}\n"


def test_colours_are_ours_alone() -> None:
    coloured = Terminal(io.StringIO(), io.StringIO(), True, True)
    coloured.say(coloured.paint("ok", "green"))
    assert coloured.out.getvalue() == "\x1b[32mok\x1b[0m\n"
    plain = Terminal(io.StringIO(), io.StringIO(), False, False)
    plain.say("\x1b[31mred.wav")
    assert plain.out.getvalue() == "\\x1b[31mred.wav\n"
