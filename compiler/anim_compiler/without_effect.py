"""What a film may say though this version does nothing with it."""

from __future__ import annotations

from anim_compiler.film import Film
from anim_compiler.findings import Findings
from anim_compiler.levels import Collected
from anim_compiler.not_yet import WITHOUT_KERNEL, found
from anim_compiler.rig import RANGE


def idle(said: Collected, findings: Findings) -> None:
    """Warns of settings without effect, on each."""
    levels = (said.film, *(scene.level for scene in said.scenes))
    rows = [(block, e) for level in levels for block, entries in level.entries.items() for e in entries]
    rows += [("output", e) for output in said.outputs for e in output.entries]
    cameras = [*said.cameras.values(), *(level.camera for level in levels if level.camera is not None)]
    rows += [("camera", e) for camera in cameras for e in camera.entries if e.name not in RANGE]
    for block, entry in rows:
        if (block, entry.name) in WITHOUT_KERNEL and not findings.wrong_within(entry.span):
            findings.warning(
                "W6008",
                entry.at,
                f"`{entry.written}` has no effect in this version yet",
                hint="the film renders as if it were not there",
            )


def later(film: Film, findings: Findings) -> None:
    """Warns of what is checked and not rendered yet."""
    for span, message, hint in found(film):
        findings.warning("W6008", span, message, hint=hint)
