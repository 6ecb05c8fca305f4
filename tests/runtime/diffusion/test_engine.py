from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tests.runtime.diffusion.checkpoint import write_checkpoint
from tests.runtime.diffusion.drawing import diffuse, generate

from anim_compiler.plan import ModelRef
from anim_runtime.diffusion.engine import Engine, load_engine
from anim_runtime.diffusion.noise import initial_noise
from anim_runtime.diffusion.request import Sampling, steps_at
from anim_runtime.diffusion.setup import Setup
from anim_runtime.diffusion.told import Conditioning
from anim_runtime.diffusion.verdicts import Verdicts
from anim_runtime.problems import RenderProblem

HOW = Sampling(steps=4, cfg_scale=4.0, sampler="Euler a", seed=5)
SIZE = {"height": 64, "width": 64}


def texts(engine: Engine) -> tuple[Conditioning, Conditioning]:
    return engine.encode("a photo of the mountain"), engine.encode("blue")


def test_same_seed_same_picture_other_seed_other_picture(engine: Engine) -> None:
    positive, negative = texts(engine)
    first = generate(engine, positive, negative, HOW, **SIZE)
    assert first.shape == (1, 3, 64, 64)
    assert first.dtype == torch.float32
    assert 0.0 <= float(first.min()) <= float(first.max()) <= 1.0
    assert torch.equal(first, generate(engine, positive, negative, HOW, **SIZE))
    assert not torch.equal(first, generate(engine, positive, negative, replace(HOW, seed=6), **SIZE))


def test_prompt_negative_and_guidance_each_change_the_picture(engine: Engine) -> None:
    positive, negative = texts(engine)
    first = generate(engine, positive, negative, HOW, **SIZE)
    for changed in (
        generate(engine, engine.encode("the cat"), negative, HOW, **SIZE),
        generate(engine, positive, engine.encode("red fire"), HOW, **SIZE),
        generate(engine, positive, negative, replace(HOW, cfg_scale=7.0), **SIZE),
    ):
        assert float((first - changed).abs().max()) > 1e-4


def test_without_guidance_the_negative_is_not_computed(engine: Engine) -> None:
    positive, negative = texts(engine)
    plain = replace(HOW, cfg_scale=1.0)
    a = generate(engine, positive, negative, plain, **SIZE)
    b = generate(engine, positive, engine.encode("red fire"), plain, **SIZE)
    assert torch.allclose(a, b, atol=1e-6)


def test_no_step_leaves_the_picture_and_full_strength_forgets_it(engine: Engine) -> None:
    positive, negative = texts(engine)
    image = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    assert torch.equal(diffuse(engine, image, positive, negative, HOW, strength=0.0), image)
    assert torch.equal(diffuse(engine, image, positive, negative, HOW, strength=0.24), image)
    all_new = diffuse(engine, image, positive, negative, HOW, strength=1.0)
    assert torch.equal(all_new, generate(engine, positive, negative, HOW, **SIZE))


def test_less_strength_stays_nearer(postcard: Engine) -> None:
    positive, negative = texts(postcard)
    how = replace(HOW, steps=10)
    image = generate(postcard, positive, negative, replace(how, seed=77), **SIZE)
    far = [
        float((diffuse(postcard, image, positive, negative, how, strength=s) - image).square().mean())
        for s in (0.1, 0.5, 1.0)
    ]
    assert far[0] < far[1] < far[2]


@pytest.mark.parametrize("size", [(60, 64), (65, 71), (32, 48)])
def test_any_size_comes_out_as_asked(tiny: Engine, size: tuple[int, int]) -> None:
    positive, negative = texts(tiny)
    image = generate(tiny, positive, negative, HOW, height=size[0], width=size[1])
    assert image.shape[-2:] == size
    assert diffuse(tiny, image, positive, negative, HOW, strength=0.5).shape[-2:] == size


def test_engine_draws_what_the_pipeline_of_diffusers_draws(tiny_folder: Path, tiny: Engine) -> None:
    from diffusers import EulerDiscreteScheduler, StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(
        str(tiny_folder), safety_checker=None, feature_extractor=None, local_files_only=True
    )
    pipeline.set_progress_bar_config(disable=True)
    pipeline.scheduler = EulerDiscreteScheduler.from_config(
        pipeline.scheduler.config, timestep_spacing="linspace"
    )
    positive, negative = texts(tiny)
    theirs = pipeline(
        prompt_embeds=positive.states,
        negative_prompt_embeds=negative.states,
        num_inference_steps=4,
        guidance_scale=4.0,
        latents=initial_noise(5, (4, 8, 8), torch.device("cpu")),
        output_type="pt",
    ).images
    ours = generate(tiny, positive, negative, replace(HOW, sampler="Euler"), **SIZE)
    assert torch.allclose(ours, theirs, atol=1e-5)


