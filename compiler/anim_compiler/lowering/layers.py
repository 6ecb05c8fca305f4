"""Layers as nodes: what each of them shows, laid over a picture or over nothing."""

from __future__ import annotations

from anim_compiler.film import Layer, OpCall, PictureExpr, PictureRef, Pipeline, Shot
from anim_compiler.graph import Arg, Column, Interner, Node, Rate
from anim_compiler.lowering.pictures import Media, picture

_PLACE = ("x", "y", "angle", "opacity")
_LETTERS = ("outline", "shadow", "width")


def read_layers(pipeline: Pipeline) -> bool:
    """Whether a pipeline places the layers itself."""
    waiting: list[PictureExpr] = [made for _, made in pipeline.steps]
    while waiting:
        node = waiting.pop()
        if isinstance(node, PictureRef) and node.name == "layers":
            return True
        if isinstance(node, OpCall):
            waiting.extend(node.inputs)
    return False


def on_nothing(shot: Shot, media: Media, scale: float, nodes: Interner) -> Node:
    """All layers of a shot and nothing below them."""
    return layered(nodes.node("empty", rate=Rate.FILM), shot, media, scale, nodes)


def layered(below: Node, shot: Shot, media: Media, scale: float, nodes: Interner) -> Node:
    """A picture with a shot's layers over it, in the order in which they are written.

    `scale` is pixels of the picture that is made per pixel of the film's size.
    """
    for layer in shot.layers:
        above = _title(layer, nodes) if layer.text is not None else _shown(layer, shot, media, nodes)
        inputs = [below, above]
        if layer.mask is not None:
            inputs.append(picture(layer.mask, shot, media, nodes))
        # a mask is made in the size of the picture, all else has a size of its own
        below = nodes.node("layer", inputs, _args(layer, 1.0 if layer.source in media.masks else scale))
    return below


def _args(layer: Layer, scale: float) -> dict[str, Arg]:
    path = f"layer.{layer.name}"
    args: dict[str, Arg] = {name: Column(f"{path}.{name}") for name in _PLACE}
    args |= {"mode": _word(layer, "mode"), "anchor": _word(layer, "anchor")}
    if layer.text is not None:
        return args | {"scale": Column(f"{path}.zoom"), "inset": Column(f"{path}.inset")}
    return args | {"scale": Column(f"{path}.scale"), "unit": scale}


def _title(layer: Layer, nodes: Interner) -> Node:
    """A text; its letters are those of the film's size, so that a preview of it looks alike."""
    path = f"layer.{layer.name}"
    args: dict[str, Arg] = {"text": f"{path}.text", "raster": Column(f"{path}.raster")}
    args |= {name: Column(f"{path}.drawn_{name}") for name in _LETTERS}
    args |= {"line_height": Column(f"{path}.line_height"), "inset": Column(f"{path}.inset")}
    args |= {name: _word(layer, name) for name in ("color", "align", "outline_color", "shadow_color")}
    if layer.words["font"] is not None:
        args["font"] = _word(layer, "font")
    return nodes.node("title", (), args)


def _shown(layer: Layer, shot: Shot, media: Media, nodes: Interner) -> Node:
    """A still with its alpha at its own size, a video at its own size, a mask as greys."""
    assert layer.source is not None, "a layer shows a picture or a text"
    name = {"init": shot.init, "source": shot.source}.get(layer.source, layer.source) or layer.source
    if name in media.clips:
        return nodes.node("clip", (), {"name": name, "fit": "own"})
    if name in media.masks:
        return picture(name, shot, media, nodes)
    return nodes.node("cutout", (), {"name": name}, Rate.FILM)


def _word(layer: Layer, name: str) -> str:
    return str(layer.words[name])
