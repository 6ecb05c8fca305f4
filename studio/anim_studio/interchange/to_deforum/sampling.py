"""How frames are sampled and kept together, as Deforum's settings."""

from __future__ import annotations

import numpy as np

from anim_compiler.film import WordSchedule
from anim_compiler.ranges import read_ranges
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.to_baked import printed
from anim_studio.interchange.to_deforum.defaults import Setting
from anim_studio.interchange.to_deforum.part import Part
from anim_studio.interchange.to_texts import runs

#: Deforum's schedules that are always on: our setting, and what it is where nothing is said
_ALWAYS = {
    "noise_schedule": ("coherence.noise", 0.0),
    "contrast_schedule": ("coherence.contrast", 1.0),
    "cfg_scale_schedule": ("diffuse.cfg_scale", 5.0),
    "amount_schedule": ("coherence.sharpen", 0.0),
    "sigma_schedule": ("coherence.sharpen_radius", 1.0),
    "threshold_schedule": ("coherence.sharpen_threshold", 0.0),
    "cadence_flow_factor_schedule": ("coherence.flow_factor", 1.0),
    "noise_multiplier_schedule": ("diffuse.noise_multiplier", 1.0),
}
#: the samplers that Deforum knows by name
_LISTED = frozenset(
    (
        *("Euler a", "Euler", "LMS", "LMS Karras", "Heun", "DDIM", "PLMS", "UniPC"),
        *("DPM2", "DPM2 Karras", "DPM2 a", "DPM2 a Karras", "DPM++ 2S a", "DPM++ 2S a Karras"),
        *("DPM++ 2M", "DPM++ 2M Karras", "DPM++ SDE", "DPM++ SDE Karras"),
        *("DPM++ 2M SDE", "DPM++ 2M SDE Karras", "DPM++ 2M SDE Exponential"),
        *("DPM++ 2M SDE Heun", "DPM++ 2M SDE Heun Karras", "DPM++ 2M SDE Heun Exponential"),
        *("DPM++ 3M SDE", "DPM++ 3M SDE Karras", "DPM++ 3M SDE Exponential"),
    )
)


def sampling(part: Part) -> tuple[dict[str, Setting], list[Remark]]:
    """Strength, steps, guidance, seeds, samplers, noise and sharpness."""
    said: dict[str, Setting] = {
        key: part.schedule(key, name, default) for key, (name, default) in _ALWAYS.items()
    }
    said["strength_schedule"] = _strength(part)
    said["strength"] = float(printed(float(1.0 - part.column("diffuse.strength", 0.5)[0])))
    steps = part.column("diffuse.steps", 20.0)
    said["steps"] = int(steps[0])
    said["steps_schedule"] = part.schedule("steps_schedule", "diffuse.steps", 20.0, is_whole=True)
    said["enable_steps_scheduling"] = bool(np.ptp(steps))
    said["enable_noise_multiplier_scheduling"] = True
    radius = float(part.column("coherence.sharpen_radius", 1.0).max())
    said["kernel_schedule"] = f"0: ({max(3, 2 * round(2.0 * radius) + 1)})"
    seeds, remarks = _seeds(part)
    words, more = _words(part)
    return {**said, **_clip(part), **seeds, **words}, [*remarks, *more]


