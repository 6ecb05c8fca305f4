"""`video NAME = "path" { start end speed loop }`: a stream of frames of the film."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from anim_compiler import containers, options, setting
from anim_compiler.constants import constant
from anim_compiler.film import Clip
from anim_compiler.media import MOST_PIXELS
from anim_compiler.moments import exact
from anim_compiler.setting import Entry
from anim_compiler.world import Problem, World
from anim_dsl.settings import SETTINGS
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, Keys, Name, Percent, Text, Word

if TYPE_CHECKING:
    from av.container import InputContainer

    from anim_compiler.expressions import Expressions


_MOST_COUNTED = 100_000
"""So many pictures are counted in a file that does not tell its length."""


@dataclass(frozen=True, slots=True)
class VideoHeader:
    """What a video's header says: its picture's size, its frames a second, its length in seconds."""

    width: int
    height: int
    rate: Fraction
    seconds: Fraction


def video_header(path: Path) -> VideoHeader | None:
    """The header of a video, without decoding a frame; None if it is none or does not say its length."""
    from av.error import FFmpegError

    try:
        with containers.opened(path) as container:
            stream = container.streams.video[0]
            rate = stream.average_rate or stream.guessed_rate
            seconds = _seconds(stream.duration, stream.time_base, stream.frames, rate, container.duration)
            seconds = seconds or _counted(container, rate)
            if seconds is None or rate is None or not stream.width or not stream.height:
                return None
            return VideoHeader(stream.width, stream.height, rate, seconds)
    except (FFmpegError, OSError, IndexError, ValueError):
        return None


def _seconds(
    ticks: int | None, base: Fraction | None, frames: int, rate: Fraction | None, whole: int | None
) -> Fraction | None:
    """The picture's length: the stream's own, else its frames by its rate, else the container's."""
    if ticks and base:
        return Fraction(ticks * base)
    if frames and rate:
        return frames / rate
    return Fraction(whole, 1_000_000) if whole and whole > 0 else None


def _counted(container: InputContainer, rate: Fraction | None) -> Fraction | None:
    """The length of a file that does not tell it: its pictures are counted, not decoded."""
    packets = sum(packet.size > 0 for packet in islice(container.demux(video=0), _MOST_COUNTED))
    return packets / rate if packets and rate else None


def clip(check: Expressions, statement: Word, world: World) -> Clip | None:
    """The clip that a `video` statement names; what is wrong is reported. Decodes nothing."""
    head = statement.head[0] if len(statement.head) == 1 else None
    if not isinstance(head, Name) or not isinstance(statement.value, Text) or statement.value.plain is None:
        if isinstance(head, Name):
            check.scope.missing.add(head.text)
        check.findings.error(
            "E2011",
            statement.word.span,
            "`video` needs a name and a path",
            hint='write `video NAME = "path"`',
        )
        return None
    found = opened(check, head.text, statement.value.plain, statement.value.span, world)
    rows = options.options(check, statement.block, "video")
    if found is None:
        check.scope.missing.add(head.text)
        return None
    made = _cut(check, found, rows)
    if made is None:
        check.scope.missing.add(head.text)
    return made


def opened(check: Expressions, name: str, text: str, span: Span, world: World) -> Clip | None:
    """The whole of a video file, under a name."""
    path = world.resolve(text)
    if isinstance(path, Problem):
        check.findings.error(path.code, span, path.message, hint=path.hint)
        return None
    header = video_header(path)
    if header is None:
        hint = _instead(path, name, text)
        check.findings.error("E2070", span, f"`{text}` is not a video that can be read", hint=hint)
        return None
    if header.width * header.height > MOST_PIXELS:
        size = f"{header.width}x{header.height}"
        hint = "save a smaller copy; a clip is fitted to the film's size anyway"
        check.findings.error("E4007", span, f"`{text}` is {size}, larger than 8192x8192", hint=hint)
        return None
    file = (world.relative(path), world.sha256(path))
    return Clip(name, *file, header.width, header.height, header.seconds, span=span)


