"""Loads ControlNets from disk: folders of diffusers, and single files of either naming."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import torch

from anim_compiler.plan import NamedRef
from anim_runtime.diffusion.codec import Codec
from anim_runtime.diffusion.control.config import ORIGINAL, unet_config, union_config, words_wide
from anim_runtime.diffusion.control.moment import Net
from anim_runtime.diffusion.control.nets import ControlNets
from anim_runtime.diffusion.control.suits import refused, unlike_words
from anim_runtime.diffusion.denoiser import Denoiser
from anim_runtime.diffusion.families.blueprint import UnknownModel
from anim_runtime.diffusion.families.weights import first_line, json_of, numbers, variant
from anim_runtime.models.library import Located
from anim_runtime.problems import RenderProblem

#: the classes that a folder may name: nothing else is ever made of it
CLASSES = (
    "ControlNetModel",
    "ControlNetUnionModel",
    "FluxControlNetModel",
    "SD3ControlNetModel",
    "QwenImageControlNetModel",
)

_DAMAGED = "the file may be damaged, or no ControlNet"


def load_controls(
    controls: tuple[NamedRef, ...],
    find: Callable[[str, str], Located],
    denoiser: Denoiser,
    codec: Codec,
    device: torch.device,
) -> ControlNets | None:
    """The ControlNets of a setup, on the device, in what the denoiser computes in; None if there are none.

    Equal files are loaded once. RenderProblem (exit code 7) if one is not here, cannot be read, or is for
    another kind of model.
    """
    models: dict[str, Any] = {}  # of diffusers, without annotations
    nets: list[Net] = []
    for control in controls:
        if control.reference not in models:
            found = find(control.reference, control.sha256)
            models[control.reference] = _loaded(control, found, denoiser, device)
        nets.append(net_of(control.name, control.kind, models[control.reference], denoiser, codec))
    return ControlNets(nets) if nets else None


def net_of(name: str, kind: str, model: Any, denoiser: Denoiser, codec: Codec) -> Net:
    """A diffusers ControlNet as the engine asks it; untyped, hence Any."""
    # modules of diffusers take a second to import, and U-Nets need none of these
    from anim_runtime.diffusion.control import transformer_net
    from anim_runtime.diffusion.control.unet_net import UNetNet

    known: dict[str, Callable[[str, str, Any, Denoiser, Codec], Net]] = {
        "FluxControlNetModel": transformer_net.FluxNet,
        "SD3ControlNetModel": transformer_net.SD3Net,
        "QwenImageControlNetModel": transformer_net.QwenNet,
    }
    made = known.get(type(model).__name__)
    if made is None:
        return UNetNet(name, kind, model, denoiser)
    return made(name, kind, model, denoiser, codec)


def _loaded(control: NamedRef, found: Located, denoiser: Denoiser, device: torch.device) -> Any:
    what = f"the ControlNet `{control.reference}` of `control {control.name}` cannot be loaded"
    try:
        if found.path is None:
            raise ValueError("it holds no weights")
        is_folder = found.path.is_dir()
        model = _folder(found.path, denoiser) if is_folder else _file(control, found.path, denoiser)
        numbers("ControlNet", model)
    except RenderProblem:
        raise
    except UnknownModel as problem:
        raise RenderProblem(f"{what}: {problem.message}", problem.hint, 7) from problem
    except torch.OutOfMemoryError:
        # the session knows what to do with less
        raise
    except Exception as error:
        # foreign files through foreign loaders: each raises types of its own, and all mean the same here
        # diffusers adds what a programmer could do
        reason = first_line(error).partition(". If you want")[0]
        raise RenderProblem(f"{what}: {reason}", _DAMAGED, 7) from error
    unfit = refused(control, model, denoiser)
    if unfit is not None:
        raise unfit
    return model.to(device).eval().requires_grad_(requires_grad=False)


def _folder(path: Path, denoiser: Denoiser) -> Any:
    import diffusers

    name = json_of(path / "config.json").get("_class_name")
    if name not in CLASSES:
        raise ValueError(f"it is a `{name}`, and this is none of the kinds that are known")
    known: Any = getattr(diffusers, name)
    model, told = known.from_pretrained(
        str(path),
        local_files_only=True,
        torch_dtype=denoiser.dtype,
        use_safetensors=True,
        variant=variant(path),
        output_loading_info=True,
    )
    # diffusers makes up what is missing
    _whole(told["missing_keys"])
    return model


def _file(control: NamedRef, path: Path, denoiser: Denoiser) -> Any:
    import diffusers as _diffusers
    from safetensors.torch import load_file

    # it makes its attributes when they are asked for: hence Any
    diffusers: Any = _diffusers

    tensors = load_file(path)
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    is_original = any(name.startswith(ORIGINAL) for name in shapes)
    if not is_original and "controlnet_cond_embedding.conv_in.weight" not in shapes:
        raise ValueError("one file of it holds no config: give the folder that diffusers writes")
    unet = denoiser.model
    problem = unlike_words(control, words_wide(shapes), unet)
    if problem is not None:
        raise problem
    known = diffusers.ControlNetModel
    try:
        if is_original:
            model = known.from_unet(unet, load_weights_from_unet=False)
            tensors = _renamed(tensors, model)
        elif "task_embedding" in shapes:
            model = diffusers.ControlNetUnionModel(**union_config(shapes, unet.config))
        else:
            model = known(**unet_config(shapes, unet.config))
    except KeyError as error:
        raise UnknownModel(f"it lacks `{error.args[0]}`", _DAMAGED) from error
    wanted = model.state_dict()
    others = [name for name in wanted.keys() & tensors.keys() if wanted[name].shape != tensors[name].shape]
    _whole(wanted.keys() - tensors.keys(), others)
    # the network is built by the file's names: one too many means that it is another network
    if besides := tensors.keys() - wanted.keys():
        raise UnknownModel(f"its `{min(besides)}` is no part of a ControlNet that is known", _DAMAGED)
    model.load_state_dict(tensors)
    return model.to(denoiser.dtype)


def _whole(missing: Collection[str], others: Collection[str] = ()) -> None:
    """UnknownModel if tensors of a network are not there, or are of another size than the network's."""
    if missing:
        raise UnknownModel(f"it lacks `{min(missing)}`", _DAMAGED)
    if others:
        raise UnknownModel(f"its `{min(others)}` is of another size than the network has", _DAMAGED)


def _renamed(tensors: dict[str, torch.Tensor], model: Any) -> dict[str, torch.Tensor]:
    """The tensors of a file of the training program by diffusers' names."""
    from diffusers.loaders.single_file_utils import convert_controlnet_checkpoint

    made: dict[str, torch.Tensor] = convert_controlnet_checkpoint(tensors, config=model.config)
    return made
