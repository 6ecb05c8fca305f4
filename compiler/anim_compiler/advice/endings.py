"""What a file's name says of how it is written: known at check, so that no render ends in surprise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from anim_compiler.findings import Findings
from anim_compiler.names import did_you_mean
from anim_dsl.source import Span

#: file name endings and the codecs each may hold, the default first; `runtime.encode` writes them
ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        ".mp4": ("h264", "h265", "vp9"),
        ".m4v": ("h264", "h265"),
        ".mov": ("h264", "h265", "prores"),
        ".mkv": ("h264", "h265", "vp9", "ffv1", "prores"),
        ".webm": ("vp9",),
        ".gif": ("gif",),
        ".png": ("png",),
    }
)

#: the rate factors that a codec takes, best and worst; the others have none
QUALITIES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"h264": (0, 51), "h265": (0, 51), "vp9": (0, 63)}
)

_FRAME = re.compile(r"\{\s*frame\b[^}]*\}")


def ending_known(findings: Findings, path: str, span: Span) -> bool:
    """Whether a file of this name can be written; else says which can."""
    name = PurePosixPath(path.replace("\\", "/"))
    ending = name.suffix.lower()
    if ending in ENDINGS:
        return True
    known = " ".join(ENDINGS)
    near = did_you_mean(ending, ENDINGS).rstrip("?") if ending else ""
    message = f"nothing can be written as `{ending}`" if ending else f"`{path}` has no ending"
    hint = f"{near or f'write `{name.stem}.mp4`'}; the endings are {known}"
    findings.error("E4020", span, message, hint=hint)
    return False


def codec_fits(findings: Findings, path: str, codec: str, span: Span) -> None:
    """Says that a kind of file cannot hold a codec."""
    ending = PurePosixPath(path.replace("\\", "/")).suffix.lower()
    choices = ENDINGS[ending]
    if codec in choices:
        return
    shown = " or ".join(f"`codec = {choice}`" for choice in choices)
    homes = [known for known, codecs in ENDINGS.items() if codec in codecs]
    other = f", or end the name with `{homes[0]}`" if homes else ""
    findings.error("E4021", span, f"a `{ending}` file cannot hold `{codec}`", hint=f"write {shown}{other}")


def quality_fits(findings: Findings, path: str, codec: str | None, quality: float, span: Span) -> None:
    """Says that a rate factor is beyond what the codec takes."""
    ending = PurePosixPath(path.replace("\\", "/")).suffix.lower()
    name = codec or ENDINGS[ending][0]
    bounds = QUALITIES.get(name)
    if bounds is None or bounds[0] <= quality <= bounds[1]:
        return
    message = f"`quality` is {quality:g}; for `{name}` it must be within {bounds[0]} and {bounds[1]}"
    findings.error("E3003", span, message, hint="less is better and larger; 18 looks like the original")


def is_sequence(path: str) -> bool:
    """Whether a path names one file for each frame."""
    return _FRAME.search(path) is not None


def sequence_named(findings: Findings, path: str, span: Span) -> None:
    """Says that `film.png` is one picture for a whole film."""
    name = PurePosixPath(path.replace("\\", "/"))
    if name.suffix.lower() != ".png" or is_sequence(path):
        return
    folder = "" if str(name.parent) == "." else f"{name.parent}/"
    findings.error(
        "E4020",
        span,
        f"`{path}` names one picture, and a film has many",
        hint=f'write `"{folder}{name.stem}-{{frame:05}}.png"`, or end the name with `.mp4`',
    )
