"""Colours by name or by number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from anim_compiler.names import did_you_mean, nearest
from anim_compiler.values import TextValue
from anim_dsl.diagnostic import Edit
from anim_dsl.syntax import Expr, Name, Text

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions
    from anim_compiler.setting import Entry

_NAMES = """
aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown
burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan
darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid
darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet
deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro
ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo ivory khaki
lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow
lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray
lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue
mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred
midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid
palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple
rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver
skyblue slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato transparent
turquoise violet wheat white whitesmoke yellow yellowgreen
"""

CSS = frozenset(_NAMES.split())
"""The names of CSS, level 4."""

_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_BARE = re.compile(r"[0-9a-fA-F]{6}")


def color(check: Expressions, entry: Entry, what: str) -> str | None:
    """A colour in lower case, `#rgb` written out; None if it is none, which is reported."""
    with check.inside(entry.env):
        expr = entry.value
        text = expr.text if isinstance(expr, Name) and check.env.find(expr.path[0]) is None else None
        if text is None and isinstance(expr, Name | Text):
            found = check.value(expr)
            text = found.plain if isinstance(found, TextValue) else None
    if text is None:
        hint = 'write a name such as `"white"`, or `"#ffcc00"`'
        check.findings.error("E3032", expr.span, f"{what} is a colour that does not change", hint=hint)
        return None
    wanted = text.strip().lower()
    if wanted in CSS:
        return wanted
    if _HEX.fullmatch(wanted) is not None:
        return "#" + "".join(c * 2 for c in wanted[1:]) if len(wanted) == 4 else wanted
    _unknown(check, expr, wanted)
    return None


def _unknown(check: Expressions, expr: Expr, wanted: str) -> None:
    plain = wanted.replace(" ", "").replace("-", "").replace("_", "")
    right = f"#{wanted}" if _BARE.fullmatch(wanted) else plain if plain in CSS else nearest(plain, CSS)
    hint = f'write `"{right}"`' if right else 'write a name such as `"white"`, or `"#ffcc00"`'
    if right and right != plain and not right.startswith("#"):
        hint = did_you_mean(plain, CSS)
    check.findings.error(
        "E3032",
        expr.span,
        f"`{wanted}` is not a colour",
        hint=hint,
        edit=Edit(expr.span, f'"{right}"') if right else None,
    )
