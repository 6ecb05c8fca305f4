"""What a LoRA of a weight does, against diffusers and peft, and from row to row."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tests.runtime.diffusion.adapters import lora_models as tiny
from tests.runtime.diffusion.families.tiny import FAMILY_MODELS

WEIGHT = 0.7


def near(first: torch.Tensor, second: torch.Tensor) -> bool:
    """Within what sums in another order make."""
    return float((first - second).abs().max()) <= 1e-5 * max(1.0, float(second.abs().max()))


@pytest.mark.parametrize("family", FAMILY_MODELS)
def test_every_layer_of_every_family_is_weighed_as_diffusers_weighs_it(family: str, tmp_path: Path) -> None:
    denoiser, call = tiny.models(family)["denoiser"], tiny.inputs(family, rows=2)
    thin = tiny.matrices(denoiser, tiny.layers(denoiser))
    tensors = tiny.peft_spelled(thin, tiny.called(family))
    made, loras = tiny.ours(family, [tiny.write(tensors, tmp_path / "all.safetensors")])
    plain = call(denoiser)
    theirs = call(tiny.theirs(family, [(tensors, None)], [WEIGHT]))
    assert not near(theirs, plain)
    # one picture under guidance, whose LoRA is merged, and two pictures, each with a weight of its own
    for pictures in (1, 2):
        loras.weigh([(WEIGHT,)] * pictures, 2 // pictures)
        assert near(call(made["denoiser"]), theirs)
        loras.weigh([(0.0,)] * pictures, 2 // pictures)
        assert torch.equal(call(made["denoiser"]), plain)


@pytest.mark.parametrize("family", ["sd1", "sdxl", "flux"])
def test_several_at_once_are_as_diffusers_has_them(family: str, tmp_path: Path) -> None:
    denoiser, call = tiny.models(family)["denoiser"], tiny.inputs(family, rows=2)
    some = [tiny.layers(denoiser), tiny.layers(denoiser, "to_q", "to_k", "conv1")]
    thin = [tiny.matrices(denoiser, names, rank=2 + i, seed=i) for i, names in enumerate(some)]
    spelled = [tiny.peft_spelled(one, tiny.called(family)) for one in thin]
    refs = [tiny.write(tensors, tmp_path / f"{i}.safetensors") for i, tensors in enumerate(spelled)]
    made, loras = tiny.ours(family, refs)
    assert loras.names == ("0", "1")
    for weights in ((0.4, -1.3), (0.0, 1.7), (0.9, 0.0)):
        theirs = call(tiny.theirs(family, [(one, None) for one in spelled], weights))
        for pictures in (1, 2):
            loras.weigh([weights] * pictures, 2 // pictures)
            assert near(call(made["denoiser"]), theirs)


@pytest.mark.parametrize("family", ["sd1", "sd3", "flux", "qwen-image"])
def test_a_row_of_a_batch_has_its_own_weights(family: str, tmp_path: Path) -> None:
    denoiser = tiny.models(family)["denoiser"]
    spelled = [
        tiny.peft_spelled(tiny.matrices(denoiser, tiny.layers(denoiser), seed=i), tiny.called(family))
        for i in range(2)
    ]
    refs = [tiny.write(tensors, tmp_path / f"{i}.safetensors") for i, tensors in enumerate(spelled)]
    made, loras = tiny.ours(family, refs)
    call, rows = tiny.inputs(family, rows=3), [(0.5, 0.0), (0.0, -0.2), (1.0, 0.3)]
    loras.weigh(rows)
    together = call(made["denoiser"])
    for place, row in enumerate(rows):
        loras.weigh([row] * 3)
        assert near(together[place], call(made["denoiser"])[place])


def test_the_words_of_z_image_pass_behind_each_other(tmp_path: Path) -> None:
    denoiser = tiny.models("z-image")["denoiser"]
    tensors = tiny.peft_spelled(tiny.matrices(denoiser, tiny.layers(denoiser)), "transformer")
    made, loras = tiny.ours("z-image", [tiny.write(tensors, tmp_path / "words.safetensors")])
    generator = torch.Generator().manual_seed(2)
    words = [torch.randn(count, 16, generator=generator) for count in (7, 40, 3)]
    latents = torch.randn(3, 16, 1, 8, 8, generator=generator)

    def drawn(*rows: int) -> list[torch.Tensor]:
        texts = [words[row] for row in rows]
        with torch.inference_mode():
            return list(made["denoiser"](list(latents[list(rows)]), torch.full((len(rows),), 0.5), texts)[0])

    weights = [0.5, 0.0, -0.6]
    loras.weigh([(weight,) for weight in weights])
    together = drawn(0, 1, 2)
    for row, weight in enumerate(weights):
        loras.weigh([(weight,)])
        assert near(together[row], drawn(row)[0])
    loras.release()
    assert not made["denoiser"]._forward_pre_hooks


def test_without_weights_nothing_hangs_on_the_model(tmp_path: Path) -> None:
    denoiser = tiny.models("sd1")["denoiser"]
    tensors = tiny.peft_spelled(tiny.matrices(denoiser, tiny.layers(denoiser)), "unet")
    made, loras = tiny.ours("sd1", [tiny.write(tensors, tmp_path / "one.safetensors")])

    def hooks() -> int:
        return sum(len(module._forward_hooks) for module in made["denoiser"].modules())

    assert hooks() == 0
    loras.weigh([(0.0,), (0.3,)])
    assert hooks() == len(tiny.layers(denoiser))
    loras.weigh([()])
    assert hooks() == 0
    loras.weigh([(1.0,)])
    assert hooks() == 0
    for again in (1, 2):
        loras.weigh([(float(again),), (1.0,)])
        assert hooks() == len(tiny.layers(denoiser))
        loras.release()
        assert hooks() == 0
        for ours, plain in zip(made["denoiser"].parameters(), denoiser.parameters(), strict=True):
            assert torch.equal(ours, plain)


def test_weights_of_a_batch_of_one_size_stay_at_their_place(tmp_path: Path) -> None:
    denoiser, call = tiny.models("sd1")["denoiser"], tiny.inputs("sd1", rows=2)
    tensors = tiny.peft_spelled(tiny.matrices(denoiser, tiny.layers(denoiser)), "unet")
    made, loras = tiny.ours("sd1", [tiny.write(tensors, tmp_path / "one.safetensors")])
    loras.weigh([(0.5,), (1.0,)])
    call(made["denoiser"])
    before = {key: held.data_ptr() for key, held in loras._sides["denoiser"]._made.items()}
    loras.weigh([(0.25,), (2.0,)])
    call(made["denoiser"])
    assert {key: held.data_ptr() for key, held in loras._sides["denoiser"]._made.items()} == before


def test_a_convolution_looks_round_the_edge_as_its_layer_does(tmp_path: Path) -> None:
    from torch.nn.functional import conv2d, pad

    denoiser = tiny.models("sd1")["denoiser"]
    thin = tiny.matrices(denoiser, ["conv_in"])
    made, loras = tiny.ours("sd1", [tiny.write(tiny.peft_spelled(thin, "unet"), tmp_path / "c.safetensors")])
    layer = made["denoiser"].conv_in
    layer.padding_mode = "circular"
    taken = torch.rand(2, 4, 8, 8)
    down, up = thin["conv_in"]
    weight = layer.weight + torch.einsum("or,rihw->oihw", up.flatten(1), down)
    with torch.inference_mode():
        wanted = conv2d(pad(taken, (1, 1, 1, 1), mode="circular"), weight, layer.bias)
        for pictures in (1, 2):
            loras.weigh([(1.0,)] * pictures, 2 // pictures)
            assert near(layer(taken), wanted)


def test_layers_of_many_bytes_keep_their_own_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from anim_runtime.diffusion.adapters import weighed

    denoiser, call = tiny.models("sd1")["denoiser"], tiny.inputs("sd1", rows=2)
    tensors = tiny.peft_spelled(tiny.matrices(denoiser, tiny.layers(denoiser)), "unet")
    ref = tiny.write(tensors, tmp_path / "one.safetensors")
    made, loras = tiny.ours("sd1", [ref])
    loras.weigh([(0.5,)], 2)
    merged = call(made["denoiser"])
    monkeypatch.setattr(weighed, "MOST_KEPT_BYTES", 1000)
    made, loras = tiny.ours("sd1", [ref])
    loras.weigh([(0.5,)], 2)
    assert near(call(made["denoiser"]), merged)
    for ours, plain in zip(made["denoiser"].parameters(), denoiser.parameters(), strict=True):
        assert torch.equal(ours, plain)


def test_recorded_work_is_told_when_other_kernels_run(tmp_path: Path) -> None:
    denoiser = tiny.models("sd1")["denoiser"]
    tensors = tiny.peft_spelled(tiny.matrices(denoiser, tiny.layers(denoiser, "to_q")), "unet")
    _, loras = tiny.ours("sd1", [tiny.write(tensors, tmp_path / "one.safetensors")])
    told = []
    for rows in ([(0.0,)], [(0.5,)], [(0.9,), (0.1,)], [(0.2,), (0.0,)], [(0.0,), (0.0,)]):
        loras.weigh(rows)
        told.append(loras.kernels)
    assert told[0] == told[1] == told[4] != told[2] == told[3]
    loras.exchange([])
    assert loras.kernels not in told
