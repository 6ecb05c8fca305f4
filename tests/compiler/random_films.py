"""Films at random, alike enough that many of their frames are the same, and edits of them."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

_NUMBERS = {
    "strength": ("0.5", "0.5 + 0.1 * sin(t)", "0: 0.5 hold, 7: 1", "1", "0: 0 hold, 5: 0.6", "0.5"),
    "cfg_scale": ("5", "0: 5, 9: 7", "5 + u"),
    "steps": ("4", "0: 4 hold, 8: 6"),
    "noise": ("0", "0.02", "0: 0 hold, 6: 0.02"),
    "blend": ("0", "0.2", "0: 0 hold, 8: 0.3"),
    "zoom": ("1", "1.02 per f", "0: 1 hold, 8: 1.2"),
    "saturation": ("1", "1.2", "0: 1 hold, 8: 1.4"),
    "grain": ("0", "0: 0 hold, 9: 0.1"),
    "seed": ("3", "4", "0: 3 hold, 6: 3.5", "-1"),
}
_WORDS = {
    "cadence": ("1", "2", "3"),
    "color": ("none", "lab", "hsv"),
    "sampler": ("Euler", "DDIM", '0s: "Euler", 0.5s: "DDIM"'),
    "morph": ("slerp", "linear", "cut"),
    "scenes": ("one", "two", "goes on", "fade", "dip"),
    "seed_mode": ("iter", "fixed", "ladder"),
}
_PROMPTS = (
    '"a forest"',
    '"a forest" * u + "fire" * (1 - u)',
    '"rain:{floor(t / 4)}"',
    '"rain" * 2 + "fog" * 0',
    '"rain"',
    '"a lake" * 0.5 + "fire" * (t > 6)',
)


@dataclass(frozen=True)
class Film:
    """What a random film says of everything that may change."""

    values: dict[str, str]
    prompts: tuple[str, ...]
    comment: str = ""

    @property
    def text(self) -> str:
        """The film as text: 16 frames."""
        v = self.values
        keys = "\n".join(f"  {i * 0.5:g}s: {prompt}" for i, prompt in enumerate(self.prompts))
        sampler = v["sampler"] if ":" in v["sampler"] else f'"{v["sampler"]}"'
        return f"""{self.comment}
size = 64x64; fps = 8; seed = {v["seed"] if ":" not in v["seed"] else "3"}
prompt {{
{keys}
  morph = {v["morph"]}
  negative = "blur"
}}
camera 2d {{ zoom = {v["zoom"]} }}
diffuse {{
  steps = {v["steps"]}; strength = {v["strength"]}; cfg_scale = {v["cfg_scale"]}; sampler = {sampler}
  seed = {v["seed"]}; seed_mode = {v["seed_mode"]}
}}
coherence {{ color = {v["color"]}; cadence = {v["cadence"]}; noise = {v["noise"]}; blend = {v["blend"]} }}
grade {{ saturation = {v["saturation"]}; grain = {v["grain"]} }}
{self._scenes()}
"""

    def _scenes(self) -> str:
        way = {"goes on": "continue", "fade": "crossfade(0.5s)", "dip": "dip(0.5s)", "two": "cut"}
        kind = self.values["scenes"]
        if kind == "one":
            return "length = 2s"
        return f"scene a 1s {{ }}\nscene b 1s {{ transition = {way[kind]} }}"


def film(source: random.Random) -> Film:
    """A film."""
    values = {name: source.choice(of) for name, of in (_NUMBERS | _WORDS).items()}
    return Film(values, tuple(source.choice(_PROMPTS) for _ in range(source.randint(1, 3))))


def edited(old: Film, source: random.Random) -> Film:
    """The film with one thing changed."""
    what = source.randrange(12)
    if what == 0:
        return replace(old, comment=f"# take {source.randrange(99)}")
    if what <= 2:
        prompts = list(old.prompts)
        prompts[source.randrange(len(prompts))] = source.choice(_PROMPTS)
        return replace(old, prompts=tuple(prompts))
    if what == 3:
        return replace(old, prompts=(*old.prompts[: source.randint(1, 2)], source.choice(_PROMPTS)))
    name = source.choice(sorted(old.values))
    return replace(old, values=old.values | {name: source.choice((_NUMBERS | _WORDS)[name])})
