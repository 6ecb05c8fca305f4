"""A LoRA's layers laid onto those of a model: every shape is checked before a number is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from torch import nn

from anim_dsl.visible import escaped
from anim_runtime.diffusion.adapters.keys import DENOISER, TEXTS
from anim_runtime.diffusion.adapters.lora_file import LoraFile
from anim_runtime.diffusion.adapters.spelling import Place, places
from anim_runtime.problems import RenderProblem

#: of a model that puts rows of several lengths behind each other: how the layers begin that they pass so
_RAGGED: Final = {"ZImageTransformer2DModel": "cap_embedder"}


@dataclass(frozen=True, slots=True)
class Fitted:
    """One layer of a model under a LoRA. `begin` and `end` are its rows of `up`; `rank` is that of `down`.

    `swapped` if the halves of those rows are the other way round in the file. The rest are the names of
    tensors, "" where there is none, and the alpha that metadata tell, None if they do not.
    """

    component: str
    layer: str
    module: nn.Module
    down: str
    up: str
    begin: int
    end: int
    rank: int
    swapped: bool = False
    mid: str = ""
    alpha: str = ""
    magnitude: str = ""
    told_alpha: float | None = None
    #: the scale is alpha by the root of the rank (rank-stabilised LoRA)
    is_stabilised: bool = False
    #: rows of several lengths pass it one after the other, so that it cannot tell them apart
    is_ragged: bool = False


def check_components(lora: LoraFile, components: Collection[str]) -> None:
    """Raises RenderProblem (exit code 7) if it is for a text encoder that the engine does not have."""
    strange = sorted(
        parts["down"] for (told, _), parts in lora.layers.items() if component_of(told, components) is None
    )
    if strange:
        raise _misfit(lora, strange)


def component_of(told: str, components: Collection[str]) -> str | None:
    """The model of an engine that a file means by a component; None if the engine has none such.

    Flux has its T5 in the second place, files in the third.
    """
    if told == TEXTS[2] and told not in components and TEXTS[1] in components:
        return TEXTS[1]
    return told if told in components else None


def fitted(
    lora: LoraFile, model: Any, component: str, components: Collection[str] = ()
) -> tuple[Fitted, ...]:
    """Where a LoRA acts in one model of an engine (untyped, hence Any), which has these `components`.

    RenderProblem (exit code 7) if a layer that is meant for it fits nowhere.
    """
    there = components or (component,)
    modules = {n: m for n, m in model.named_modules() if isinstance(m, nn.Linear | nn.Conv2d)}
    spelled = places(model, modules, component)
    ragged = _RAGGED.get(type(model).__name__, "-")
    found: list[Fitted] = []
    unknown: list[str] = []
    for (told, layer), parts in lora.layers.items():
        if component_of(told, there) != component:
            continue
        place = spelled.get(layer)
        if place is None:
            unknown.append(parts["down"])
        else:
            found.extend(_one(lora, component, place, parts, modules, ragged))
    if unknown:
        raise _misfit(lora, sorted(unknown))
    return tuple(found)


def _misfit(lora: LoraFile, unknown: list[str]) -> RenderProblem:
    count, all_of_them = len(unknown), len(lora.layers)
    example = f"such as `{escaped(unknown[0][:80])}`"
    hint = "it is for another kind of model: look at its page for the base model that it was made for"
    if count == all_of_them:
        return RenderProblem(f"no layer of the LoRA `{lora.name}` is in the model, {example}", hint, 7)
    told = f"{count} of the {all_of_them} layers of the LoRA `{lora.name}` are not in the model"
    return RenderProblem(f"{told}, {example}", hint, 7)


def _one(
    lora: LoraFile,
    component: str,
    place: Place,
    parts: Mapping[Any, str],
    layers: Mapping[str, nn.Module],
    ragged: str,
) -> Iterator[Fitted]:
    modules = [layers[name] for name in place.layers]
    down, up = lora.shapes[parts["down"]], lora.shapes[parts["up"]]
    rows = [_outputs(module) for module in modules]
    if len(up) not in (2, 4) or len(down) not in (2, 4) or up[0] != sum(rows):
        raise _wrong_shape(lora, place.layers[0], parts["up"], up[:1], (sum(rows),))
    if up[1] == 0 or ("alpha" in parts and lora.shapes[parts["alpha"]] not in ((), (1,))):
        raise _wrong_shape(lora, place.layers[0], parts.get("alpha", parts["up"]), up[1:2], (1,))
    lengths = lora.shapes[parts["magnitude"]] if "magnitude" in parts else ()
    if lengths and (lengths[0] != sum(rows) or any(edge != 1 for edge in lengths[1:])):
        hint = "use a plain LoRA, or a DoRA that was trained with one length for each output"
        raise RenderProblem(f"the LoRA `{lora.name}` is a DoRA over inputs, which is not known here", hint, 7)
    told_alpha, is_stabilised = _told(lora.settings, component, place.layers[0])
    begin = 0
    for name, module, count in zip(place.layers, modules, rows, strict=True):
        _check(lora, name, module, parts, down, up)
        yield Fitted(
            component,
            name,
            module,
            parts["down"],
            parts["up"],
            begin,
            begin + count,
            down[0] if "mid" not in parts else up[1],
            place.swapped,
            parts.get("mid", ""),
            parts.get("alpha", ""),
            parts.get("magnitude", ""),
            told_alpha,
            is_stabilised,
            name.startswith(ragged),
        )
        begin += count


def _outputs(module: nn.Module) -> int:
    return int(module.out_features if isinstance(module, nn.Linear) else module.out_channels)  # type: ignore[arg-type]


def _check(
    lora: LoraFile,
    name: str,
    module: nn.Module,
    parts: Mapping[Any, str],
    down: tuple[int, ...],
    up: tuple[int, ...],
) -> None:
    """Raises if the thin matrices do not take what the layer takes."""
    size = (1, 1)
    if isinstance(module, nn.Conv2d):
        size = (module.kernel_size[0], module.kernel_size[1])
        wanted = module.in_channels // module.groups
    else:
        assert isinstance(module, nn.Linear)
        wanted = module.in_features
    if down[1] != wanted:
        raise _wrong_shape(lora, name, parts["down"], down[1:2], (wanted,))
    mid = lora.shapes[parts["mid"]] if "mid" in parts else ()
    if mid and (len(mid) != 4 or not isinstance(module, nn.Conv2d) or down[2:] not in ((), (1, 1))):
        raise _wrong_shape(lora, name, parts["mid"], mid, size)
    kernel = mid[2:] if mid else (*down[2:], 1, 1)[:2]
    if tuple(kernel) != size:
        raise _wrong_shape(lora, name, parts["down"], tuple(kernel), size)
    rank = up[1]
    inner = mid[:2] if mid else (down[0], down[0])
    if inner != (rank, down[0]) or (len(up) == 4 and up[2:] != (1, 1)):
        raise _wrong_shape(lora, name, parts["up"], up[1:], inner[:1])


def _wrong_shape(
    lora: LoraFile, layer: str, tensor: str, has: tuple[int, ...], wanted: tuple[int, ...]
) -> RenderProblem:
    ours, theirs = (" × ".join(map(str, sizes)) for sizes in (wanted, has))
    hint = "it is for another kind of model: look at its page for the base model that it was made for"
    told = f"the LoRA `{lora.name}` does not fit the model: `{layer}` has {ours}, and"
    return RenderProblem(f"{told} `{escaped(tensor[:80])}` {theirs}", hint, 7)


def _told(settings: Mapping[str, object], component: str, layer: str) -> tuple[float | None, bool]:
    """The alpha of a layer that peft's settings tell, and whether the scale is rank-stabilised.

    diffusers puts the name of the model before each setting; the patterns of peft name ends of layers.
    """
    names = ("unet.", "transformer.") if component == DENOISER else (f"{component}.",)
    for prefix in (*names, ""):
        alpha = settings.get(f"{prefix}lora_alpha")
        if isinstance(alpha, int | float):
            patterns = settings.get(f"{prefix}alpha_pattern")
            rows = patterns.items() if isinstance(patterns, dict) else ()
            # peft takes them for regular expressions, which from a stranger's file may never end
            for end, value in rows:
                if isinstance(value, int | float) and f".{layer}".endswith(f".{end}"):
                    alpha = value
            return float(alpha), settings.get(f"{prefix}use_rslora") is True
    return None, False
