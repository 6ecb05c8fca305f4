"""What an argument of a call is in the graph: a number, a word, or the column that holds it."""

from __future__ import annotations

from anim_compiler import setting
from anim_compiler.constants import constant
from anim_compiler.drawing.names import texts_of
from anim_compiler.film import Camera, Curve, Shot, WordSchedule
from anim_compiler.graph import Arg as GraphArg
from anim_compiler.graph import Choice, Column
from anim_compiler.image_op import Arg
from anim_compiler.lowering.paths import Named
from anim_dsl.settings import SETTINGS

PROMPTS = ("prompt", "negative")
"""Arguments that name a track of conditionings: the scene's own, or one of this call."""

COLUMNS = frozenset({"seed", "steps"})
"""Arguments that are columns even if they are one number: a frame's seed is by `seed_mode`, and a command
line may choose the steps.
"""


def argument(shot: Shot, named: Named, arg: Arg, scale: float) -> GraphArg:
    """The argument of a call: its own, else the shot's setting, else its default.

    `scale` is pixels of the picture that is made per pixel of the film's size.
    """
    if arg.name in PROMPTS:
        return named.column(arg.name) if arg.name in named.call.args else arg.name
    own = named.call.args.get(arg.name)
    if isinstance(own, Curve):
        known = own_number(arg, own, scale)
        return Column(named.column(arg.name)) if known is None else known
    if own is not None:
        return own
    if arg.setting == "camera.border":
        return _border(shot, str(named.call.args.get("camera") or ""))
    return _setting(shot, arg, scale)


def fixed(curve: Curve, scale: float = 1.0) -> float | int | None:
    """The number that a curve always is; None if it changes or has to be computed.

    Lengths in pixels are those of the picture that is made.
    """
    known = None if curve.live else constant(curve.expr)
    if known is None:
        return None
    if curve.integer:
        return int(known)
    return float(f"{known * (scale if curve.unit == 'px' else 1.0):.12g}") + 0.0


def own_number(arg: Arg, curve: Curve, scale: float = 1.0) -> float | int | None:
    """The number that a call gives an argument; None if it stands in a column of the call's own."""
    return None if arg.name in COLUMNS else fixed(curve, scale)


def _setting(shot: Shot, arg: Arg, scale: float) -> GraphArg:
    """What the shot's blocks say of it; not said at all it is the table's default."""
    block, _, name = arg.setting.rpartition(".")
    spec = SETTINGS[block or "film", name]
    if setting.numeric(spec):
        if arg.setting in shot.numbers:
            return Column(arg.setting)
        default = setting.default(spec)
        return None if default is None else fixed(default, scale)
    word = shot.words.get(arg.setting)
    if isinstance(word, WordSchedule):
        return Choice(arg.setting, texts_of(word))
    if word is not None:
        return word
    if spec.type == "bool":
        return spec.default == "on"
    return spec.default.strip('"') or None


def camera_of(shot: Shot, name: str) -> Camera | None:
    """A camera of the shot by its name, its own by an empty one or `camera`."""
    return shot.camera if name in ("", "camera") else shot.cameras.get(name)


def _border(shot: Shot, name: str) -> str:
    camera = camera_of(shot, name)
    return "reflect" if camera is None else camera.border
