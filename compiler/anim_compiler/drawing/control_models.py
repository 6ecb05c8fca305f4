"""The ControlNet that is meant where a control names none: the usual one of its kind for a family."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_SD1, _SD2 = "hf:lllyasviel/", "hf:thibaud/controlnet-sd21-"

STANDARD: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        # it comes with the program
        "postcard": {"canny": "postcard-canny"},
        # ControlNet 1.1, from those who made it
        "sd1": {
            "depth": f"{_SD1}control_v11f1p_sd15_depth",
            "canny": f"{_SD1}control_v11p_sd15_canny",
            "pose": f"{_SD1}control_v11p_sd15_openpose",
            "scribble": f"{_SD1}control_v11p_sd15_scribble",
            "normal": f"{_SD1}control_v11p_sd15_normalbae",
            "lineart": f"{_SD1}control_v11p_sd15_lineart",
            "softedge": f"{_SD1}control_v11p_sd15_softedge",
            # theirs is a pickle; this is the same in safetensors
            "tile": "hf:comfyanonymous/ControlNet-v1-1_fp16_safetensors/"
            "control_v11f1e_sd15_tile_fp16.safetensors",
        },
        "sd2": {
            "depth": f"{_SD2}depth-diffusers",
            "canny": f"{_SD2}canny-diffusers",
            "pose": f"{_SD2}openpose-diffusers",
            "scribble": f"{_SD2}scribble-diffusers",
            "normal": f"{_SD2}normalbae-diffusers",
            "lineart": f"{_SD2}lineart-diffusers",
            "softedge": f"{_SD2}hed-diffusers",
        },
        "sdxl": {
            "depth": "hf:diffusers/controlnet-depth-sdxl-1.0",
            "canny": "hf:diffusers/controlnet-canny-sdxl-1.0",
            "pose": "hf:xinsir/controlnet-openpose-sdxl-1.0",
            "scribble": "hf:xinsir/controlnet-scribble-sdxl-1.0",
            "softedge": "hf:SargeZT/controlnet-sd-xl-1.0-softedge-dexined",
            "tile": "hf:xinsir/controlnet-tile-sdxl-1.0",
        },
        "sd3": {
            "canny": "hf:InstantX/SD3-Controlnet-Canny",
            "pose": "hf:InstantX/SD3-Controlnet-Pose",
            "tile": "hf:InstantX/SD3-Controlnet-Tile",
        },
        "flux": {
            "depth": "hf:Shakker-Labs/FLUX.1-dev-ControlNet-Depth",
            "canny": "hf:InstantX/FLUX.1-dev-Controlnet-Canny",
            "normal": "hf:jasperai/Flux.1-dev-Controlnet-Surface-Normals",
            "pose": "hf:InstantX/FLUX.1-dev-Controlnet-Union",
            "tile": "hf:InstantX/FLUX.1-dev-Controlnet-Union",
        },
        "qwen-image": dict.fromkeys(
            ("canny", "softedge", "depth", "pose"), "hf:InstantX/Qwen-Image-ControlNet-Union"
        ),
    }
)
"""By family and kind: the repository on the Hugging Face hub, or what comes with the program."""


def standard(family: str, kind: str) -> str | None:
    """The reference of the usual ControlNet; None if there is none."""
    return STANDARD.get(family, {}).get(kind)
