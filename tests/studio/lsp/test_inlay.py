"""Inlay hints: which stand where, and how they are switched off."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.studio.lsp.marked import opened

from anim_dsl.source import Span
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.features.inlay import MOST, hints

HEAD = """fps = 24
bpm = 120
length = 16s
"""
END = 'prompt = "a"\n'


def hinted(text: str, settings: dict[str, object] | None = None, *, evaluated: bool = False) -> str:
    """The text with its hints in `‹ ›` where an editor shows them."""
    made = opened(HEAD + text + END, evaluated=evaluated, desk=Desk(settings=settings or {}))
    shown = made.text
    for hint in reversed(hints(made, Span(len(HEAD), len(shown)))):
        shown = f"{shown[: hint.at]}‹{hint.text}›{shown[hint.at :]}"
    return shown[len(HEAD) : -len(END)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # frames as seconds, beats as both, seconds as they are
        ("camera 2d { zoom = 0: 1, 30: 2 }\n", "camera 2d { zoom = 0: 1, 30‹= 1.25 s›: 2 }\n"),
        ("camera 2d { zoom = 0s: 1, 4b: 2 }\n", "camera 2d { zoom = 0s: 1, 4b‹= 2 s, f48›: 2 }\n"),
        ("camera 2d { zoom = 0s: 1, 2bars: 2 }\n", "camera 2d { zoom = 0s: 1, 2bars‹= 4 s, f96›: 2 }\n"),
        ("camera 2d { zoom = 0s: 1, 4s: 2 }\n", "camera 2d { zoom = 0s: 1, 4s: 2 }\n"),
        ("camera 2d { zoom = 0s: 1, 50%: 2 }\n", "camera 2d { zoom = 0s: 1, 50%‹= 8 s, f192›: 2 }\n"),
        ("camera 2d { zoom = 0s: 1, max_f: 2 }\n",
         "camera 2d { zoom = 0s: 1, max_f‹= 15.958 s, f383›: 2 }\n"),
        (
            "let drop = 4s\ncamera 2d { zoom = 0s: 1, drop + 1beat: 2 }\n",
            "let drop = 4s\ncamera 2d { zoom = 0s: 1, drop + 1beat‹= 4.5 s, f108›: 2 }\n",
        ),
        ('prompt { 0: "a"; 48: "b" }\n', 'prompt { 0: "a"; 48‹= 2 s›: "b" }\n'),
        ("camera 2d { zoom {\n0: 1\n12: 2\n} }\n", "camera 2d { zoom {\n0: 1\n12‹= 0.5 s›: 2\n} }\n"),
        # parameters where numbers could be mistaken
        ("let a = envelope(u, 20ms, 400ms)\n", "let a = envelope(u, ‹attack:›20ms, ‹release:›400ms)\n"),
        ("let a = smooth(u, 80ms)\n", "let a = smooth(u, 80ms)\n"),
        ("let a = max(1, 2, 3, u)\n", "let a = max(1, 2, 3, u)\n"),
        ("def f(a, b, c) = a\nlet x = f(1, 2, u)\n", "def f(a, b, c) = a\nlet x = f(‹a:›1, ‹b:›2, u)\n"),
    ],
)  # fmt: skip
def test_hinted(text: str, shown: str) -> None:
    assert hinted(text) == shown


def test_a_scene_counts_by_its_own_clock() -> None:
    text = """scene a 8beats { prompt = "a" }
scene b 12s { prompt { 0s: "a"; 24: "b" } }
"""
    assert hinted(text) == text.replace("8beats", "8beats‹= 4 s, 96 frames›").replace(
        "24", "24‹= 1 s›"
    ).replace("12s", "12s‹= 288 frames›")


def test_formulas_come_to_numbers() -> None:
    text = "let size = 3\nlet a = size * 2 + 1\ncamera 2d { zoom = a / 7 + 1; angle = 2deg * u }\n"
    shown = hinted(text, evaluated=True)
    assert "let a = size * 2 + 1‹= 7›" in shown
    assert "zoom = a / 7 + 1‹= 2›;" in shown
    assert "2deg * u }" in shown
    assert "let size = 3\n" in shown


def test_numbers_of_an_older_text_are_not_shown() -> None:
    old = opened(HEAD + "let a = 2 * 3\n" + END, evaluated=True)
    now = opened(HEAD + "let a = 2 * 4\n" + END)
    assert not hints(replace(now, good=old.good), Span(0, len(now.text)))


def test_a_drawn_seed_is_told() -> None:
    assert "seed = -1‹= " in hinted("seed = -1\n")


def test_it_stands_while_the_film_has_mistakes() -> None:
    assert "30‹= 1.25 s›" in hinted("camera 2d { zoom = 0: 1, 30: 2 }\nnonsense = 3\n")


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({"inlayHints": {"enabled": False}}, "zoom = 0: 1, 30: clamp(u, 1, 2)"),
        ({"inlayHints": {"times": False}}, "zoom = 0: 1, 30: clamp(u, ‹low:›1, ‹high:›2)"),
        ({"inlayHints": {"parameters": False}}, "zoom = 0: 1, 30‹= 1.25 s›: clamp(u, 1, 2)"),
        ({"inlayHints": "nonsense"}, "zoom = 0: 1, 30‹= 1.25 s›: clamp(u, ‹low:›1, ‹high:›2)"),
    ],
)
def test_each_kind_can_be_switched_off(settings: dict[str, object], shown: str) -> None:
    text = "camera 2d { zoom = 0: 1, 30: clamp(u, 1, 2) }\n"
    assert hinted(text, settings) == f"camera 2d {{ {shown} }}\n"


def test_seconds_become_frames_if_that_is_wanted() -> None:
    shown = hinted("camera 2d { zoom = 0s: 1, 4s: 2 }\n", {"inlayHints": {"frames": True}})
    assert "4s‹= f96›: 2" in shown


def test_only_what_is_shown_is_hinted_and_never_too_much() -> None:
    lines = "".join(f"  {number}: {number}\n" for number in range(1, 400))
    made = opened(f"length = 100s\ncamera 2d {{ angle {{\n{lines}}} }}\n")
    assert len(hints(made, Span(0, len(made.text)))) == MOST
    start = made.text.index("  300:")
    inside = hints(made, Span(start, start + 40))
    assert [hint.text for hint in inside][:1] == ["= 12.5 s"]
    assert len(inside) < 6