def _strength(part: Part) -> str:
    """What stays of the frame before: nothing where a scene begins, so that Deforum begins from noise."""
    stays = 1.0 - part.column("diffuse.strength", 0.5)
    for shot, first, _ in part.shots[1:]:
        if shot.transition.kind != "continue":
            # read at frames that are diffused alone
            every = usual_cadence(part)
            stays[min(-(-first // every) * every, part.frames - 1)] = 0.0
    return part.said("strength_schedule", stays, part.written("diffuse.strength"), scale=-1)


def usual_cadence(part: Part) -> int:
    """The cadence that most frames have; where a trigger says which are diffused, how far they are apart."""
    cadence = part.column("coherence.cadence", 1.0)
    if not np.ptp(cadence):
        return max(1, int(cadence[0]))
    drawn = sum(
        part.first <= frame < part.end
        for scene in part.film.plan.scenes
        for kind, template in scene.templates.items()
        if kind != "tween"
        for frame in read_ranges(template.frames)
    )
    return max(1, min(50, round(part.frames / max(1, drawn))))


def _clip(part: Part) -> dict[str, Setting]:
    """Settings with a switch, which is on where the film says them."""
    said: dict[str, Setting] = {}
    if part.written("diffuse.clip_skip") or "diffuse.clip_skip" in part.film.curves:
        said["enable_clipskip_scheduling"] = True
        said["clipskip_schedule"] = part.schedule(
            "clipskip_schedule", "diffuse.clip_skip", 1.0, is_whole=True
        )
    if "diffuse.eta" in part.film.curves:
        sampler = part.film.words.get("diffuse.sampler", ("",))[part.first]
        kind = "ddim" if sampler.startswith("DDIM") else "ancestral"
        said[f"enable_{kind}_eta_scheduling"] = True
        said[f"{kind}_eta_schedule"] = part.schedule(f"{kind}_eta_schedule", "diffuse.eta", 0.0)
    return said


def _seeds(part: Part) -> tuple[dict[str, Setting], list[Remark]]:
    """Seeds by their behaviour, or as a schedule where they change by themselves."""
    shots = [shot for shot, _, _ in part.shots]
    said: dict[str, Setting] = {"seed": -1 if part.film.film.seed < 0 else part.film.plan.seed}
    lives = any(shot.numbers["diffuse.seed"].live for shot in shots if "diffuse.seed" in shot.numbers)
    modes = {str(shot.words.get("diffuse.seed_mode") or "iter") for shot in shots}
    alike = len({shot.seed for shot in shots}) == 1 and len(modes) == 1 and part.first == 0
    written = part.written("diffuse.seed")
    keyed = written is not None and written.span is not None
    if alike and not keyed and not (lives and len(shots) > 1):
        return {**said, "seed_behavior": modes.pop()}, []
    seeds = part.column("diffuse.seed", float(part.film.plan.seed))
    whole, rest = np.floor(seeds), seeds % 1.0
    said |= {"seed": part.film.plan.seed, "seed_behavior": "schedule"}
    said["seed_schedule"] = part.said("seed_schedule", whole, written, is_whole=True)
    if np.any(rest):
        said["enable_subseed_scheduling"] = True
        said["subseed_schedule"] = part.said("subseed_schedule", whole + 1.0, is_whole=True)
        said["subseed_strength_schedule"] = part.said("subseed_strength_schedule", rest)
    return said, []


def _words(part: Part) -> tuple[dict[str, Setting], list[Remark]]:
    """The sampler, the model, colours."""
    film, remarks = part.film, []
    samplers = film.words.get("diffuse.sampler", ("DPM++ 2M",) * film.plan.frames)[part.first : part.end]
    said: dict[str, Setting] = {"sampler": samplers[0]}
    if len(set(samplers)) > 1:
        said |= {"enable_sampler_scheduling": True, "sampler_schedule": _texts(samplers)}
    says = "Deforum has none of this name: choose one there, if A1111 has it"
    strange = sorted(set(samplers) - _LISTED)
    remarks += [Remark(Fate.LOST, f"sampler `{name}`", says) for name in strange]
    said |= _model(part)
    if film.film.model is None:
        says = "the model that comes with anim exists only here; choose a checkpoint in A1111"
        remarks.append(Remark(Fate.LOST, "model", says))
    colours, more = _colours(part)
    return said | colours, [*remarks, *more]


def _model(part: Part) -> dict[str, Setting]:
    model = part.film.film.model
    if isinstance(model, WordSchedule):
        names = [_file(text) for text in part.film.words["model"][part.first : part.end]]
        return {
            "sd_model_name": names[0],
            "enable_checkpoint_scheduling": True,
            "checkpoint_schedule": _texts(names),
        }
    return {"sd_model_name": "" if model is None else _file(model)}


def _file(reference: str) -> str:
    """The name that A1111 shows of a checkpoint: its file's."""
    return reference.rsplit("/", 1)[-1]


def _texts(words: list[str] | tuple[str, ...]) -> str:
    """A schedule of texts, each until the next."""
    return ", ".join(f'{frame}: ("{word}")' for frame, word in runs(words))


def _colours(part: Part) -> tuple[dict[str, Setting], list[Remark]]:
    """Colour coherence and the kind of noise, of the first shot: Deforum has one for the whole run."""
    words = part.shots[0][0].words
    color = str(words.get("coherence.color") or "none")
    said: dict[str, Setting] = {
        "color_coherence": "None" if color == "none" else color.upper(),
        "noise_type": "perlin" if words.get("coherence.noise_type") == "perlin" else "uniform",
    }
    remarks = []
    if color != "none" and words.get("coherence.color_method") != "histogram":
        says = "Deforum matches whole histograms, with red and blue swapped"
        remarks.append(Remark(Fate.CHANGED, "coherence.color", says))
    return said, remarks
