"""What a file says of itself: title, author, chapters, and how it was made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version

from anim_compiler.plan import Columns, OutputSpec, Plan
from anim_runtime.digests import plan_digest
from anim_runtime.encode.mux import Chapter
from anim_runtime.told import Facts, Told


def metadata(plan: Plan, output: OutputSpec) -> dict[str, str]:
    """The tags of a film's file; none with `metadata = off`."""
    if not output.metadata:
        return {}
    tags = {"title": plan.name, "artist": plan.author, "comment": made_by(plan)}
    return {name: text for name, text in tags.items() if text}


def made_by(plan: Plan) -> str:
    """By which version a film was made, of which text and plan (sha256), with which seed."""
    return f"anim {_version()} film {plan.film_sha256} plan {plan_digest(plan)} seed {plan.seed}"


def chapters(plan: Plan, output: OutputSpec, end: Fraction) -> tuple[Chapter, ...]:
    """A chapter a scene, up to the file's `end` in seconds; none for a film of one scene."""
    if not output.metadata or len(plan.scenes) < 2:
        return ()
    seconds = 1 / (Fraction(plan.fps) * Fraction(output.speed))
    starts = [scene.start * seconds for scene in plan.scenes]
    ends = [*starts[1:], end]
    return tuple(
        Chapter(scene.name, start, stop)
        for scene, start, stop in zip(plan.scenes, starts, ends, strict=True)
        if start < stop
    )


class FrameTexts:
    """What stands in the picture file of a frame."""

    def __init__(self, plan: Plan, columns: Columns) -> None:
        self._plan = plan
        self._told = Told(plan, columns)
        self._made_by = made_by(plan)

    def at(self, frame: int) -> Mapping[str, str]:
        """`parameters`, as the web UIs for Stable Diffusion write and read them, and `anim`, as JSON."""
        record = {
            "made by": self._made_by,
            "frame": frame,
            "time": str(Fraction(frame) / Fraction(self._plan.fps)),
        }
        return {"parameters": self._parameters(frame), "anim": json.dumps(record)}

    def _parameters(self, frame: int) -> str:
        told, plan = self._told.at(frame), self._plan
        lines = [told.prompt]
        if told.negative:
            lines.append(f"Negative prompt: {told.negative}")
        facts: dict[str, object] = {
            "Steps": told.steps,
            "Sampler": told.sampler,
            "CFG scale": _short(told.cfg_scale),
        }
        facts |= {
            "Seed": plan.seed if told.seed is None else told.seed,
            "Size": f"{plan.width}x{plan.height}",
        }
        model = next((m for m in plan.models if m.reference == told.model), plan.model)
        facts |= {"Model hash": model.sha256[:10], "Model": model.reference}
        facts |= {
            "VAE": None if plan.vae is None else plan.vae.reference,
            "Clip skip": told.clip_skip,
            "Eta": _short(told.eta),
            "Lora hashes": self._loras(told),
            "Controls": ", ".join(f"{name} {_short(weight)}" for name, weight in told.controls) or None,
        }
        facts |= {"Denoising strength": _short(told.strength), "Version": f"anim {_version()}"}
        lines.append(
            ", ".join(f"{name}: {_quoted(fact)}" for name, fact in facts.items() if fact is not None)
        )
        return "\n".join(lines)

    def _loras(self, told: Facts) -> str | None:
        """The LoRAs that acted, as `grain: 339c2e7013 at 0.6`."""
        digests = {ref.name: ref.sha256[:10] for ref in self._plan.loras}
        return ", ".join(f"{name}: {digests[name]} at {_short(w)}" for name, w in told.loras) or None


def _short(number: float | None) -> str | None:
    return None if number is None else f"{number:.6g}"


def _quoted(fact: object) -> str:
    """Values with a comma or colon stand in quotes, as those web UIs have it."""
    text = str(fact)
    return json.dumps(text, ensure_ascii=False) if any(sign in text for sign in ",:\n") else text


def _version() -> str:
    try:
        return version("anim")
    except PackageNotFoundError:
        return "unknown"
