"""Pipelines by chance: every op of the language that is rendered, with constants and curves."""

from __future__ import annotations

from random import Random

from anim_compiler.image_ops import IMAGE_OPS

HEAD = (
    'size = 32x24; fps = 8; length = 0.75s; seed = 3; model = "null"\n'
    'image photo = "photo.png"\nmask sky = "sky.png"\nmask ground = not sky or photo\n'
    'prompt { 0s: "a lake"; 0.5s: "a wood" }\n'
    "camera near 2d { zoom = 1.3 per s; border = wrap }\n"
)
CAMERAS = (
    "",
    "camera 2d { zoom = 1.2 per s; angle = 10deg * u }\n",
    "camera 3d { dolly = 30 per s; depth = estimated }\n",
    "camera 3d { pan = 20deg * u }\n",
)
BLOCKS = (
    "",
    "coherence { color = lab; noise = 5% * u; blend = 20%; sharpen = 0.3; contrast = 1 + 0.1 * u }\n",
    "grade { exposure = 0.3 * u; vignette = 30%; sharpen = u; bloom = 0.2; grain = 0.1 }\n",
    "coherence { noise = 10%; noise_type = perlin; noise_mask = ground }\n",
)
CADENCES = ("", "coherence.cadence = 2\n", "coherence.cadence = 0s: 1, 0.75s: 4\n")

#: numbers that stand in an argument of any name
_NUMBERS = {
    "weight": ("30%", "u", "0%", "100%", "u > 0.5"),
    "opacity": ("60%", "u", "0%", "100%"),
    "amount": ("5%", "0.2 * u", "0%"),
    "radius": ("2px", "3px * u + 0.1px"),
    "low": ("20%", "0%", "u"),
    "high": ("70%", "100%"),
    "x": ("3px", "4px * u"),
    "y": ("-2px",),
    "scale": ("1.05", "1 + 0.1 * u"),
    "angle": ("5deg", "360deg"),
    "strength": ("0.3", "u", "0", "1"),
    "steps": ("4", "8"),
    "seed": ("s + 1", "7"),
    "cfg_scale": ("4", "2 + u"),
    "exposure": ("0.2", "u"),
    "saturation": ("0.5", "1 + u"),
    "gain": ("1.1",),
}
_WORDS = {
    "mode": ("screen", "multiply", "add"),
    "space": ("lab", "rgb", "none"),
    "method": ("histogram", "moments"),
    "border": ("wrap", "black"),
    "type": ("perlin", "gaussian"),
    "prompt": ('"ink"',),
}
_OPS = [
    *sorted(set(IMAGE_OPS) - {"follow", "estimate_flow"}),
    "warp",
    "warp",
    "transform",
    "diffuse",
    "diffuse",
    "mix",
    "grade",
]
"""Some are what films are made of, and come more often; those of flows stand where a flow is wanted."""


def film(seed: int) -> str:
    """A film with a pipeline of two to six steps."""
    chance = Random(seed)
    has_init = chance.random() < 0.5
    known = ["previous", "first", "photo", "sky", "ground", *(["init"] if has_init else [])]
    steps: list[str] = []
    count = chance.randint(2, 6)
    carries = chance.random() < 0.5
    for number in range(count):
        name = "frame" if number == count - 1 else f"step{number}"
        if carries and number == count - 2:
            name = "carry"
        steps.append(f"  {name} = {_call(chance, known)}")
        known.append(name)
    said = ("init = photo\n" if has_init else "", chance.choice(CAMERAS), chance.choice(BLOCKS))
    return HEAD + "".join(said) + chance.choice(CADENCES) + "pipeline {\n" + "\n".join(steps) + "\n}"


def _call(chance: Random, known: list[str]) -> str:
    """A call of an op, of pictures that are there, those made last most of all."""
    op = IMAGE_OPS[chance.choice(_OPS)]
    given: list[str] = []
    for slot in op.slots:
        if slot.optional and chance.random() < 0.5:
            continue
        if slot.kind == "camera":
            given.append(chance.choice(("camera", "near")))
            continue
        picture = chance.choice([*known, *known[-2:] * 4])
        if slot.kind == "flow":
            given.append(f"estimate_flow({picture}, {chance.choice(known)})")
            continue
        if slot.kind != "image" and chance.random() < 0.3:
            picture = f"estimate_depth({picture})"
        elif chance.random() < 0.1:
            picture = f"blur({picture}, 1px)"
        given.append(f"{slot.name} = {picture}" if slot.optional else picture)
    for arg in op.args:
        values = _NUMBERS.get(arg.name) or _WORDS.get(arg.name)
        if values is not None and chance.random() < 0.4:
            given.append(f"{arg.name} = {chance.choice(values)}")
    return f"{op.name}({', '.join(given)})"
