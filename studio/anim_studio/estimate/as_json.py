"""What a render would do, as data for programs: `anim plan --json`, described in `docs/anim-plan.md`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from anim_studio.estimate.forecast import Forecast
from anim_studio.estimate.work import Work

VERSION = 1
"""Raised when a field goes or changes its meaning; new ones may come without."""


def as_json(found: Forecast) -> dict[str, Any]:
    """The document, as JSON's own types; Any because values are of all of them."""
    plan, guess = found.plan, found.estimate
    return {
        "version": VERSION,
        "name": plan.name,
        "film_sha256": plan.film_sha256,
        "frames": plan.frames,
        "fps": plan.fps,
        "seconds": round(found.seconds, 6),
        "width": plan.width,
        "height": plan.height,
        "model": {"reference": plan.model.reference, "sha256": plan.model.sha256},
        "drawn_with": [
            {"kind": kind, "name": ref.name, "reference": ref.reference, "sha256": ref.sha256}
            for kind, refs in (
                ("lora", plan.loras),
                ("embedding", plan.embeddings),
                ("controlnet", plan.controls),
            )
            for ref in refs
        ],
        "device": found.device,
        "nothing_to_do": found.is_done,
        "unchanged_frames": found.ready,
        "batch": found.batch or None,
        "work": {**_work(found.work.total), "denoiser_calls": found.calls},
        "scenes": [
            {"name": scene.name, "start": scene.start, "end": scene.end, **_work(work)}
            for scene, work in zip(plan.scenes, found.work.scenes, strict=True)
        ],
        "outputs": [
            {"path": file.path.as_posix(), "frames": file.frames, "state": file.state} for file in found.files
        ],
        "memory": {**asdict(found.memory), "total": found.memory.total},
        "estimate": None
        if guess is None
        else {
            "seconds": round(guess.seconds, 3),
            "low": round(guess.low, 3),
            "high": round(guess.high, 3),
            "from_frames": guess.frames,
            "from_renders": guess.runs,
            "scaled_from_pixels": guess.pixels or None,
            "parts": {name: round(seconds, 3) for name, seconds in guess.parts.items()},
        },
    }


def _work(work: Work) -> dict[str, int]:
    return {
        "made": work.frames,
        "reused": work.reused,
        "alike": work.alike,
        "first": work.first,
        "diffused": work.diffused,
        "fresh": work.fresh,
        "tweens": work.tweens,
        "denoiser_steps": work.steps,
        "denoiser_pictures": work.passes,
        "controlnet_pictures": work.controls,
        "encodes": work.encodes,
        "decodes": work.decodes,
        "depth_estimates": work.depths,
        "flow_estimates": work.flows,
        "resamples": work.resamples,
    }
