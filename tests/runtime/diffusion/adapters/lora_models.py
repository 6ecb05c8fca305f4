"""Tiny models of every family under LoRAs of random numbers, and what diffusers and peft make of them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import torch
from tests.runtime.diffusion.families.tiny import FAMILY_MODELS

from anim_compiler.plan import NamedRef
from anim_runtime.diffusion.adapters.lora_file import open_lora
from anim_runtime.diffusion.adapters.loras import Loras
from anim_runtime.models.library import Places

#: as diffusers calls the denoiser of a pipeline
CALLED = {"sd1": "unet", "sd2": "unet", "sdxl": "unet"}
CPU = torch.device("cpu")


@cache
def models(family: str) -> dict[str, Any]:
    """The denoiser and the text encoders of a tiny model; made once, so leave them as they are."""
    torch.manual_seed(7)
    made = FAMILY_MODELS[family][1]()
    found = {name: part.eval() for name, part in made.items() if name.startswith("text_encoder")}
    return {"denoiser": made[called(family)].eval(), **found}


def called(family: str) -> str:
    """`unet` or `transformer`."""
    return CALLED.get(family, "transformer")


def layers(model: torch.nn.Module, *ends: str) -> list[str]:
    """The linear layers and convolutions with such ends of names; all of them without any."""
    kinds = (torch.nn.Linear, torch.nn.Conv2d)
    return [n for n, m in model.named_modules() if isinstance(m, kinds) and (not ends or n.endswith(ends))]


def matrices(
    model: torch.nn.Module, names: Iterable[str], rank: int = 3, seed: int = 0
) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    """Random thin matrices for layers, by name."""
    generator = torch.Generator().manual_seed(seed)
    found = {}
    for name in names:
        module: Any = model.get_submodule(name)
        weight = module.weight
        down = torch.randn(rank, *weight.shape[1:], generator=generator) * 0.3
        up = torch.randn(weight.shape[0], rank, *(1,) * (weight.dim() - 2), generator=generator) * 0.3
        found[name] = (down, up)
    return found


def peft_spelled(
    found: Mapping[str, tuple[torch.Tensor, torch.Tensor]], prefix: str
) -> dict[str, torch.Tensor]:
    """As peft and diffusers write them."""
    pairs = {f"{prefix}.{name}.lora_A.weight": down for name, (down, _) in found.items()}
    return pairs | {f"{prefix}.{name}.lora_B.weight": up for name, (_, up) in found.items()}


def kohya_spelled(
    found: Mapping[str, tuple[torch.Tensor, torch.Tensor]],
    prefix: str,
    alpha: float = 2.0,
    rename: Callable[[str], str] = lambda name: name.replace(".", "_"),
) -> dict[str, torch.Tensor]:
    """As kohya's programs write them."""
    tensors: dict[str, torch.Tensor] = {}
    for name, (down, up) in found.items():
        base = f"{prefix}_{rename(name)}"
        tensors |= {f"{base}.lora_down.weight": down, f"{base}.lora_up.weight": up}
        tensors[f"{base}.alpha"] = torch.tensor(alpha)
    return tensors


def write(
    tensors: Mapping[str, torch.Tensor], path: Path, metadata: dict[str, str] | None = None
) -> NamedRef:
    """A file of those tensors, as a film names it."""
    from safetensors.torch import save_file

    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path, metadata)
    return NamedRef(name=path.stem, reference=str(path), sha256="")


def ours(family: str, refs: Sequence[NamedRef]) -> tuple[dict[str, Any], Loras]:
    """A copy of the models under LoRAs."""
    copied = copy.deepcopy(models(family))
    texts = [name for name in copied if name != "denoiser"]
    loras = Loras([open_lora(ref, Places()) for ref in refs], copied["denoiser"], texts, CPU)
    for name in texts:
        loras.attach(name, copied[name])
    return copied, loras


def theirs(
    family: str, loras: Sequence[tuple[Mapping[str, torch.Tensor], Any]], weights: Sequence[float]
) -> Any:
    """The denoiser of diffusers under state dicts in its own spelling, each with its alphas or None."""
    copied = copy.deepcopy(models(family)["denoiser"])
    names = [f"lora_{i}" for i in range(len(loras))]
    for name, (tensors, alphas) in zip(names, loras, strict=True):
        copied.load_lora_adapter(
            dict(tensors), prefix=called(family), adapter_name=name, network_alphas=alphas
        )
    copied.set_adapters(names, list(weights))
    return copied.eval()


def inputs(family: str, rows: int = 1, seed: int = 3) -> Callable[[Any], torch.Tensor]:
    """A call of a denoiser with random latents and texts of so many rows: what it predicts, `[rows, …]`."""
    generator = torch.Generator().manual_seed(seed)

    def some(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator)

    given: dict[str, Any] = {"return_dict": False}
    if family in CALLED:
        width = models(family)["denoiser"].config.cross_attention_dim
        given |= {"sample": some(rows, 4, 8, 8), "encoder_hidden_states": some(rows, 7, width)}
        given["timestep"] = torch.tensor(500)
        if family == "sdxl":
            extra = {"text_embeds": some(rows, 24), "time_ids": torch.ones(rows, 6)}
            given["added_cond_kwargs"] = extra
    elif family == "sd3":
        given |= {"hidden_states": some(rows, 16, 8, 8), "encoder_hidden_states": some(rows, 7, 48)}
        given |= {"pooled_projections": some(rows, 32), "timestep": torch.full((rows,), 500.0)}
    elif family.startswith("flux"):
        given |= {"hidden_states": some(rows, 16, 16), "encoder_hidden_states": some(rows, 7, 32)}
        given |= {"pooled_projections": some(rows, 16), "timestep": torch.full((rows,), 0.5)}
        given |= {"img_ids": torch.zeros(16, 3), "txt_ids": torch.zeros(7, 3)}
        if family == "flux":
            given["guidance"] = torch.full((rows,), 3.5)
    elif family == "qwen-image":
        given |= {"hidden_states": some(rows, 16, 64), "encoder_hidden_states": some(rows, 7, 16)}
        given |= {"timestep": torch.full((rows,), 0.5), "img_shapes": [[(1, 4, 4)]] * rows}
        given["encoder_hidden_states_mask"] = torch.ones(rows, 7, dtype=torch.bool)
    else:
        given |= {"x": list(some(rows, 16, 1, 8, 8)), "t": torch.full((rows,), 0.5)}
        given["cap_feats"] = list(some(rows, 7, 16))

    def call(denoiser: Any) -> torch.Tensor:
        with torch.inference_mode():
            made = denoiser(**given)[0]
        return torch.stack(list(made)) if isinstance(made, list | tuple) else made

    return call
