"""What a call that asks the model is given besides its own: the model's name, LoRAs, and controls with what
they are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from anim_compiler.drawing.extras import CONTROL_NUMBERS, HINTS, MODEL, control_arg, lora_arg
from anim_compiler.film import Control, Curve, Shot
from anim_compiler.graph import Arg, Choice, Column, Interner, Node
from anim_compiler.lowering.arguments import fixed

MODELS = "film.model"
"""The column of the model that draws, where a film has several."""

_THRESHOLDS = ("low", "high")
_HOW = ("precision", "tiling", "large")


def named_curves(shot: Shot) -> Iterator[tuple[str, Curve]]:
    """The weights of a shot's LoRAs and the numbers of its controls, by their columns: `lora.grain.weight`,
    `control.depth.end`.
    """
    for lora in shot.loras:
        yield _lora_column(lora.name), lora.weight
    sketched = () if shot.sketch is None else shot.sketch.hints
    for control in (*shot.controls, *sketched):
        for which, curve in control.numbers.items():
            if which not in _THRESHOLDS or control.kind == "canny":
                yield control_arg(control.name, which), curve


def own_curves(shot: Shot) -> Iterator[tuple[str, Curve]]:
    """Those of them that change."""
    return ((name, curve) for name, curve in named_curves(shot) if fixed(curve) is None)


def extras(shot: Shot, models: tuple[str, ...]) -> dict[str, Arg]:
    """The arguments of every call that asks the model; `models` are those that the film changes between."""
    args: dict[str, Arg] = {}
    if len(models) > 1:
        args[MODEL] = Choice(MODELS, models)
    for lora in shot.loras:
        args[lora_arg(lora.name)] = _number(lora.weight, _lora_column(lora.name))
    for name in _HOW:
        word = shot.words.get(f"diffuse.{name}")
        if isinstance(word, str | bool):
            args[name] = word
    return args


def hinted(
    shot: Shot, drawn: Node | None, named: Callable[[str], Node], nodes: Interner
) -> tuple[tuple[Node, ...], dict[str, Arg]]:
    """What the controls of a shot are shown, and the arguments that say so. `drawn` is the picture that is
    diffused, None where one is made from noise alone: a control that looks at nothing else rests there.
    """
    shown: list[Node] = []
    args: dict[str, Arg] = {}
    names: list[str] = []
    for control in shot.controls:
        picture = _looked_at(control, drawn, named)
        if picture is None:
            continue
        names.append(control.name)
        shown.append(picture if control.hint is not None else _hint(control, picture, nodes))
        args |= numbers(control)
    return tuple(shown), args | ({HINTS: " ".join(names)} if names else {})


def beside(shot: Shot, drawn: Node, named: Callable[[str], Node], nodes: Interner) -> Node:
    """What a preview of a shot's hints shows: each in a field of its own; the picture itself without any."""
    hints = () if shot.sketch is None else shot.sketch.hints
    shown = drawn
    # fields of an odd number leave one empty: it holds the picture that the hints are of
    count = len(hints) + (1 if len(hints) > 1 and len(hints) % 2 else 0)
    for place, control in enumerate(hints):
        picture = _looked_at(control, drawn, named)
        assert picture is not None, "there is a picture"
        hint = picture if control.hint is not None else _hint(control, picture, nodes)
        args: dict[str, Arg] = {"place": place, "count": count, "name": control.name}
        shown = nodes.node("hint_beside", (shown, hint), args)
    if count == len(hints):
        return shown
    last: dict[str, Arg] = {"place": len(hints), "count": count, "name": "picture"}
    return nodes.node("hint_beside", (shown, drawn), last)


def numbers(control: Control) -> dict[str, Arg]:
    """What a call says of one of its controls."""
    return {
        arg: _number(control.numbers[which], arg)
        for which in CONTROL_NUMBERS
        for arg in (control_arg(control.name, which),)
    }


def hint_args(control: Control) -> dict[str, Arg]:
    """What the hint of a control is made by."""
    args: dict[str, Arg] = {"kind": control.kind}
    if control.kind == "canny":
        for which in _THRESHOLDS:
            args[which] = _number(control.numbers[which], control_arg(control.name, which))
    return args


def follows(control: Control) -> bool:
    """Whether a control looks at the picture that is diffused, whatever that is."""
    return control.source is None and control.hint is None


def _looked_at(control: Control, drawn: Node | None, named: Callable[[str], Node]) -> Node | None:
    name = control.hint or control.source
    return drawn if name is None else named(name)


def _hint(control: Control, picture: Node, nodes: Interner) -> Node:
    return nodes.node("hint", (_clean(picture),), hint_args(control))


def _clean(picture: Node) -> Node:
    """A picture before noise was added to it: edges are looked for in what is seen."""
    while picture.op == "add_noise":
        picture = picture.inputs[0]
    return picture


def _number(curve: Curve, column: str) -> Arg:
    known = fixed(curve)
    return Column(column) if known is None else float(known)


def _lora_column(name: str) -> str:
    return f"{lora_arg(name)}.weight"
