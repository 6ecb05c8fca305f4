"""How a fetch is shown."""

from __future__ import annotations

import io
import json

import pytest

from anim_runtime.models.net.events import Arrived, Event, Moved, Started, Waiting
from anim_studio.cli.settings import Progress
from anim_studio.cli.terminal import Terminal
from anim_studio.fetching.showing import facts_of, shown

EVENTS: tuple[Event, ...] = (
    Started("neon.safetensors", 4_000_000, 1_000_000),
    Moved("neon.safetensors", 1_100_000, 4_000_000, 2e6, 1.45),
    Moved("neon.safetensors", 1_150_000, 4_000_000, 2e6, 1.4),
    Moved("neon.safetensors", 3_000_000, 4_000_000, 2e6, 0.5),
    Waiting(4.0, "`host` answers 503 \x1b[31m"),
    Moved("neon.safetensors", 4_000_000, 4_000_000, 2e6, 0.0),
    Arrived("neon.safetensors", "a" * 64, 4_000_000),
)


def told(way: Progress) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    with shown(way, Terminal(out, err, False, False)) as show:
        for event in EVENTS:
            show.show(event)
    return out.getvalue(), err.getvalue()


def test_lines() -> None:
    out, err = told("lines")
    assert out == ""
    assert err.splitlines() == [
        "fetching neon.safetensors, 4.0 MB, going on at 1.0 MB",
        "  1.1 MB of 4.0 MB  2.0 MB/s  0:00:02 left",
        "  3.0 MB of 4.0 MB  2.0 MB/s  0:00:01 left",
        "  `host` answers 503 \\x1b[31m; trying again in 4 s",
    ]


def test_json() -> None:
    out, err = told("json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["event"] for row in rows] == ["started", *["moved"] * 3, "waiting", "moved", "arrived"]
    assert rows[1] == {"event": "moved", "name": "neon.safetensors", "done": 1_100_000} | {
        "size": 4_000_000,
        "rate": 2e6,
        "left_s": 1.45,
    }
    assert err == ""


def test_nothing() -> None:
    assert told("none") == ("", "")


def test_a_bar_makes_foreign_text_safe() -> None:
    out, err = told("bar")
    assert out == ""
    assert "\x1b[31m" not in err
    assert "trying again in 4 s" in err


def test_a_bar_keeps_room_for_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    err = Screen()
    with shown("bar", Terminal(io.StringIO(), err, False, False)) as show:
        show.show(Started("very-long-name-" * 6, 4_000_000))
        show.show(Moved("x", 1_100_000, 4_000_000, 2e6, 1.45))
    assert "1.1 MB of 4.0 MB  2.0 MB/s  0:00:02 left" in err.getvalue()


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (Moved("x", 10, None, 5.0, None), "10 B  5 B/s"),
        (Moved("x", 10, 20, 0.0, None), "10 B of 20 B  0 B/s"),
    ],
)
def test_what_is_not_known_is_not_told(event: Moved, text: str) -> None:
    assert facts_of(event) == text
