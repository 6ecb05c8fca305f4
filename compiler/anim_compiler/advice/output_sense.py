"""What an output's settings come to together: too large, too fast, or without effect on such a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from anim_compiler.file_kinds import (
    CODEC_FACTS,
    FASTEST,
    LARGEST_SIDE,
    SOUNDLESS,
    codec_of,
    ending_of,
    is_sequence,
)
from anim_compiler.film import Output
from anim_compiler.findings import Findings
from anim_compiler.setting import Entry
from anim_dsl.source import Span

#: the most frames a second that players show of a GIF: it counts in hundredths of a second, and takes a
#: single one for a slip
_GIF_FASTEST = 50


def check(
    findings: Findings,
    output: Output,
    written: tuple[Mapping[str, Entry], Span],
    size: tuple[int, int] | None,
    fps: Fraction,
) -> None:
    """Says what is too much and what comes to nothing.

    `written` are the block's entries and the place of the path; `size` and `fps` are the film's.
    """
    entries, path_at = written
    codec = codec_of(output.path, output.codec)
    if codec is None:
        return
    for name, why in _without_effect(output, codec, entries):
        entry = entries[name]
        message = f"`{name}` has no effect on this file: {why}"
        findings.warning("W6130", entry.at, message, hint=f"take `{name}` out")
    _too_large(findings, output, entries, size)
    faster = entries.get("fps") or entries.get("interpolate")
    where = faster.value.span if faster is not None else None
    _too_fast(findings, output, fps, where)
    if codec == "gif":
        _too_fast_for_gif(findings, output, fps, where or path_at)


def _without_effect(output: Output, codec: str, entries: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    facts, ending = CODEC_FACTS[codec], ending_of(output.path)
    if "quality" in entries and facts.quality is None:
        yield "quality", f"`{codec}` has no rate factor"
    if "loop" in entries and (not facts.loops or is_sequence(output.path)):
        yield "loop", f"a `{ending}` file cannot say that it plays again"
    if "audio" in entries and not entries["audio"].is_none and codec in SOUNDLESS:
        yield "audio", f"a `{ending}` file holds no sound"
    if output.encoder == "hardware" and not facts.on_gpu:
        yield "encoder", f"no graphics card encodes `{codec}`"
    if output.upscale_model is not None and output.upscale == 1 and output.size is None:
        yield "upscale_model", "without `upscale` or `size` the picture stays as large as it is"


def _too_large(
    findings: Findings, output: Output, entries: Mapping[str, Entry], size: tuple[int, int] | None
) -> None:
    if size is None or output.upscale == 1:
        return
    width, height = (round(side * output.upscale) for side in size)
    if max(width, height) > LARGEST_SIDE:
        most = LARGEST_SIDE / max(size)
        message = f"`upscale = {output.upscale:g}` makes {width}x{height}; {LARGEST_SIDE} pixels are the most"
        hint = f"write `upscale = {int(most * 10) / 10:g}` or less"
        findings.error("E2112", entries["upscale"].value.span, message, hint=hint)


def _too_fast(findings: Findings, output: Output, fps: Fraction, where: Span | None) -> None:
    rate = output.fps or fps * output.interpolate
    if where is None or rate <= FASTEST:
        return
    message = f"`interpolate = {output.interpolate}` makes {float(rate):g} frames a second of {float(fps):g}"
    hint = f"{FASTEST} are the most: write `interpolate = {int(FASTEST / fps)}`, or an `fps`"
    findings.error("E2113", where, message, hint=hint)


def _too_fast_for_gif(findings: Findings, output: Output, fps: Fraction, where: Span) -> None:
    rate = output.fps or fps * output.interpolate
    if rate <= _GIF_FASTEST:
        return
    message = f"players show a GIF of {float(rate):g} frames a second in slow motion"
    share = float(fps / -(-fps // _GIF_FASTEST))
    hint = f"write `fps = {share:g}`, or end the name with `.webp` or `.mp4`"
    findings.warning("W6131", where, message, hint=hint)
