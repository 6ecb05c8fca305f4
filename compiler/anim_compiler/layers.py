"""`layer NAME { … }`: a picture or a text over the film."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from anim_compiler import files, key_order, options, pictures, setting
from anim_compiler.colors import color
from anim_compiler.crossing import conditioning_on_film
from anim_compiler.film import Conditioning, Curve, Layer, Word
from anim_compiler.setting import Entry
from anim_compiler.standing import standing
from anim_compiler.typed import Const
from anim_compiler.values import NumberValue, TextValue
from anim_compiler.world import World
from anim_dsl.diagnostic import Label
from anim_dsl.settings import SETTINGS
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, Keys

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_NUMBERS = ("x", "y", "scale", "angle", "opacity")
_LETTERS = ("size", "line_height", "width", "outline", "shadow")
_COLORS = ("color", "outline_color", "shadow_color")
TEXT_ONLY = frozenset({"font", "align", *_LETTERS, *_COLORS})
"""Settings that only texts have."""

_ALSO = ("init", "source")


def layer(check: Expressions, name: str, entries: Sequence[Entry], span: Span, world: World) -> Layer | None:
    """A layer; what is wrong with it is reported. `span` is the statement's, or its name's."""
    source, text = options.last(entries, "source"), options.last(entries, "text")
    wanted = (*_NUMBERS, *(_LETTERS if text is not None else ()))
    anchor = _choice(check, entries, "anchor")
    bases = {"x": _held(check, "x", anchor), "y": _held(check, "y", anchor)}
    numbers = {n: setting.number(check, "layer", n, entries, bases.get(n)) for n in wanted}
    curves = {n: curve for n, curve in numbers.items() if curve is not None}
    shown = _picture(check, source, _ALSO)
    written = _text(check, text) if text is not None else None
    masked = _picture(check, options.last(entries, "mask"))
    if not _has_one(check, name, source, text, span):
        return None
    if source is not None:
        _not_for_pictures(check, entries)
    words = {
        "mode": _choice(check, entries, "mode"),
        "anchor": anchor,
        **_words(check, entries, world, is_text=text is not None),
    }
    if (shown is None and written is None) or len(curves) < len(wanted):
        return None
    if written is not None and text is not None:
        _letters(check, written, words["font"], text, world)
    return Layer(name, shown, written, MappingProxyType(curves), MappingProxyType(words), masked, span)


def _held(check: Expressions, axis: str, anchor: str) -> Curve:
    """Where a layer is held if its place is not said: at the point of the picture that `anchor` names, px."""
    width, height = check.scope.size
    begin, end, whole = ("left", "right", width) if axis == "x" else ("top", "bottom", height)
    share = 0.0 if begin in anchor else 1.0 if end in anchor else 0.5
    return Curve(Const(share * whole, Span(0, 0)), False, SETTINGS["layer", axis].type)


def _letters(check: Expressions, written: Conditioning, font: Word, text: Entry, world: World) -> None:
    """Warns of letters that the font does not have, and of those that run from right to left."""
    said = "".join(part for row in written for part in row.parts if isinstance(part, str))
    if said.isascii() and font is None:
        return
    from anim_compiler import fonts

    at = text.value.span
    lacking = fonts.lacking(world.root / str(font) if font is not None else None, said)
    if lacking:
        shown = " ".join(f"`{letter}`" for letter in lacking[:8]) + (
            " and others" if len(lacking) > 8 else ""
        )
        called = f"`{font}`" if font is not None else "the built-in font"
        hint = 'name a font that has them: `font = "name.ttf"`'
        check.findings.warning("W6120", at, f"{called} has no letter for {shown}", hint=hint)
    elif fonts.runs_left(said):
        hint = "put a picture of the words in its place, or write them the other way round"
        message = "letters are set from left to right, and these are read from right to left"
        check.findings.warning("W6121", at, message, hint=hint)


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
        if entry.name in TEXT_ONLY:
            hint = "`scale` sizes a picture" if entry.name in ("size", "width") else "take it away"
            message = f"`{entry.name}` changes nothing: it belongs to texts, and this layer shows a picture"
            check.findings.warning("W6005", entry.at, message, hint=hint)


def _words(check: Expressions, entries: Sequence[Entry], world: World, *, is_text: bool) -> dict[str, Word]:
    """What only texts say in words."""
    if not is_text:
        return {}
    made: dict[str, Word] = {"align": _choice(check, entries, "align")}
    for name in _COLORS:
        shade = options.last(entries, name)
        found = color(check, shade, f"`{name}`") if shade is not None else None
        made[name] = found or SETTINGS["layer", name].default.strip('"')
    return made | _font(check, entries, world)


def _choice(check: Expressions, entries: Sequence[Entry], name: str) -> str:
    entry, spec = options.last(entries, name), SETTINGS["layer", name]
    chosen = setting.word(check, spec, entry) if entry is not None else None
    return chosen if isinstance(chosen, str) else spec.default


def _font(check: Expressions, entries: Sequence[Entry], world: World) -> dict[str, Word]:
    """The path of the font and what is in the file; none and none for the built-in one."""
    entry = options.last(entries, "font")
    path = files.of_setting(check, world, entry, files.SUFFIXES["font"]) if entry is not None else None
    if entry is None or path is None:
        return {"font": None, "font_sha256": None}
    from anim_compiler import fonts

    file = world.root / path
    if not fonts.is_font(file):
        hint = "give a .ttf or .otf file"
        check.findings.error("E2091", entry.value.span, f"`{path}` is not a font that can be read", hint=hint)
        return {"font": None, "font_sha256": None}
    return {"font": path, "font_sha256": world.sha256(file)}


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
    timed = key_order.timed(check, expr.keys, whole=expr.span)
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
    rows = [(moment, value) for key, moment in timed if (value := made[id(key)]) is not None]
    return standing(rows, expr.span)
