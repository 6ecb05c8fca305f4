"""The first line of the screen in words: how far the pictures are, where they are made, what is left."""

from __future__ import annotations

import numpy as np

from anim_dsl.diagnostic import Severity
from anim_studio.cli.values import format_clock
from anim_studio.live.paint.messages import Pace
from anim_studio.live.paint.shown import Shown
from anim_studio.live.tier import Tier
from anim_studio.live.version import Version
from anim_studio.renders.state import RenderState


def tiers_in_words(shown: Shown, best: Tier) -> str:
    """How far the newest version's pictures are: `draft ▸ final 38%`, the tier that all have and the next."""
    if not shown.frames or best is Tier.CURVES:
        return Tier.CURVES.word
    tiers, old = shown.tiers(best)
    fresh = np.where(old, 0, tiers)
    whole = Tier.CURVES
    for tier in (Tier.CAMERA, Tier.DRAFT, Tier.FINAL):
        share = float(np.mean(fresh >= tier))
        if share < 1.0:
            begun = share > 0 or whole is Tier.CURVES
            return f"{whole.word} ▸ {tier.word} {int(share * 100)}%" if begun and tier <= best else whole.word
        whole = tier
    return whole.word


def pace_in_words(pace: Pace | None) -> str:
    """Frames a second and the time left of what is painted now; empty where nothing is."""
    if pace is None or pace.seconds_a_frame <= 0 or pace.done >= pace.frames:
        return ""
    left = (pace.frames - pace.done) * pace.seconds_a_frame
    return f"{1 / pace.seconds_a_frame:.1f} fps · {format_clock(left)} left"


def render_in_words(state: RenderState | None) -> str:
    """How a render of this film stands; empty where there is none."""
    if state is None or state.is_over:
        return ""
    if state.life == "queued":
        return "render queued"
    parts = [f"render {state.share:.0%}"]
    if state.rate and state.pictures is None:
        parts.append(f"{state.rate:.1f} fps")
    if state.seconds_left is not None:
        parts.append(f"{format_clock(state.seconds_left)} left")
    return " · ".join(parts)


def mistakes_in_words(version: Version | None) -> str:
    """`2 mistakes` of a version whose text has errors, else empty."""
    if version is None:
        return ""
    count = sum(found.severity is Severity.ERROR for found in version.diagnostics)
    return f"{count} mistake{'s' if count != 1 else ''}" if count else ""
