"""What a file's name says of how it is written: known at check, so that no render ends in surprise."""

from __future__ import annotations

from pathlib import PurePosixPath

from anim_compiler.file_kinds import CODEC_FACTS, ENDINGS, STILLS, codec_of, ending_of, is_sequence
from anim_compiler.findings import Findings
from anim_compiler.names import did_you_mean
from anim_dsl.source import Span


def ending_known(findings: Findings, path: str, span: Span) -> bool:
    """Whether a file of this name can be written; else says which can."""
    name = PurePosixPath(path.replace("\\", "/"))
    ending = ending_of(path)
    if ending in ENDINGS:
        return True
    known = " ".join(ENDINGS)
    near = did_you_mean(ending, ENDINGS).rstrip("?") if ending else ""
    message = f"nothing can be written as `{ending}`" if ending else f"`{path}` has no ending"
    hint = f"{near or f'write `{name.stem}.mp4`'}; the endings are {known}"
    findings.error("E4020", span, message, hint=hint)
    return False


def codec_fits(findings: Findings, path: str, codec: str, span: Span) -> bool:
    """Whether a kind of file can hold a codec; else says so."""
    ending = ending_of(path)
    choices = ENDINGS[ending]
    if codec in choices:
        return True
    shown = " or ".join(f"`codec = {choice}`" for choice in choices)
    homes = [known for known, codecs in ENDINGS.items() if codec in codecs]
    other = f", or end the name with `{homes[0]}`" if homes else ""
    findings.error("E4021", span, f"a `{ending}` file cannot hold `{codec}`", hint=f"write {shown}{other}")
    return False


def quality_fits(findings: Findings, path: str, codec: str | None, quality: float, span: Span) -> None:
    """Says that a rate factor is beyond what the codec takes."""
    name = codec_of(path, codec) or ""
    facts = CODEC_FACTS[name]
    if facts.quality is None or facts.best <= quality <= facts.worst:
        return
    message = f"`quality` is {quality:g}; for `{name}` it must be within {facts.best} and {facts.worst}"
    hint = f"less is better and larger; {facts.quality} is what `{name}` has without it"
    findings.error("E3003", span, message, hint=hint)


def bits_fit(findings: Findings, path: str, codec: str | None, bits: int, span: Span) -> None:
    """Says that a codec does not come with so many bits."""
    name = codec_of(path, codec) or ""
    choices = CODEC_FACTS[name].bits
    if bits in choices:
        return
    shown = " or ".join(f"`bits = {choice}`" for choice in sorted(choices))
    have = " or ".join(str(choice) for choice in sorted(choices))
    findings.error("E2110", span, f"`{name}` has {have} bits a channel, not {bits}", hint=f"write {shown}")


def sequence_named(findings: Findings, path: str, codec: str | None, span: Span, *, single: bool) -> None:
    """Says that `film.png` is one picture for a whole film, and `film-{frame}.mp4` many films for one.

    `single` says that the film has one frame.
    """
    name = PurePosixPath(path.replace("\\", "/"))
    folder = "" if str(name.parent) == "." else f"{name.parent}/"
    written = codec_of(path, codec)
    if is_sequence(path):
        if written not in STILLS and written != "webp":
            message = f"a `{ending_of(path)}` file holds the whole film, so that its name has no frame number"
            hint = "take the `{…}` out, or end the name with `.png` for a picture of each frame"
            findings.error("E2111", span, message, hint=hint)
        return
    if written not in STILLS or single:
        return
    moving = " or `codec = apng`" if name.suffix.lower() == ".png" else ""
    findings.error(
        "E4020",
        span,
        f"`{path}` names one picture, and a film has many",
        hint=f'write `"{folder}{name.stem}-{{frame:05}}{name.suffix}"`{moving}, or end the name with `.mp4`',
    )
