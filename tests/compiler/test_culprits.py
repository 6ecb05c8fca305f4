"""What is no number: which expression is told, at which frame, and what went into it."""

from __future__ import annotations

import pytest
from tests.compiler.film_texts import compiled

HEAD = "size = 64x64; fps = 10; length = 2s\n"
STILL = 'prompt { 0s: "a" }\n'
SCENES = (
    'let x = 1 / (t - 15)\nscene a 1s { prompt { 0s: "a" } }\n'
    'scene b 1s { prompt { 0s: "b" }; camera 2d { angle = x * 1deg } }\n'
)


@pytest.mark.parametrize(
    ("film", "expression", "frame", "inputs"),
    [
        (STILL + "camera 2d { zoom = 1 / (t - 3) }", "1 / (t - 3)", 3, ["`(t - 3)` is 0"]),
        (STILL + "camera 2d { zoom = 1 + log(2 - t) }", "log(2 - t)", 2, ["`2 - t` is 0"]),
        (STILL + "coherence { noise = 0.02 / (t - 3) }", "0.02 / (t - 3)", 3, ["`(t - 3)` is 0"]),
        (STILL + "camera 2d { angle = (5 % (t - 4)) * 1deg }", "(5 % (t - 4))", 4, ["`(t - 4)` is 0"]),
        (STILL + "let x = log(t - 4)\ncamera 2d { zoom = 1 + 0 * x }", "log(t - 4)", 0, ["`t - 4` is -4"]),
        (STILL + "camera 2d { zoom = 1 if t < 3 else 1 / (t - 8) }", "1 / (t - 8)", 8, ["`(t - 8)` is 0"]),
        (STILL + "camera 2d { zoom = 0: 1, 5: 1 / (t - 7), 15: 2 }", "1 / (t - 7)", 7, ["`(t - 7)` is 0"]),
        # the ramp before a key ends at its value, and a filter hears the whole film
        (STILL + "camera 2d { zoom = 0: 1, 5: 1 / (t - 5), 15: 2 }", "1 / (t - 5)", 5, ["`(t - 5)` is 0"]),
        (STILL + "camera 2d { zoom = 1 + smooth(1 / (t - 3), 1s) }", "1 / (t - 3)", 3, ["`(t - 3)` is 0"]),
        (STILL + "camera 2d { angle = 1 / (t - 3) * 5deg per s }", "1 / (t - 3)", 3, ["`(t - 3)` is 0"]),
        (
            STILL + "camera 2d { angle = exp(t * t * 9) * 1deg per s }",
            "exp(t * t * 9)",
            9,
            ["`t * t * 9` is 729"],
        ),
        ('prompt { 0s: "a {1 / (t - 3)} b" }', "1 / (t - 3)", 3, ["`(t - 3)` is 0"]),
        ('prompt { 0s: "(a:{1 / (t - 5)})" }', "1 / (t - 5)", 5, ["`(t - 5)` is 0"]),
        ('prompt { 0s: "a" * (1 + log(t - 2)) + "b" * 0.5 }', "log(t - 2)", 0, ["`t - 2` is -2"]),
        ('prompt { 0s: "a"; negative = "b {log(t - 3)}" }', "log(t - 3)", 0, ["`t - 3` is -3"]),
        (SCENES, "1 / (t - 15)", 15, ["`(t - 15)` is 0"]),
    ],
)
def test_the_innermost_expression_is_told(film: str, expression: str, frame: int, inputs: list[str]) -> None:
    made = compiled(HEAD + film + "\n")
    assert made.plan is None
    told = [d for d in made.diagnostics if d.code == "E5001"]
    assert told, [d.message for d in made.diagnostics]
    message = told[0].message
    assert message.startswith(f"`{expression}` is ")
    assert f"at frame {frame}, so" in message
    assert all(text in note for text, note in zip(inputs, told[0].notes, strict=True))
    assert told[0].hint


@pytest.mark.parametrize(
    "film",
    [
        "let x = log(t - 4)\n",
        "camera 2d { zoom = 1 + (1 / (t - 8) if t > 8 else 0) }\n",
        "camera 2d { zoom = 0: 1, 5: 1 + 1 / (t + 4), 15: 2 }\n",
        "camera 2d { zoom = 0: 1, 5: 2 - 1 / (t - 2), 15: 2 }\n",
    ],
)
def test_what_no_frame_reads_stops_nothing(film: str) -> None:
    assert compiled(HEAD + STILL + film).plan is not None


def test_a_quoted_schedule_tells_its_frame() -> None:
    made = compiled(HEAD + STILL + 'camera 2d { zoom = "0: (1/(t-3)), 400: (1)" }\n')
    assert [d.code for d in made.diagnostics if d.code.startswith("E")] == ["E5003"]
    assert any("infinite at frame 3" in d.message for d in made.diagnostics)
