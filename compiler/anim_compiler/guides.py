"""`guide = 0s: dawn, 5s: dusk`: pictures that a film is drawn towards, one going over into the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anim_compiler import key_order, keys, pictures
from anim_compiler.entry import Entry
from anim_compiler.film import Guide, GuideKey
from anim_compiler.typed import Ease, Moment
from anim_dsl.syntax import Expr, Keys, Name

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions


def guide(check: Expressions, entry: Entry | None) -> Guide | None:
    """The guide that a film or scene says; None if it says `none` or nothing. What is wrong is reported."""
    if entry is None or entry.is_none:
        return None
    with check.inside(entry.env):
        if not isinstance(entry.value, Keys):
            found, span = _picture(check, entry.value), entry.value.span
            return None if found is None else Guide((GuideKey(Moment(), found, Ease(), span),), span)
        return _scheduled(check, entry.value)


def _scheduled(check: Expressions, value: Keys) -> Guide | None:
    every = keys.easing(check, value.easing) if value.easing is not None else None
    named = {id(key): _is_none(key.value) or _picture(check, key.value) for key in value.keys}
    shapes = {id(key): keys.easing(check, key.easing) for key in value.keys if key.easing is not None}
    timed = key_order.timed(check, value.keys, whole=value.span)
    if timed is None or None in named.values():
        return None
    rows = [
        GuideKey(
            at,
            name if isinstance(name := named[id(key)], str) else None,
            shapes.get(id(key)) or every or Ease(),
            key.span,
        )
        for key, at in timed
    ]
    return Guide(tuple(rows), value.span)


def _is_none(expr: Expr) -> bool:
    return isinstance(expr, Name) and expr.text == "none"


def _picture(check: Expressions, expr: Expr) -> str | None:
    """A still by its name."""
    name = pictures.named(check, expr, "`guide`")
    if name is None or name in check.scope.stills:
        return name
    is_clip = name in check.scope.clips
    kind = "a video" if is_clip else "a mask"
    hint = f"write `source = {name}` to follow a video" if is_clip else "name an `image`"
    check.findings.error("E2092", expr.span, f"a guide is a picture, and `{name}` is {kind}", hint=hint)
    return None
