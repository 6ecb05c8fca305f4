"""W6033, W6034, W6054, W6055: settings at a value where nothing new, or nothing old, is ever seen."""

from __future__ import annotations

from anim_compiler.advice.looking import always, shared
from anim_compiler.advice.moving import channels, moves
from anim_compiler.film import Film, Shot
from anim_compiler.findings import Findings
from anim_dsl.source import Span


def nothing_new(film: Film, findings: Findings) -> None:
    """`strength = 0` and `blend = 1` at every frame."""
    for curve, _ in shared(film, "diffuse.strength"):
        if always(curve) == 0.0 and curve.span is not None:
            findings.warning(
                "W6033",
                curve.span,
                "`strength` is always 0: after the first frame nothing is made anew",
                hint="write 0.3 to 0.6; 1 is a new picture at every frame",
            )
    for curve, _ in shared(film, "coherence.blend"):
        if always(curve) == 1.0 and curve.span is not None:
            findings.warning(
                "W6034",
                curve.span,
                "`blend` is always 1: only the carried picture is ever shown",
                hint="write 0.2 to 0.5; 0 shows the new picture alone",
            )


def nothing_carried(film: Film, findings: Findings) -> None:
    """`strength = 1` makes every frame from noise: the camera moves nothing, `init` is not seen."""
    for curve, shots in shared(film, "diffuse.strength"):
        if always(curve) != 1.0 or curve.span is None or not all(map(_forgets, shots)):
            continue
        moving = next((shot for shot in shots if moves(shot)), None)
        if moving is not None:
            name = next(name for name in channels(moving) if moves(moving, {name}))
            message = f"`strength` is always 1: every frame is made from noise, so `{name}` moves nothing"
        elif any(shot.init for shot in shots):
            message = "`strength` is always 1: every frame is made from noise, so `init` is never seen"
        else:
            continue
        hint = "write 0.4 to 0.7, so that a part of the picture is carried"
        findings.warning("W6054", curve.span, message, hint=hint)


def _forgets(shot: Shot) -> bool:
    cadence = always(shot.numbers.get("coherence.cadence"))
    blend = always(shot.numbers.get("coherence.blend"))
    return shot.pipeline is None and cadence in (None, 1.0) and blend in (None, 0.0)


def unheard_negative(film: Film, findings: Findings) -> None:
    """At `cfg_scale = 1` the negative prompt is not used."""
    for curve, shots in shared(film, "diffuse.cfg_scale"):
        negative = all(has_negative(shot) for shot in shots)
        if always(curve) != 1.0 or curve.span is None or not negative:
            continue
        findings.warning(
            "W6055",
            curve.span,
            "at `cfg_scale = 1` the negative prompt has no effect",
            hint="write 5 to 8, or remove `negative`",
        )


def has_negative(shot: Shot) -> bool:
    """Whether a shot has a negative prompt that says something."""
    return any(
        key.span != Span(0, 0) and any(part for text in key.value for part in text.parts)
        for key in shot.prompts.negative
    )
