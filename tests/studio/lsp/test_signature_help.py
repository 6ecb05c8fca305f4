"""Signature help: which call is being written, and which of its parameters."""

from __future__ import annotations

import pytest
from lsprotocol import types
from tests.studio.lsp.marked import opened, split

from anim_studio.lsp.features.signature_help import signature_help

HEAD = """import "std:shake" as hand
def pump(x, amount = 0.1) = 1 + amount * x  # swells
template sway(speed, amount = 1deg) { roll += amount * sine(speed) }
"""


def _help(text: str) -> types.SignatureHelp | None:
    whole, offset = split(HEAD + text)
    made = opened(whole)
    document = types.TextDocumentIdentifier(made.uri)
    return signature_help(made, types.SignatureHelpParams(document, made.positions.position(offset)))


def _active(text: str) -> tuple[str, str]:
    """The signature, and the parameter that comes now."""
    found = _help(text)
    assert found is not None
    one = found.signatures[0]
    if found.active_parameter is None or one.parameters is None:
        return one.label, ""
    span = one.parameters[found.active_parameter].label
    assert not isinstance(span, str)
    return one.label, one.label[span[0] : span[1]]


@pytest.mark.parametrize(
    ("text", "label", "parameter"),
    [
        ("let a = smooth(▮", "smooth(x, width)", "x"),
        ("let a = smooth(u, ▮)", "smooth(x, width)", "width"),
        ("let a = sine(2s, phase = ▮)", "sine(period, phase = 0)", "phase = 0"),
        ("let a = mix(1, smooth(u, 80ms), ▮", "mix(a, b, weight)", "weight"),
        ("let a = smooth(u, 1s, ▮", "smooth(x, width)", ""),
        ("let a = pump(u, ▮)", "pump(x, amount = 0.1)", "amount = 0.1"),
        ("camera 2d { use sway(▮", "sway(speed, amount = 1deg)", "speed"),
        (
            "camera 3d { use hand.jolt(u, seed = ▮) }",
            "hand.jolt(trigger, amount = 3deg, length = 400ms, seed = 0)",
            "seed = 0",
        ),
        ("let a = 0s: 0 bezier(0, ▮), 2s: 1", "bezier(x1, y1, x2, y2)", "y1"),
        ("scene a 2s { transition = dip(1s, color = ▮) }", "dip(length, color = black)", "color = black"),
        ("let a = song.band(20hz, ▮)", "song.band(low, high)", "high"),
        ('prompt = "a {pump(▮"', "pump(x, amount = 0.1)", "x"),
    ],
)
def test_active_parameter(text: str, label: str, parameter: str) -> None:
    assert _active(text) == (label, parameter)


def test_the_last_parameter_repeats() -> None:
    label, parameter = _active("let a = max(1, 2, 3, 4, ▮)")
    assert label.endswith(", …)")
    assert parameter


def test_an_op_of_a_pipeline_goes_before_a_function() -> None:
    label, parameter = _active("pipeline { carry = add_noise(previous, ▮) }")
    assert label.startswith("add_noise(picture, ")
    assert parameter == "noise = coherence.noise" or parameter.startswith("amount")


@pytest.mark.parametrize("text", ["let a = (1 + ▮)", "let a = nothing(▮)", "let a = [▮]", "# smooth(▮"])
def test_nothing_to_tell(text: str) -> None:
    assert _help(text) is None


def test_what_is_said_above_a_def_is_told() -> None:
    found = _help("let a = pump(▮)")
    assert found is not None
    said = found.signatures[0].documentation
    assert isinstance(said, types.MarkupContent)
    assert said.value == "swells"
