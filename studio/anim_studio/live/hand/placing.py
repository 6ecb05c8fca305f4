"""Keys set on frames: where those of a list stand, and the time that puts one on a frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from anim_dsl.syntax import Binary, Expr, Key, Name
from anim_studio.live.hand.answers import Standing, ask
from anim_studio.live.hand.edited import refuse_worse
from anim_studio.live.hand.script import Home, Refused, Script
from anim_studio.live.hand.time_style import SECONDS, TimeStyle, beside, style_of, zero_of
from anim_studio.live.hand.where import Where, is_text, keys_in, scene_of


def spots(script: Script, where: Where, keys: Sequence[Key]) -> list[Standing]:
    """Where the keys of a list stand, in written order. Raises Refused."""
    known = script.placed.get((where.path, where.name))
    if known is None:
        written = [script.source.slice(key.at.span) for key in keys]
        asked = ask(script, scene_of(where), written)
        text = is_text(script, where)
        known = [asked.spot(time, is_text=text) for time in written]
        script.placed[where.path, where.name] = known
    return known


def refuse_outside(home: Home, frame: int) -> None:
    """Raises Refused for a frame that the list's clock does not have."""
    if not home.first <= frame <= home.last:
        name = f"scene `{home.scene}`" if home.scene else "the film"
        told = f"frame {frame} is outside {name}, which runs from {home.first} to {home.last - 1}"
        raise Refused(told, "choose a frame inside")


def style_at(script: Script, where: Where, near: int = 0) -> TimeStyle:
    """How the key itself tells its time, else those about it, else how the film's other lists do."""
    keys = [key.key for key in script.lists.get((where.path, where.name), ())]
    order = sorted(range(len(keys)), key=lambda i: (abs(i - near), -i))
    own = [keys[i].at for i in order]
    others = [key.key.at for row in script.lists.values() for key in row if not key.why_not]
    for at in (*own, *others):
        found = style_of(script.source, at)
        if found is not None and (at in own or found.kind in ("s", "f", "bare", "beat", "bar")):
            return _fitting(script, where, found)
    return zero_of(script.source, own) or SECONDS


def _fitting(script: Script, where: Where, style: TimeStyle) -> TimeStyle:
    """Beats only where the film counts in them."""
    if style.kind in ("beat", "bar") and script.home(scene_of(where)).clock.grid is None:
        return SECONDS
    return style


def counted_from(script: Script, where: Where, key: Key, frame: int) -> tuple[str, ...]:
    """A time that counts from a name goes on counting from it: `drop + 1beat` becomes `drop + 3f`."""
    base = _base(key.at)
    if base is None:
        return ()
    text = script.source.slice(base.span)
    return (beside(text, ask(script, scene_of(where), [text]).spot(text).position, frame),)


def _base(at: Expr) -> Expr | None:
    if isinstance(at, Name):
        return at
    return _base(at.left) if isinstance(at, Binary) and at.op in ("+", "-") else None


def on_frame(
    script: Script,
    where: Where,
    number: int,
    candidates: Sequence[str],
    frame: int,
    text: Callable[[str], str],
) -> Script:
    """The film with its key at the first of the times that stands on the frame, once it is compiled. Raises
    Refused.
    """
    refused: Refused | None = None
    for time in candidates:
        after = script.with_text(text(time))
        try:
            refuse_worse(script, after)
            found = spots(after, where, keys_in(after, where))[number]
        except Refused as error:
            refused = refused or error
            continue
        if found.frame == frame:
            return after
    raise refused or Refused(f"no time stands on frame {frame} here", "press `e` to write one")