def test_prompt_encoding_is_that_of_diffusers(tiny_folder: Path, tiny: Engine) -> None:
    from diffusers import StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(
        str(tiny_folder), safety_checker=None, feature_extractor=None, local_files_only=True
    )
    # the test's tokenizer has no post-processor that adds the marks, as CLIP's has
    marked = "<start> a photo of the lake <end>"
    theirs, _ = pipeline.encode_prompt(marked, "cpu", 1, do_classifier_free_guidance=False)
    assert torch.allclose(tiny.encode("a photo of the lake").states, theirs, atol=1e-6)


def test_single_file_draws_like_the_folder(tiny_folder: Path, tiny: Engine, tmp_path: Path) -> None:
    write_checkpoint(tiny_folder, tmp_path / "one.safetensors")
    shutil.copytree(tiny_folder, tmp_path / "one", ignore=shutil.ignore_patterns("*.safetensors"))
    single = load_engine(Setup(ModelRef(reference="one.safetensors", sha256="")), "cpu", root=tmp_path)
    ours, theirs = (
        generate(e, e.encode("a photo"), e.encode("blue"), HOW, height=64, width=64) for e in (single, tiny)
    )
    assert torch.equal(ours, theirs)


@pytest.mark.parametrize("damage", ["cut", "foreign", "no configuration"])
def test_file_that_is_no_model_is_told(tiny_folder: Path, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "odd.safetensors"
    write_checkpoint(tiny_folder, path)
    if damage != "no configuration":
        shutil.copytree(tiny_folder, tmp_path / "odd", ignore=shutil.ignore_patterns("*.safetensors"))
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    elif damage == "foreign":
        from safetensors.torch import save_file

        save_file({"weight": torch.zeros(2)}, path)
    with pytest.raises(RenderProblem) as caught:
        load_engine(Setup(ModelRef(reference="odd.safetensors", sha256="")), "cpu", root=tmp_path)
    assert caught.value.exit_code == 7
    assert "`odd.safetensors`" in caught.value.message
    assert "\n" not in caught.value.message


def test_model_that_is_not_here_is_told(tmp_path: Path) -> None:
    with pytest.raises(RenderProblem) as caught:
        load_engine(Setup(ModelRef(reference="models/none", sha256="")), "cpu", root=tmp_path)
    assert caught.value.exit_code == 7
    assert "`models/none`" in caught.value.message


def test_unknown_sampler_names_the_nearest(tiny: Engine) -> None:
    positive, negative = texts(tiny)
    with pytest.raises(RenderProblem, match="`Euler a`"):
        generate(tiny, positive, negative, replace(HOW, sampler="Eular a"), **SIZE)


def test_pictures_without_numbers_and_black_ones_are_problems() -> None:
    fine = torch.full((1, 3, 4, 4), 0.5)
    look = Verdicts()
    assert look.of(fine) is fine
    broken = fine.clone()
    broken[0, 1, 2, 3] = float("nan")
    with pytest.raises(RenderProblem, match="NaN"):
        look.of(broken)
    with pytest.raises(RenderProblem, match="black"):
        look.of(torch.zeros(1, 3, 4, 4))


@pytest.mark.parametrize(
    ("steps", "strength", "taken"),
    [
        (20, 0.0, 0),
        (20, 0.04, 0),
        (20, 0.05, 1),
        (20, 0.65, 13),
        (100, 0.29, 29),
        (30, 1.0, 30),
        (3, 0.99, 2),
    ],
)
def test_steps_at_strength(steps: int, strength: float, taken: int) -> None:
    assert steps_at(steps, strength) == taken


def test_noise_depends_on_the_seed_alone() -> None:
    cpu = torch.device("cpu")
    one = initial_noise(-3, (4, 16, 16), cpu)
    assert torch.equal(one, initial_noise(-3, (4, 16, 16), cpu))
    assert not torch.equal(one, initial_noise(-2, (4, 16, 16), cpu))
    big = initial_noise(2**63 - 1, (4, 64, 64), cpu)
    assert abs(float(big.mean())) < 0.03
    assert abs(float(big.std()) - 1.0) < 0.03
