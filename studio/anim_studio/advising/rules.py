"""The rules of advice: each looks at one trouble, and says what helps, the best first.

The numbers in the comments were measured with the built-in model, 36 frames of 128 px at 12 fps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from anim_studio.advising.advice import Advice
from anim_studio.advising.measured import Found
from anim_studio.advising.settings import Settings
from anim_studio.advising.told import Told, number, percent, seconds

#: flicker at half of the frames, from which a film is said to flicker: it is 0.065 at a strength of 85% and
#: 0.047 at 55%, near the default; 40%, a blend of 30% and a cadence of 2 have 0.013
FLICKER = 0.05
#: ops whose moves the measure does not follow, so that they count as flicker
UNTRACKED = frozenset({"kaleidoscope", "layer"})
#: drift that 19 of 20 frames stay below, from which colours are seen to run away while the prompt stays:
#: 0.18 without colour coherence, 0.03 with `lab`
DRIFT = 0.10
#: below these a prompt that changes changes nothing that is seen: an ocean that is to become a city stays one
#: at a strength of 15%, with a flicker of 0.007 and a drift of 0.07 (colours that run away); from 30% on it
#: is a city, with 0.053 and 0.6, or with `lab` 0.075 and 0.17
STILL_DRIFT, STILL_FLICKER = 0.1, 0.015
#: how much of the sharpness of its beginning a film may lose
SOFT = 0.6
#: mean luma below which a picture is hard to see on most screens
DARK = 0.06
#: seconds of work for a second of film from which a render is slow, and seconds below which nobody minds
SLOW, PATIENT = 30.0, 60.0

Rule = Callable[[Settings, Found, Told], Iterator[Advice]]


def memory(settings: Settings, found: Found, told: Told) -> Iterator[Advice]:
    """A render that ran out of memory, or had to make frames in smaller groups."""
    failed = found.failed
    if failed is not None and failed.exit_code == 5:
        said = failed.message
        yield Advice("memory", said, "size", settings.size, _smaller(settings), "which needs half the memory")
        if settings.batch != 1:
            now = "as many as fit" if settings.batch == 0 else str(settings.batch)
            why = "so that one frame at a time passes the model; it takes longer"
            yield Advice("memory", said, "diffuse.batch", now, "1", why)
        if settings.model != "postcard":
            yield Advice("memory", said, "diffuse.precision", "auto", "float16", "which halves the model")
    elif found.fewer:
        least = _fitting(found.fewer[-1])
        now = "as many as fit" if settings.batch in (0, 1) else str(settings.batch)
        why = "what fitted in the end, so that nothing is tried in vain; pictures stay the same"
        yield Advice("memory", found.fewer[-1].split(":")[0], "diffuse.batch", now, str(least), why)


def flicker(settings: Settings, found: Found, told: Told) -> Iterator[Advice]:
    """Frames that differ more than they moved."""
    values = found.figure("flicker")
    if settings.strength is None or not values.size:
        return
    # beats and strobes flicker at some frames and on purpose; a model that flickers does at most of them
    typical = float(np.median(values))
    is_meant = typical < FLICKER or bool(settings.ops & UNTRACKED)
    if is_meant and not told.expects("flicker"):
        return
    most = int(np.nanargmax(found.figures["flicker"]))
    peak = f"{number(values.max())} at frame {told.frame(most)}"
    said = f"flicker is {number(typical)} on a typical frame, {peak}"
    if settings.blend < 0.35:
        then = min(0.6, settings.blend + 0.4)
        why = "so that more of the carried picture stays; a blend of 40% took 44% of the flicker away"
        yield Advice("flicker", said, "coherence.blend", percent(settings.blend), percent(then), why)
    if settings.cadence == 1 and settings.tweens == 0:
        why = "which took 48% of the flicker away, and half of the time"
        yield Advice("flicker", said, "coherence.cadence", "1", "2", why)
    if settings.strength > 0.45:
        then = max(0.4, settings.strength - 0.3)
        why = "so that less is made anew; from 85% to 55% took 28% of the flicker away"
        yield Advice("flicker", said, "diffuse.strength", percent(settings.strength), percent(then), why)
    if told.has_video and "estimate_flow" not in settings.ops:
        why = "which carries the picture along the motion in the source video"
        yield Advice("flicker", said, "coherence.flow", "off", "on", why)


def drift(settings: Settings, found: Found, told: Told) -> Iterator[Advice]:
    """Colours that run away while the prompt stays the same."""
    if settings.strength is None or "drift" not in found.figures:
        return
    values = found.figures["drift"]
    # another prompt may well want other colours
    steady = values[np.isfinite(values) & told.steady[: values.size]]
    if not steady.size or (np.percentile(steady, 95) < DRIFT and not told.expects("drift")):
        return
    far = float(steady.max())
    said = f"colours drift to {number(far)} from the scene's first frame while the prompt stays"
    if settings.color == "none":
        why = "which holds them to the scene's first frame: 0.18 became 0.03"
        yield Advice("drift", said, "coherence.color", "none", "lab", why)
    elif settings.strength > 0.4:
        then = max(0.35, settings.strength - 0.2)
        why = "so that each frame moves less far from the one before"
        yield Advice("drift", said, "diffuse.strength", percent(settings.strength), percent(then), why)
    if settings.cfg_scale is not None and settings.cfg_scale > 8:
        why = "because much guidance burns colours in, frame after frame"
        yield Advice("drift", said, "diffuse.cfg_scale", number(settings.cfg_scale), "6", why)


def prompt(settings: Settings, found: Found, told: Told) -> Iterator[Advice]:
    """Prompts that change while the picture does not."""
    if settings.strength is None or not told.changes or "drift" not in found.figures:
        return
    after = [found.figures[name][: told.steady.size][~told.steady] for name in ("drift", "flicker")]
    away, apart = (values[np.isfinite(values)] for values in after)
    if not away.size or not apart.size:
        return
    if np.percentile(away, 95) >= STILL_DRIFT or apart.mean() >= STILL_FLICKER:
        return
    said = f"the prompt changes and the picture hardly does (drift {number(float(away.max()))} at most)"
    if settings.strength < 0.45:
        why = "so that the model makes enough anew to follow; at 20% nothing changed, at 55% colours did"
        yield Advice("prompt", said, "diffuse.strength", percent(settings.strength), "55%", why)
    if settings.cfg_scale is not None and settings.cfg_scale < 4:
        why = "so that the picture follows the words more closely"
        yield Advice("prompt", said, "diffuse.cfg_scale", number(settings.cfg_scale), "6", why)
    if settings.color != "none":
        why = f"because `{settings.color}` holds every frame to the colours of the scene's first one"
        yield Advice("prompt", said, "coherence.color", settings.color, "none", why)


def soft(settings: Settings, found: Found, told: Told) -> Iterator[Advice]:
    """Pictures that lose their detail from frame to frame."""
    values = found.figure("sharpness")
    if settings.strength is None or values.size < 12:
        return
    tenth = max(3, values.size // 10)
    first, last = float(values[:tenth].mean()), float(values[-tenth:].mean())
    if first < 0.1 or last > SOFT * first:
        return
    said = f"the picture grows soft: sharpness falls from {number(first)} to {number(last)}"
    if settings.blend > 0.5:
        why = "because what stays is resampled again and again"
        yield Advice("soft", said, "coherence.blend", percent(settings.blend), "40%", why)
    if "add_noise" not in settings.ops:
        why = "out of which the model makes new detail"
        yield Advice("soft", said, "coherence.noise", "0%", "2%", why)
    if "sharpen" not in settings.ops:
        yield Advice("soft", said, "coherence.sharpen", "0", "0.3", "against growing soft")


def dark(settings: Settings, found: Found, told: Told) -> Iterator[Advice]:
    """Pictures in which hardly anything can be seen."""
    values = found.figure("luma")
    if not values.size or (values.mean() >= DARK and not told.expects("luma", below=True)):
        return
    luma = float(values.mean())
    if luma <= 0.001:
        return  # black on purpose, or nothing that exposure could bring back
    stops = min(3.0, round(float(np.log2(max(2 * DARK, 0.18) / luma)) * 2) / 2)
    if stops <= 0:
        return
    said = f"the film is dark: its luma is {number(luma)} on average"
    yield Advice("dark", said, "grade.exposure", "0", f"{stops:g}", "which is that many stops brighter")


def slow(settings: Settings, found: Found, told: Told) -> Iterator[Advice]:
    """Renders that take long, by what takes long in them."""
    frame = found.seconds_a_frame
    if frame * settings.fps < SLOW or frame * found.made < PATIENT:
        return
    drawing = found.share("diffuse")
    said = f"a frame takes {seconds(frame)}, {drawing:.0%} of it in the model, on {found.device or 'cpu'}"
    if settings.cadence == 1 and drawing > 0.5:
        why = "which diffuses every other frame and takes about half the time"
        yield Advice("slow", said, "coherence.cadence", "1", "2", why)
    if settings.steps is not None and settings.steps > 20 and drawing > 0.5:
        why = f"which takes {1 - 15 / settings.steps:.0%} of the model's time away; go back for the final"
        yield Advice("slow", said, "diffuse.steps", f"{settings.steps:.0f}", "15", why)
    if settings.width * settings.height > 512 * 512:
        why = "half the pixels; `output { upscale = 1.5 }` brings the size back"
        yield Advice("slow", said, "size", settings.size, _smaller(settings), why)
    if found.share("depth", "steady_depth") > 0.3:
        why = "because estimating depth takes a large part of each frame"
        yield Advice("slow", said, "camera.depth", "estimated", "flat", why)
    if found.share("flow") > 0.3:
        why = "because finding motion takes a large part of each frame"
        yield Advice("slow", said, "coherence.flow_preset", "medium", "fast", why)
    if settings.interpolate > 1 and found.files > 0.3 * found.took > 0:
        now = str(settings.interpolate)
        yield Advice("slow", said, "output.interpolate", now, "1", "because files take a large part")


RULES: tuple[Rule, ...] = (memory, flicker, drift, prompt, soft, dark, slow)


def _smaller(settings: Settings) -> str:
    """A size of about half the pixels, in the same shape, of whole eighths as models want it."""
    width, height = (max(64, round(side * 0.71 / 8) * 8) for side in (settings.width, settings.height))
    return f"{width}x{height}"


def _fitting(message: str) -> int:
    """How many frames fitted in the end: `… they are drawn 4 at a time from here on`."""
    numbers = [int(word) for word in message.split(":")[-1].split() if word.isdecimal()]
    return numbers[-1] if numbers else 1
