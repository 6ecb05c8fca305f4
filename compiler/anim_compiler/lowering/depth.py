"""Depth that is a picture of the film's: what a camera's `depth` names."""

from __future__ import annotations

from anim_compiler.film import DEPTH_MODEL, Camera, OpCall, PictureRef, Shot
from anim_compiler.lowering.arguments import camera_of
from anim_compiler.lowering.bases import MOVED

_WORDS = frozenset({"flat", "estimated"})


def pictured(camera: Camera | None) -> str | None:
    """The picture that says how far things are; None if an estimator does, or nothing."""
    if camera is None or camera.axes != 3 or camera.depth in _WORDS or camera.depth.startswith(DEPTH_MODEL):
        return None
    return camera.depth


def instead(shot: Shot, call: OpCall) -> PictureRef | None:
    """The picture that stands for an estimate."""
    name = pictured(shot.camera) if call.op == "estimate_depth" else None
    return None if name is None else PictureRef(name, call.span)


def unsaid(shot: Shot, call: OpCall) -> tuple[PictureRef, ...]:
    """The picture of depth that a camera's move reads though the call does not say it."""
    if call.op not in MOVED or len(call.inputs) > 1:
        return ()
    name = pictured(camera_of(shot, str(call.args.get("camera") or "")))
    return () if name is None else (PictureRef(name, call.span),)