def _instead(path: Path, name: str, text: str) -> str:
    suffix = path.suffix.lower()
    if not path.stat().st_size:
        return "the file is empty: it was probably not copied to its end"
    if suffix in (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"):
        return f'write `image {name} = "{text}"`'
    if suffix in (".wav", ".mp3", ".ogg", ".flac", ".m4a", ".aac") or _is_sound(path):
        return f'write `audio {name} = "{text}"`'
    return "the file may be cut short; open it in a player, or convert it to mp4"


def _is_sound(path: Path) -> bool:
    """Whether a file can be read and has sound but no picture, whatever its ending."""
    from av.error import FFmpegError

    try:
        with containers.opened(path) as container:
            return bool(container.streams.audio) and not container.streams.video
    except (FFmpegError, OSError, ValueError):
        return False


def _cut(check: Expressions, whole: Clip, entries: list[Entry]) -> Clip | None:
    """The clip with its part, its speed and whether it starts again."""
    rows = {entry.name: entry for entry in entries}
    start, end = _place(check, whole, rows.get("start")), _place(check, whole, rows.get("end"))
    speed = _speed(check, whole.name, rows.get("speed"))
    loop, fit = rows.get("loop"), rows.get("fit")
    loops = setting.word(check, SETTINGS["video", "loop"], loop) if loop is not None else False
    fits = setting.word(check, SETTINGS["video", "fit"], fit) if fit is not None else "cover"
    if not _lies_inside(check, whole, rows, start, end):
        return None
    return Clip(
        whole.name,
        whole.path,
        whole.sha256,
        whole.width,
        whole.height,
        whole.seconds,
        start or Fraction(0),
        end,
        speed,
        bool(loops),
        fit=str(fits or "cover"),
        span=whole.span,
    )


def _speed(check: Expressions, name: str, entry: Entry | None) -> float:
    """The playing speed; one that changes is read when the film's clock is settled, and is 1 until then."""
    if entry is None:
        return 1.0
    if not isinstance(entry.value, Keys | Text):
        curve = setting.curve(check, SETTINGS["video", "speed"], entry)
        known = None if curve is None else constant(curve.expr)
        if known is not None:
            return known
        if curve is None:
            return 1.0
    check.scope.ramps[name] = entry
    return 1.0


def ramped(check: Expressions) -> None:
    """Gives the clips their changing speeds, now that the film's clock is settled."""
    for name, entry in check.scope.ramps.items():
        clip = check.scope.clips.get(name)
        curve = setting.curve(check, SETTINGS["video", "speed"], entry)
        if clip is not None and curve is not None:
            check.scope.clips[name] = replace(clip, ramp=curve)


def _place(check: Expressions, whole: Clip, entry: Entry | None) -> Fraction | None:
    """A moment of the file: percentages are of the file, not of the film."""
    if entry is None:
        return None
    value: Expr = entry.value
    if isinstance(value, Percent):
        return exact(value.value) / 100 * whole.seconds
    return options.fixed(check, "video", entry.name, (entry,))


def _lies_inside(
    check: Expressions, whole: Clip, rows: dict[str, Entry], start: Fraction | None, end: Fraction | None
) -> bool:
    length = f"{float(whole.seconds):.4g}s"
    # a header rounds: a hundredth of a second over its end is its end
    most = whole.seconds + Fraction(1, 100)
    if start is not None and start >= whole.seconds:
        check.findings.error(
            "E3030",
            rows["start"].value.span,
            f"`{whole.name}` is {length} long: it has no part that starts there",
            hint="`start` counts from the file's beginning: write an earlier time, or `50%` of it",
        )
        return False
    if end is not None and end > most:
        check.findings.error(
            "E3030",
            rows["end"].value.span,
            f"`{whole.name}` is {length} long: it ends before that",
            hint="leave `end` out to play it to its end; `loop = on` then starts it again",
        )
        return False
    if end is not None and end <= (start or 0):
        check.findings.error(
            "E3030",
            rows["end"].value.span,
            "`end` is not after `start`",
            hint="both count from the file's beginning",
        )
        return False
    return True
