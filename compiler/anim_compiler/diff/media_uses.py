"""Pictures by what is in them, so that their names do not count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from anim_compiler.film import Clip, Film, MaskJoin, MaskOf, Still


def pictures(film: Film) -> Mapping[str | None, str]:
    """Every still and clip by name: the digest of what is in its file."""
    return {media.name: media.sha256 for media in _files(film)}


def _files(film: Film) -> tuple[Still | Clip, ...]:
    return (*film.stills, *film.clips)


def mask_text(film: Film, value: MaskOf | MaskJoin) -> str:
    """A mask in the words of the language, files with the beginning of their digests."""
    match value:
        case MaskOf():
            found = next((m for m in _files(film) if m.name == value.name), None)
            if found is not None:
                return f"{found.path} {found.sha256[:8]}"
            other = next((m for m in film.masks if m.name == value.name), None)
            return value.name if other is None else mask_text(film, other.value)
        case MaskJoin():
            inside = [mask_text(film, operand) for operand in value.operands]
            return f"not {inside[0]}" if value.op == "not" else f" {value.op} ".join(inside)
        case _:
            assert_never(value)
