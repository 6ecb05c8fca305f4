"""Films for the benchmarks, the same at every run, and a song for them."""

from __future__ import annotations

import random
import wave
from pathlib import Path

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
    "  rotation_3d_y = -(0.5 + song.treble ** 2) * {n}deg / 4  # a slow turn",
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


_SCENE = """\
scene part{n} {length} {{
  # what part {n} shows
  transition = {transition}
  prompt {{
    0s: "a mountain lake at dawn, part {n}, (mist:1.2)"
    50%: "a forest at night, oil painting" * {ratio}
    negative = "blurry, fog"
  }}
  camera 3d {{
    zoom = 0s: 1, 2s: {ratio} ease_out, 3s: 1.1
    translation_z = pump(swell, amount = 0.4) * {n}
    pan = {turn}deg * sine(4s)
  }}
}}
"""


def scenes(lines: int, seed: int = 1) -> str:
    """A film without mistakes of about so many lines, in scenes: a check has all of it to do."""
    source = random.Random(seed)
    made = "size = 768x512\nfps = 24\nbpm = 120\nlet swell = 0s: 0, 5s: 1 with ease_in_out\n"
    made += "def pump(x, amount = 0.5) = 1 + amount * x\ndiffuse { steps = 20; strength = 0.55 }\n"
    for number in range(1, (lines - made.count("\n")) // _SCENE.count("\n") + 1):
        values = {"length": source.choice(("4s", "8beats", "2bars")), "turn": source.randint(1, 9)}
        way = source.choice(("cut", "crossfade(1s)", "dip(1s, color = black)"))
        values |= {"transition": way if number > 1 else "cut"}
        made += _SCENE.format(n=number, ratio=f"1.{source.randint(1, 9)}", **values)
    return made


CURVES = 30
"""How many curves move in `song_film`: lets, settings and channels."""

_SETTINGS = """\
camera 3d {{
  translation_z = integrate(8 * swell0); translation_x = 20 * sin(time * 3) * swell1
  translation_y = 4 * swell2 + bass; pan = 10deg * swell3; tilt = 3deg * sin(t / 30)
  roll = 1deg * swell4 - mid; fov = 40 + 5 * swell5; zoom = 1 + 0.01 * swell6
}}
diffuse {{
  strength = clamp(0.45 + 0.1 * swell0 + 0.2 * beat, 0.1, 0.9)
  cfg_scale = 0s: 6, {half}s: 8 ease_in_out, {end}s: 6.5; seed = 0s: 3 hold, {half}s: 9; seed_mode = iter
}}
coherence {{ noise = 0.02 + 0.005 * sin(time); blend = 0.1 * swell7; color = lab; cadence = 2 }}
grade {{
  saturation = 1 + 0.1 * swell8; exposure = 0.1 * song.treble; hue = 4deg * swell9; vignette = 0.2 + 0.1 * u
  contrast = 1 + 0.05 * smooth(bass, 200ms); gamma = 1 + 0.02 * sin(t / 50); grain = 0.02 + 0.02 * u
}}
"""


def song_film(frames: int) -> str:
    """A film of so many frames at 24 a second to `song.wav`, with 30 curves and 20 prompts."""
    end = frames / 24
    swells = [
        f"let swell{n} = 0s: 0, {end / 2:.3f}s: {n + 1} ease_in_out, {end:.3f}s: 0.5" for n in range(10)
    ]
    prompts = [
        f'  {end * n / 20:.3f}s: "place {n}, oil painting"' + (' * (1 - u) + "fog" * u' if n % 5 == 4 else "")
        for n in range(20)
    ]
    head = f'size = 768x512; fps = 24; length = {end:.3f}s; seed = 7\naudio song = "song.wav" {{ bpm = 120 }}'
    settings = _SETTINGS.format(half=f"{end / 2:.3f}", end=f"{end:.3f}")
    return "\n".join([head, *swells, "prompt {", *prompts, '  negative = "blur"', "}", settings])


def write_song(path: Path, seconds: float) -> None:
    """The song of `anim new`, again and again for so long."""
    from anim_studio.firsts.media import write_song as write

    short = path.with_name("short.wav")
    write(short)
    with wave.open(str(short), "rb") as song:
        settings, once = song.getparams(), song.readframes(song.getnframes())
    whole = once * (1 + int(seconds * settings.framerate / settings.nframes))
    with wave.open(str(path), "wb") as song:
        song.setparams(settings)
        song.writeframes(whole[: int(seconds * settings.framerate) * settings.sampwidth])
