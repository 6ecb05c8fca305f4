"""What draws: the families of models, the kinds of controls with their usual ControlNets, the samplers."""

from __future__ import annotations

from anim_compiler.controls import KINDS
from anim_compiler.drawing.control_models import STANDARD
from anim_compiler.models.families import FAMILIES, Family
from anim_compiler.models.samplers import FLOW_SAMPLERS, SAMPLERS
from anim_studio.explain.layout import Style, names, paragraph, rows

_MODELS = (
    "`model` names what draws: a file, `hf:owner/repo`, `civitai:number` or an https address; a list changes"
    " it over time. LoRAs, embeddings, ControlNets and decoders fit models of their own family only."
)
_GUIDANCE = (
    "`cfg_scale` counts as in AUTOMATIC1111 and ComfyUI: 1 is no guidance, takes half the time, and is what"
    " distilled models want (Turbo, Lightning, schnell). diffusers writes 0 for some of those, and for"
    " Z-Image always 1 less. Flux.1 dev and LCM models take the scale as a number, and never read a negative"
    " prompt."
)
MOST_CHARACTERS = 66
"""A reference in a table of a terminal may have so many without being broken."""

_CONTROLS = (
    "`control KIND { source = … }` makes a hint of a picture, and a ControlNet guides the frames by it; a"
    " `hint` that is there already is used as it is. `anim render --tier hints` shows the hints. Without"
    " `model` in the block the usual ControlNet of the kind is taken:"
)
_SAMPLERS = (
    "`sampler` of `diffuse` takes these; a list changes it over time. Models that are trained on straight"
    " lines (Stable Diffusion 3, Flux, Qwen-Image, Z-Image) only have those of the second list."
)


def models_list(style: Style) -> list[str]:
    """The families, with the size that each draws best at."""
    found = [(row.name, _told(row)) for row in FAMILIES.values()]
    return [*paragraph(style, _MODELS), "", *rows(style, found), "", *paragraph(style, _GUIDANCE)]


def controls_list(style: Style) -> list[str]:
    """The kinds, and the ControlNets of the families."""
    lines = [*rows(style, list(KINDS.items())), "", *paragraph(style, _CONTROLS)]
    for family, known in STANDARD.items():
        found = [(kind, _broken(reference)) for kind, reference in known.items()]
        lines += ["", style.paint(FAMILIES[family].title, "bold"), *rows(style, found)]
    return lines


def samplers_list(style: Style) -> list[str]:
    """All samplers, and those of flow models."""
    flow = [name for name in SAMPLERS if name in FLOW_SAMPLERS]
    return [*paragraph(style, _SAMPLERS), "", *names(style, SAMPLERS), "", *names(style, flow)]


def _broken(reference: str) -> str:
    """A reference that may be broken before its last part, if it is too long for a line."""
    return reference if len(reference) <= MOST_CHARACTERS else reference.replace("/", "/ ")


def _told(row: Family) -> str:
    multiple = f", in multiples of {row.multiple_px}" if row.multiple_px != 8 else ""
    return f"{row.title}: about {row.native_px}x{row.native_px} px{multiple}"
