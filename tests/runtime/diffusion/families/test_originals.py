"""Files of the programs that first drew with the transformers: every name in them has its place here.

Tensors without numbers stand for gigabytes; what diffusers would put into its model is held against that.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.runtime.diffusion.families import originals
from tests.runtime.diffusion.families.files import change_json

from anim_compiler.models.detect import detected
from anim_compiler.models.header import Header, Tensor
from anim_runtime.diffusion.families import single
from anim_runtime.diffusion.families.blueprint import BY_FAMILY
from anim_runtime.diffusion.families.clip_words import CONFIGS
from anim_runtime.diffusion.families.file_kind import FileKind, architecture
from anim_runtime.diffusion.families.precision import formats

#: edge of the table of places in the tests: the true ones take seconds to fill
PLACES = 16


class Converted(Exception):
    """What would be put into the model, and what the model has room for."""

    def __init__(self, model: Any, weights: Mapping[str, torch.Tensor]) -> None:
        super().__init__()
        self.wanted = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
        self.given = {name: tuple(tensor.shape) for name, tensor in weights.items()}


@pytest.mark.parametrize("prefix", ["", "model.diffusion_model."])
@pytest.mark.parametrize(
    ("names", "family", "folder"),
    [
        (originals.flux(is_guided=True), "flux", "flux-dev"),
        (originals.flux(is_guided=False), "flux", "flux-schnell"),
        (originals.sd3(24, positions=PLACES), "sd3", "sd3"),
        (originals.sd3(38, is_normed=True, positions=PLACES), "sd3", "sd35-large"),
        (originals.sd3(24, is_normed=True, dual=13, positions=PLACES), "sd3", "sd35-medium"),
        (originals.z_image(), "z-image", "z-image"),
    ],
    ids=["flux-dev", "flux-schnell", "sd3", "sd35-large", "sd35-medium", "z-image"],
)
def test_every_name_of_an_original_file_has_its_place(
    names: Mapping[str, originals.Shape],
    family: str,
    folder: str,
    prefix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from diffusers.loaders import single_file_model

    header = Header({prefix + name: Tensor("F16", shape, 0, 2) for name, shape in names.items()}, {}, 8)
    facts = detected(header, "some.safetensors")
    assert (facts.family, facts.kind, facts.layout) == (family, "unet", "original")
    assert architecture(facts, header) == folder
    config = Path(shutil.copytree(CONFIGS / folder, tmp_path / folder))
    if family == "sd3":
        change_json(config / "transformer" / "config.json", pos_embed_max_size=PLACES)

    def convert(model: Any, weights: Mapping[str, torch.Tensor], *_: Any, **__: Any) -> None:
        raise Converted(model, weights)

    monkeypatch.setattr(single_file_model, "load_model_dict_into_meta", convert)
    weights = {prefix + name: torch.empty(shape, device="meta") for name, shape in names.items()}
    wanted = formats(family, "auto", torch.device("cpu"))
    with pytest.raises(Converted) as found:
        single._denoiser(weights, FileKind(facts, header, config), BY_FAMILY[family], wanted)
    assert found.value.given == found.value.wanted
