"""What a render would do, as lines for people: at most 80 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path, PurePath

from anim_compiler.plan import Plan
from anim_studio.cli.values import format_bytes, format_time, plural
from anim_studio.estimate.files import File
from anim_studio.estimate.forecast import Forecast
from anim_studio.estimate.work import Work

WIDTH = 80
#: columns of the names of lines, and of what stands beside them before a remark
NAME, SAID = 12, 30
#: columns of a file's name
LONGEST = 36

Paint = Callable[[str, str], str]

_STATES = {"new": "a new file", "other": "replaces the file there", "done": "is there already"}


def report(found: Forecast, paint: Paint = lambda text, style: text) -> tuple[str, ...]:
    """The lines; `paint(text, style)` colours a piece of them."""
    lines = [_head(found)]
    if found.is_done:
        return (*lines, "  nothing to do: every frame is in the store, and every file is there")
    for name, said, remark in _rows(found):
        lines += _row(name, said, remark, paint)
    return tuple(lines)


def duration(seconds: float) -> str:
    """`0.8 s`, `12 s`, `1 min 50 s`, `2 h 5 min`."""
    if round(seconds, 1) < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min"


def _head(found: Forecast) -> str:
    plan = found.plan
    fps = Fraction(plan.fps)
    rate = str(fps) if fps.denominator == 1 else f"{float(fps):.3f}".rstrip("0")
    said = (
        f"{plural(plan.frames, 'frame')} · {found.seconds:.2f} s · {plan.width}×{plan.height} · {rate} fps · "
    )
    # a film by its moves alone asks no model
    digest = f" ({plan.model.sha256[:8]})" if plan.model.sha256 else ""
    title = _cut(plan.name, 24)
    room = WIDTH - max(NAME, len(title)) - 2 - len(said) - len(digest)
    model = plan.model.reference if digest else "no model"
    model = model if len(model) <= room else _cut(PurePath(model).name, max(8, room))
    return f"{title.ljust(NAME)}  {said}{model}{digest}"


def _rows(found: Forecast) -> Iterator[tuple[str, str, str]]:
    """Name, what is said, a remark."""
    total = found.work.total
    yield from _frames(found, total)
    yield from _calls(found, total)
    if len(found.work.scenes) > 1:
        for scene, work in zip(found.plan.scenes, found.work.scenes, strict=True):
            beneath = work.frames - (scene.end - scene.start)
            said = f"frames {scene.start}–{scene.end - 1}" + (f" and {beneath} beneath" if beneath else "")
            yield _cut(scene.name, NAME - 2), said, _of_scene(work)
    yield from _drawn_with(found.plan)
    for media in found.plan.media:
        if media.kind in ("audio", "video"):
            yield media.kind, _cut(media.path, 60), ""
    for file in found.files:
        yield "write", _near(file), _STATES[file.state]
    yield "memory", format_bytes(found.memory.total), "without what the model works in"
    yield from _time(found)


def _drawn_with(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """What draws besides the first model, each with the beginning of its digest."""
    for model in plan.models[1:]:
        yield "model", _file(model.reference, model.sha256), ""
    if plan.vae is not None:
        yield "vae", _file(plan.vae.reference, plan.vae.sha256), ""
    for name, refs in (("lora", plan.loras), ("embedding", plan.embeddings), ("controlnet", plan.controls)):
        for ref in refs:
            yield name, f"{_cut(ref.name, 16)}  {_file(ref.reference, ref.sha256)}", ""


def _file(reference: str, sha256: str) -> str:
    said = reference if len(reference) <= LONGEST else PurePath(reference).name
    return f"{_cut(said, LONGEST)} ({sha256[:8]})" if sha256 else _cut(said, LONGEST)


def _frames(found: Forecast, total: Work) -> Iterator[tuple[str, str, str]]:
    if total.reused:
        to = float(found.ready / Fraction(found.plan.fps))
        same = f"(unchanged up to {format_time(to)})" if 0 < found.ready < found.plan.frames else ""
        yield "reuse", f"{plural(total.reused, 'frame')} from the store", same
    if total.alike:
        yield "alike", f"{plural(total.alike, 'frame')} the same as others", ""
    drawn = total.first + total.diffused + total.fresh
    if drawn:
        alone = total.decodes - total.encodes
        noise = f"({alone} of them from noise alone)" if 0 < alone < drawn else ""
        yield "diffuse", plural(drawn, "frame"), noise
    if total.tweens:
        yield "tween", plural(total.tweens, "frame"), ""


def _calls(found: Forecast, total: Work) -> Iterator[tuple[str, str, str]]:
    if total.steps:
        calls = f"in {'' if found.batch else 'at most '}{plural(found.calls, 'call')} of the denoiser"
        pictures = f", {plural(total.passes, 'picture')}" if total.passes != total.steps else ""
        yield "denoise", plural(total.steps, "step") + pictures, calls
    if total.controls:
        yield "control", f"{plural(total.controls, 'picture')} through ControlNets", ""
    if total.encodes or total.decodes:
        yield "codec", f"{plural(total.encodes, 'encode')}, {plural(total.decodes, 'decode')}", ""
    others = {"resample": total.resamples, "depth estimate": total.depths, "flow estimate": total.flows}
    said = ", ".join(plural(count, noun) for noun, count in others.items() if count)
    if said:
        yield "warp", said, ""


def _of_scene(work: Work) -> str:
    drawn = work.first + work.diffused + work.fresh
    parts = {"reused": work.reused, "alike": work.alike, "diffused": drawn, "tweened": work.tweens}
    said = ", ".join(f"{count} {word}" for word, count in parts.items() if count)
    return f"{said}; {plural(work.steps, 'step')}" if work.steps else said


def _time(found: Forecast) -> Iterator[tuple[str, str, str]]:
    guess = found.estimate
    if guess is None:
        yield "estimate", "none: no render with this model on this machine yet", ""
        return
    low, high = duration(guess.low), duration(guess.high)
    between = "" if low == high else f"({low} to {high})"
    yield "estimate", f"about {duration(guess.seconds)} on {found.device}", between
    scaled = ", of another size" if guess.pixels else ""
    yield "", f"by {plural(guess.frames, 'frame')} of {plural(guess.runs, 'render')} here{scaled}", ""


def _near(file: File) -> str:
    """The path as the user would type it here."""
    try:
        path = file.path.absolute().relative_to(Path.cwd())
    except ValueError:
        path = file.path
    return path.as_posix()


def _row(name: str, said: str, remark: str, paint: Paint) -> Iterator[str]:
    """A line; a remark that does not fit beside it is folded below."""
    start = f"  {paint(name.ljust(NAME - 2), 'dim')}  "
    if not remark:
        yield f"{start}{said}"
        return
    room = WIDTH - NAME - 2 - max(SAID, len(said) + 2)
    first, *rest = _folded(remark, room) if room >= 20 else ("", *_folded(remark, WIDTH - NAME - 4))
    yield f"{start}{said.ljust(SAID)}{'' if len(said) < SAID - 1 else '  '}{first}".rstrip()
    indent = " " * (NAME + 2 + (max(SAID, len(said) + 2) if room >= 20 else 2))
    for line in rest:
        yield indent + line


def _folded(text: str, room: int) -> tuple[str, ...]:
    import textwrap

    return tuple(textwrap.wrap(text, room)) or ("",)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
