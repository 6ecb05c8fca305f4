"""Films at random, small enough to render in a moment: blocks, scenes and pipelines of every op."""

from __future__ import annotations

from random import Random

SIZE = (48, 32)
FRAMES = 7


def film_text(rng: Random) -> str:
    """A film of 48 × 32 px and seven frames on the engine without a model. It needs `photo.png` beside it."""
    lines = [
        f'size = 48x32; fps = 8; model = "null"; seed = {rng.randrange(99)}',
        'image photo = "photo.png"',
        'prompt { 0s: "a lake"; 0.5s: "a forest at night" }',
    ]
    if rng.random() < 0.3:
        lines.append("init = photo")
    camera = rng.choice((0, 2, 2, 3))
    lines += [_camera(rng, camera), _diffuse(rng), _coherence(rng), _grade(rng)]
    if rng.random() < 0.6:
        lines.append(_pipeline(rng, camera, init="init = photo" in lines))
    if rng.random() < 0.3:
        way = rng.choice(("cut", "continue", "crossfade(0.25s)", "dip(0.25s)", "wipe(0.25s)"))
        lines += ["scene one 0.5s { }", f"scene two {FRAMES - 4}f {{ transition = {way}; {_strength(rng)} }}"]
    else:
        lines.append(f"length = {FRAMES}f")
    return "\n".join(line for line in lines if line) + "\n"


def _camera(rng: Random, axes: int) -> str:
    moves = {
        2: ("zoom = 0s: 1, 1s: 1.1", "angle = 4deg * sine(0.5s)", "translation_x = 3px * u", "zoom = 1"),
        3: ("translation_z = 0s: 0, 1s: 20", "rotation_3d_y = 0s: 0deg, 1s: 6deg", "depth = estimated"),
    }
    if not axes:
        return ""
    border = rng.choice(("reflect", "wrap", "replicate", "black"))
    chosen = rng.sample(moves[axes][:-1], rng.randint(1, 2)) if rng.random() < 0.8 else [moves[axes][-1]]
    return f"camera {axes}d {{ {'; '.join((*dict.fromkeys(chosen), f'border = {border}'))} }}"


def _strength(rng: Random) -> str:
    found = ("0.5", "1", "0.05", "1 if t % 3 == 1 else 0.4", "0.3 + 0.4 * u", "0", "0.25s: 1, 0.5s: 0.4")
    return f"diffuse.strength = {rng.choice(found)}"


def _diffuse(rng: Random) -> str:
    batch = f"; batch = {rng.randint(1, 4)}" if rng.random() < 0.3 else ""
    sampler = rng.choice(('"Euler a"', '0s: "Euler", 0.4s: "DDIM"'))
    steps = rng.choice(("4", "10", "3 + t % 2"))
    return f"diffuse {{ steps = {steps}; sampler = {sampler}{batch} }}\n{_strength(rng)}"


def _coherence(rng: Random) -> str:
    found = {
        "color": rng.choice(("none", "lab", "rgb", "hsv")),
        "color_method": rng.choice(("smooth", "histogram", "moments")),
        "blend": rng.choice(("0", "0.3", "0.3 * (t % 2)", "0.5 if t > 3 else 0")),
        "noise": rng.choice(("0", "0.03", "0.1 * (t % 3 == 0)")),
        "noise_type": rng.choice(("gaussian", "perlin")),
        "cadence": rng.choice(("1", "1", "2", "3")),
        "contrast": rng.choice(("1", "1.05", "1 + 0.1 * (t % 2)")),
        "sharpen": rng.choice(("0", "0.3")),
    }
    kept = rng.sample(sorted(found), rng.randint(0, len(found)))
    return f"coherence {{ {'; '.join(f'{name} = {found[name]}' for name in kept)} }}"


def _grade(rng: Random) -> str:
    found = {
        "exposure": ("0.2", "0.3 * u", "0"),
        "saturation": ("1.2", "1 + 0.4 * (t % 2)"),
        "hue": ("20deg", "0deg"),
        "gamma": ("1.1",),
        "vignette": ("30%", "0"),
        "grain": ("0.1", "0.1 * (t % 2)"),
        "bloom": ("0.3", "0"),
        "sharpen": ("0.4", "0"),
    }
    kept = rng.sample(sorted(found), rng.randint(0, 4))
    return f"grade {{ {'; '.join(f'{name} = {rng.choice(found[name])}' for name in kept)} }}"


def _pipeline(rng: Random, axes: int, *, init: bool) -> str:
    """Steps that each take pictures of those before; `carry` and `frame` end it."""
    pictures = ["previous", "previous", "previous", "first", "photo", *(["init"] if init else [])]
    lines = []
    for number in range(rng.randint(2, 6)):
        lines.append(f"  s{number} = {_call(rng, pictures, axes)}")
        pictures += [f"s{number}"] * 2
    model = rng.choice(("diffuse({0})", "diffuse({0}, strength = 1 if t % 2 else 0.5)", "generate()", "{0}"))
    lines.append(f"  carry = {model.format(pictures[-1])}")
    if rng.random() < 0.4:
        lines.insert(-1, f"  late = {_call(rng, pictures, axes)}")
        pictures += ["late"]
    shown = rng.choice(
        ("grade(carry)", "carry", "mix(carry, {0}, 30%)", "composite(carry, {0}, screen, 50%)")
    )
    return "pipeline {\n" + "\n".join([*lines, f"  frame = {shown.format(pictures[-1])}"]) + "\n}"


def _call(rng: Random, pictures: list[str], axes: int) -> str:
    one, other, third = (rng.choice(pictures) for _ in range(3))
    calls = [
        f"contrast({one}, {rng.choice(('1.1', '1', '1 + 0.2 * (t % 2)'))})",
        f"contrast(contrast({one}, 1.1), 0.95)",
        f"sharpen({one}, 0.3)",
        f"blur({one}, {rng.choice(('1.5px', '0px', '2px * (t % 2)'))})",
        f"add_noise({one}, {rng.choice(('0', '0.05', '0.1 * u'))})",
        f"match_color({one}, {other}, {rng.choice(('lab', 'rgb', 'none'))})",
        f"match_color({one}, first, lab)",
        f"transform({one}, scale = {rng.choice(('1.03', '1', '1 + 0.05 * u'))})",
        f"mix({one}, {other}, {rng.choice(('0%', '30%', '100%', '50% * (t % 2)'))})",
        f"blend({one}, {other}, {rng.choice(('0', '0.4'))})",
        f"composite({one}, {other}, multiply, {rng.choice(('0%', '60%'))})",
        f"grade({one}, exposure = {rng.choice(('0', '0.2'))}, vignette = 20%)",
        f"mix({one}, {other}, 50%, luma_mask({third}))",
        f"blur({one}, 2px, difference_mask({one}, {other}))",
        f"diffuse({one}, strength = {rng.choice(('1', '0.3', '1 if t == 3 else 0.5'))})",
        f"mix(diffuse({one}, strength = 0.3 + 0.2 * u), diffuse({one}, strength = 0.3 + 0.2 * u), 50%)",
        "generate()",
    ]
    if axes:
        uncovered = f"uncovered({third}, camera)"
        calls += [f"warp({one}, camera)", f"warp({one}, camera)", f"mix({one}, {other}, 50%, {uncovered})"]
        calls += [f"warp(transform({one}, scale = 1.02), camera)"]
    return rng.choice(calls)
