"""Films for the benchmarks: many different statements, the same at every run."""

from __future__ import annotations

import random

_HEAD = """\
size = 768x512
fps = 24
length = 40s
let swell = 0s: 0, 20s: 1 with ease_in_out
audio song = "song.ogg" { bpm = 120 }
"""
_PARTS = (
    '  {key}s: "a mountain lake at night, {n}"',
    '  {key}s: "a {{swell}} forest, oil painting" * {ratio} + "fog" * (1 - swell)',
)
_CAMERA = (
    "  zoom = 0s: 1, 2s: {ratio} ease_out, 4s: 1.5 bezier(0.7, 0, 0.3, 1)",
    "  translation_z += smooth(song.bass, 80ms) * {n}px per s",
    "  roll = sin(t * {ratio}) * 3deg if song.onset > 0.5 else -2deg",
    "  rotation_3d_y = -(0.5 + song.high ** 2) * {n}deg / 4  # a slow turn",
    "  translation_x = clamp(bass * 2 + (1 - swell) ** 2, low = 0, high = {ratio}) * 10px",
)
_OTHER = (
    "let depth{n} = clamp(bass * 2 + (1 - swell) ** 2, 0, 1)",
    "diffuse {{ strength = 0.4 + 0.2 * song.beat; steps = {steps}; cfg_scale = 6 }}",
    "def pump{n}(x, amount = {ratio}) = 1 + amount * x",
    "coherence {{\n  color = lab\n  noise = {ratio}\n  blend = 20%\n}}",
    "let mix{n} = cycle([0.1, 0.2, {ratio}], every(2beats)) if 0 < swell <= 0.5 else 1",
)


def film(lines: int, seed: int = 1) -> str:
    """A film of so many lines, which parses without a diagnostic."""
    source = random.Random(seed)
    made = _HEAD.splitlines()
    while len(made) < lines:
        made += _piece(source, len(made)).splitlines()
    return "\n".join(made[: _last_whole(made, lines)]) + "\n"


def _piece(source: random.Random, n: int) -> str:
    """A statement with its block, and an empty line."""
    values = {"n": n, "steps": source.randint(8, 30), "ratio": f"{source.random():.2f}"}
    kind = source.randrange(4)
    if kind == 0:
        rows = [source.choice(_PARTS).format(key=key, **values) for key in range(source.randint(1, 5))]
        return "\n".join(["prompt {", *rows, '  negative = "fog, blur"', "}", "", ""])
    if kind == 1:
        rows = [row.format(**values) for row in source.sample(_CAMERA, source.randint(1, 5))]
        return "\n".join([f"# what part {n} shows", "camera 3d {", *rows, "}", "", ""])
    return "\n".join([source.choice(_OTHER).format(**values), "", ""])


def _last_whole(made: list[str], lines: int) -> int:
    """Where to cut, so that no block stays open."""
    depth, last = 0, 0
    for number, line in enumerate(made, start=1):
        code = line.split("#")[0]
        depth += code.count(" {") - code.count(" {swell") - code.count("}") + code.count("swell}")
        if depth == 0 and number <= lines:
            last = number
    return last
