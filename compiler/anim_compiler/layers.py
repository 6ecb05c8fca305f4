"""`layer NAME { … }`: a picture or a text over the film."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from anim_compiler import files, keys, options, pictures, setting, texts
from anim_compiler.colors import color
from anim_compiler.crossing import conditioning_on_film
from anim_compiler.film import Conditioning, Layer, Word
from anim_compiler.setting import Entry
from anim_compiler.typed import Apply, Const, Ease, KeyCurve, TimedKey
from anim_compiler.values import NumberValue, TextValue
from anim_compiler.world import World
from anim_dsl.diagnostic import Label
from anim_dsl.settings import SETTINGS
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, Keys

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_NUMBERS = ("x", "y", "scale", "angle", "opacity", "size")
_TEXT_ONLY = ("font", "size", "color")
_ALSO = ("init", "source")


def layer(check: Expressions, name: str, entries: Sequence[Entry], span: Span, world: World) -> Layer | None:
    """A layer; what is wrong with it is reported. `span` is the statement's, or its name's."""
    numbers = {n: setting.number(check, "layer", n, entries) for n in _NUMBERS}
    curves = {n: curve for n, curve in numbers.items() if curve is not None}
    source, text = options.last(entries, "source"), options.last(entries, "text")
    shown = _picture(check, source, _ALSO)
    written = _text(check, text) if text is not None else None
    masked = _picture(check, options.last(entries, "mask"))
    if not _has_one(check, name, source, text, span):
        return None
    if source is not None:
        _not_for_pictures(check, entries)
    words = _words(check, entries, world)
    if (shown is None and written is None) or len(curves) < len(_NUMBERS):
        return None
    return Layer(name, shown, written, MappingProxyType(curves), MappingProxyType(words), masked, span)


def _has_one(check: Expressions, name: str, source: Entry | None, text: Entry | None, span: Span) -> bool:
    if source is not None and text is not None:
        check.findings.error(
            "E2072",
            text.at,
            "a layer shows a `source` or a `text`, not both",
            labels=(Label(source.at, "the other one"),),
            hint="write two layers",
        )
        return False
    if source is None and text is None:
        hint = 'write `source = NAME` with an image or video, or `text = "…"`'
        # a picture that nothing uses is probably the one that is lacking here
        check.scope.used.update(pictures.names(check))
        check.findings.error("E2072", _head(check, span), f"the layer `{name}` shows nothing", hint=hint)
        return False
    return True


def _head(check: Expressions, span: Span) -> Span:
    """What stands before the block of a statement."""
    head = check.findings.sources.slice(span).partition("{")[0]
    return Span(span.start, span.start + len(head.rstrip()))


def _not_for_pictures(check: Expressions, entries: Sequence[Entry]) -> None:
    for entry in entries:
        if entry.name in _TEXT_ONLY:
            hint = "`scale` sizes a picture" if entry.name == "size" else "take it away"
            message = f"`{entry.name}` changes nothing: it belongs to texts, and this layer shows a picture"
            check.findings.warning("W6005", entry.at, message, hint=hint)


def _words(check: Expressions, entries: Sequence[Entry], world: World) -> dict[str, Word]:
    mode, shade, font = (options.last(entries, n) for n in ("mode", "color", "font"))
    spec = SETTINGS["layer", "mode"]
    chosen = setting.word(check, spec, mode) if mode is not None else None
    return {
        "mode": chosen if isinstance(chosen, str) else spec.default,
        "color": (color(check, shade, "`color`") if shade is not None else None) or "white",
        "font": files.of_setting(check, world, font, files.SUFFIXES["font"]) if font is not None else None,
    }


def _picture(check: Expressions, entry: Entry | None, also: tuple[str, ...] = ()) -> str | None:
    if entry is None or entry.is_none:
        return None
    with check.inside(entry.env):
        return pictures.named(check, entry.value, f"`{entry.name}`", also)


# --- texts ---


def _text(check: Expressions, entry: Entry) -> Conditioning | None:
    """A text with its inserts, or a list of texts of which each stands until the next."""
    with check.inside(entry.env):
        if isinstance(entry.value, Keys):
            found = _titles(check, entry.value)
        else:
            one = _one(check, entry.value)
            found = None if one is None else one.conditioning
    if found is None or entry.env.clock is check.env.clock:
        return found
    return conditioning_on_film(found, entry.value.span)


def _one(check: Expressions, expr: Expr) -> TextValue | None:
    found = check.value(expr)
    if found is None:
        return None
    if not isinstance(found, TextValue):
        hint = 'insert the number: `"{x}"`' if isinstance(found, NumberValue) else 'write `"…"`'
        check.findings.error("E3002", expr.span, "a layer's `text` is a text", hint=hint)
        return None
    if found.blend:
        message = "a layer shows one text: weights blend prompts, not letters"
        check.findings.error("E3010", expr.span, message, hint="write two layers with an `opacity` each")
        return None
    return found


def _titles(check: Expressions, expr: Keys) -> Conditioning | None:
    timed = keys.timed(check, expr.keys, whole=expr.span)
    made = {id(key): _one(check, key.value) for key in expr.keys}
    for shape in (*(key.easing for key in expr.keys), expr.easing):
        if shape is not None:
            hint = "fade with `opacity`"
            check.findings.error(
                "E3008", shape.span, "a text has no values in between to ease through", hint=hint
            )
            return None
    if timed is None or any(value is None for value in made.values()):
        return None
    span = expr.span
    rows = tuple(
        TimedKey(moment, Const(float(i), span), Ease("hold"), False, span)
        for i, (_, moment) in enumerate(timed)
    )
    place = KeyCurve(rows, False, span)
    *others, result = [value for key, _ in timed if (value := made[id(key)]) is not None]
    for i in range(len(others) - 1, -1, -1):
        test = NumberValue(Apply("eq", (place, Const(float(i), span)), span), live=True)
        result = texts.choose(test, others[i], result, span)
    return result.conditioning
