"""Pictures by what is in them, so that their names do not count."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from anim_compiler.constants import constant
from anim_compiler.diff.canon import canon
from anim_compiler.film import Clip, Curve, Film, Mask, MaskJoin, MaskOf, MaskPart, MaskShape, Still


def pictures(film: Film) -> Mapping[str | None, str]:
    """Every still and clip by name: the digest of what is in its file."""
    return {media.name: media.sha256 for media in _files(film)}


def _files(film: Film) -> tuple[Still | Clip, ...]:
    return (*film.stills, *film.clips)


def whole_mask_text(film: Film, mask: Mask) -> str:
    """A mask with its soft edge, in the words of the language."""
    text = mask_text(film, mask.value, mask.curves)
    edge = mask.curves.get("radius")
    return text if edge is None else f"{text}, soft by {_number(edge)}"


def _number(curve: Curve) -> str:
    """What a number of a mask is; one that changes by a digest of what it says."""
    known = None if curve.live else constant(curve.expr)
    return f"{known:g}" if known is not None else f"a curve {canon(curve.expr).hex()[:6]}"


def mask_text(film: Film, value: MaskPart, curves: Mapping[str, Curve] = MappingProxyType({})) -> str:
    """A part of a mask in the words of the language, files with the beginning of their digests; `curves` are
    the numbers of the mask that it stands in.
    """
    match value:
        case MaskOf():
            found = next((m for m in _files(film) if m.name == value.name), None)
            if found is not None:
                return f"{found.path} {found.sha256[:8]}"
            other = next((m for m in film.masks if m.name == value.name), None)
            return value.name if other is None else whole_mask_text(film, other)
        case MaskShape():
            begin = f"{value.place}."
            rows = ((k.removeprefix(begin), c) for k, c in curves.items() if k.startswith(begin))
            return f"{value.kind}({', '.join(f'{name} = {_number(curve)}' for name, curve in rows)})"
        case MaskJoin():
            inside = [mask_text(film, operand, curves) for operand in value.operands]
            return f"not {inside[0]}" if value.op == "not" else f" {value.op} ".join(inside)
        case _:
            assert_never(value)
