"""The model of a workflow: its checkpoint, what is put onto it, and what decodes its pictures."""

from __future__ import annotations

from anim_studio.interchange.comfyui.graph import Node, Workflow
from anim_studio.interchange.formula_text import number_text
from anim_studio.interchange.imported import Fate
from anim_studio.interchange.recipe import Adapter, Recipe, last_part

LOADERS = ("CheckpointLoader", "UNETLoader", "Efficient Loader", "easy fullLoader", "UnetLoader")
"""How the classes begin of nodes that load a model."""


def add_models(graph: Workflow, recipe: Recipe, sampler: Node | None) -> None:
    """The checkpoint, the LoRAs in the order in which they are put on, another decoder."""
    found = graph.upstream(sampler) if sampler is not None else graph.nodes.values()
    chain = [node for node in found if not node.is_off]
    loader = next((node for node in chain if node.kind.startswith(LOADERS)), None)
    if loader is not None:
        names = (graph.plain(loader.inputs.get(each)) for each in ("ckpt_name", "unet_name", "0"))
        recipe.model = last_part(next((each for each in names if isinstance(each, str) and each), ""))
        recipe.say(Fate.MAPPED, loader.kind, f"`model`: {recipe.model}" if recipe.model else "")
    for node in reversed(chain):
        if node.kind.startswith("LoraLoader") or (node is loader and "lora_name" in node.inputs):
            _add_lora(graph, recipe, node)
        elif node.kind.startswith("Power Lora Loader"):
            _add_loras(recipe, node)
    for node in (*chain, *_decoders(graph, sampler)):
        vae = graph.plain(node.inputs.get("vae_name"))
        if (node.kind == "VAELoader" or node is loader) and isinstance(vae, str) and vae != "Baked VAE":
            recipe.vae = last_part(vae)
            recipe.say(Fate.MAPPED, "VAELoader", f"`vae`: {recipe.vae}")
        if node.kind == "CLIPSetLastLayer" or (node is loader and "clip_skip" in node.inputs):
            layer = graph.plain(node.inputs.get("stop_at_clip_layer", node.inputs.get("clip_skip")))
            recipe.number("clip_skip", -layer if isinstance(layer, int) else None, 1, 12, "CLIPSetLastLayer")


def _decoders(graph: Workflow, sampler: Node | None) -> list[Node]:
    """The VAEs that turn what the sampler has drawn into pictures."""
    if sampler is None:
        return []
    decoding = [
        node
        for node in graph.of("VAEDecode")
        if (drawn := graph.behind(node.inputs.get("samples"))) is not None
        and sampler in graph.upstream(drawn[0])
    ]
    found = [graph.behind(node.inputs.get("vae")) for node in decoding]
    return [each[0] for each in found if each is not None and not each[0].is_off]


def _add_lora(graph: Workflow, recipe: Recipe, node: Node) -> None:
    name, weight, clip = (
        graph.plain(node.inputs.get(each, node.inputs.get(other)))
        for each, other in (
            ("lora_name", ""),
            ("strength_model", "lora_model_strength"),
            ("strength_clip", "lora_clip_strength"),
        )
    )
    if not isinstance(name, str) or name in ("", "None"):
        return
    value = weight if isinstance(weight, int | float) and not isinstance(weight, bool) else 1
    recipe.adapters.append(Adapter(name, number_text(f"{value:g}"), f"LoraLoader {last_part(name)}"))
    if isinstance(clip, int | float) and clip != value:
        says = f"the text encoder has {clip:g} there; one weight is for both here"
        recipe.say(Fate.CHANGED, f"strength_clip of {last_part(name)}", says)


def _add_loras(recipe: Recipe, node: Node) -> None:
    """A node of several, each with its switch."""
    for row in node.inputs.values():
        name = row.get("lora") if isinstance(row, dict) and row.get("on") else None
        if isinstance(row, dict) and isinstance(name, str) and name != "None":
            weight = row.get("strength")
            value = weight if isinstance(weight, int | float) and not isinstance(weight, bool) else 1
            what = f"{node.kind} {last_part(name)}"
            recipe.adapters.append(Adapter(name, number_text(f"{value:g}"), what))
