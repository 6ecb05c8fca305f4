"""What is said of models by what is known of them beforehand, and the ControlNet that a control means."""

from __future__ import annotations

from pathlib import Path

import pytest

from anim_compiler.check import check
from anim_compiler.compile import CompileOptions, compile_film
from anim_compiler.models.facts import ModelFacts
from anim_compiler.models.lock import LockedModel, ModelLock, lock_text
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.parse import parse
from anim_dsl.source import Source

KNOWN = {
    "hf:a/sd15": ModelFacts("hf:a/sd15", "checkpoint", "sd1"),
    "hf:a/turbo": ModelFacts("hf:a/turbo", "checkpoint", "sd2", steps=1),
    "hf:a/xl": ModelFacts("hf:a/xl", "checkpoint", "sdxl"),
    "hf:a/flux": ModelFacts("hf:a/flux", "unet", "flux"),
    "hf:a/dev": ModelFacts("hf:a/dev", "unet", "flux", guidance="embedded"),
    "hf:a/vae": ModelFacts("hf:a/vae", "vae", "sd2"),
    "hf:a/xl-vae": ModelFacts("hf:a/xl-vae", "vae", "sdxl"),
    "hf:a/lcm": ModelFacts("hf:a/lcm", "lora", "sd1", steps=4),
    "hf:a/style": ModelFacts("hf:a/style", "lora", "sd1", trigger_words=("woodcut, ink",)),
    "hf:a/plain": ModelFacts("hf:a/plain", "lora", "sd1"),
    "hf:a/loha": ModelFacts("hf:a/loha", "lora", "sd1", layout="LoHa"),
    "hf:a/edges": ModelFacts("hf:a/edges", "controlnet", "sd1", "1" * 64, control="canny"),
}
#: two models of different families, a second each
TWO = 'model = 0s: "hf:a/sd15", 1s: "hf:a/xl"; size = 768x768\n'
STYLE = '"hf:a/plain" { weight = 0.5 }'
HEAD = 'length = 2s\nprompt { 0s: "a lake" }\n'


def said(text: str, folder: Path = Path("nowhere")) -> list[Diagnostic]:
    document, slips = parse(Source("film.anim", HEAD + text))
    assert not slips
    return list(check(document, World(folder, folder, models=KNOWN.get))[1])


def codes(text: str, folder: Path = Path("nowhere")) -> list[str]:
    return [found.code for found in said(text, folder)]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('model = "hf:a/sd15"', []),
        ('model = "hf:a/flux"\nsize = 1024x1024', []),
        ('model = "hf:a/flux"\nsize = 1024x1024\ndiffuse { sampler = "DDIM" }', ["E2162"]),
        ('model = "hf:a/flux"\nsize = 1024x1024\ndiffuse { sampler = 0s: "Euler", 1s: "PLMS" }', ["E2162"]),
        ('model = "hf:a/style"', ["E2160"]),
        ('model = "hf:a/flux"; size = 1024x1024\ndiffuse.clip_skip = 2', ["W6176"]),
        ('model = "hf:a/flux"; size = 1024x1024\ndiffuse.clip_skip = 1', []),
        ('model = 0s: "hf:a/flux", 1s: "hf:a/xl"; size = 1024x1024\ndiffuse.clip_skip = 2', []),
        ('model = "hf:a/dev"; size = 1024x1024\nprompt.negative = "fog"', ["W6175"]),
        ('model = "hf:a/dev"; size = 1024x1024\nprompt.negative = ""', []),
        ('model = 0s: "hf:a/dev", 1s: "hf:a/flux"; size = 1024x1024\nprompt.negative = "fog"', []),
        ('model = "hf:a/sd15"\nvae = "hf:a/vae"', []),
        ('model = "hf:a/sd15"\nvae = "hf:a/xl-vae"', ["E2161"]),
        ('model = "hf:a/sd15"\nvae = "hf:a/turbo"', []),
        ('model = "hf:a/sd15"\nvae = "hf:a/xl"', ["E2161"]),
        ('model = 0s: "hf:a/sd15", 1s: "hf:a/xl"\nlora s = "hf:a/style"', ["E2161"]),
        ('model = "hf:a/sd15"\nlora s = "hf:a/style"', ["W6170"]),
        ('model = "hf:a/sd15"\nlora s = "hf:a/loha"', ["E2160"]),
        (f"{TWO}scene a 1s {{ lora s = {STYLE} }}\nscene b 1s {{ }}", []),
        (f"{TWO}scene a 1s {{ }}\nscene b 1s {{ lora s = {STYLE} }}", ["E2161"]),
        (f"{TWO}lora s = {STYLE}\nscene a 1s {{ }}\nscene b 1s {{ }}", ["E2161"]),
        (f"{TWO}lora s = {STYLE}\nscene a 1s {{ }}\nscene b 1s {{ lora.s.weight = 0 }}", []),
        (f"{TWO}lora s = {STYLE}\nscene a 1.1s {{ }}\nscene b 0.9s {{ lora s = none }}", ["E2161"]),
        ('model = "hf:a/xl"\ncontrol canny { model = "hf:a/edges" }', ["E2161"]),
        ('model = "hf:a/sd15"\ncontrol canny { }', []),
        ('model = "hf:a/xl"; size = 1024x1024\ncontrol normal { }', ["W6173"]),
        ('model = "hf:a/nobody-knows"\ncontrol normal { }\nlora s = "hf:b/c"', []),
        ('model = "hf:a/sd15"; size = 1920x1080', ["W6172"]),
        ('model = "hf:a/sd15"; size = 768x512', []),
        ('model = "hf:a/turbo"; size = 768x768', ["W6174"]),
        ('model = "hf:a/turbo"; size = 768x768\ndiffuse { steps = 2; cfg_scale = 1 }', []),
        ('model = "hf:a/sd15"\nlora lcm = "hf:a/lcm"', ["W6174"]),
        ('model = "hf:a/sd15"\nlora lcm = "hf:a/lcm" { weight = 0 }', []),
    ],
)
def test_what_is_known_is_said(text: str, wrong: list[str]) -> None:
    assert codes(text) == wrong


def test_what_does_not_fit_is_told_with_both_names() -> None:
    (found,) = said('model = "hf:a/sd15"\nvae = "hf:a/xl-vae"')
    assert found.message == (
        "`hf:a/xl-vae` is a decoder (VAE) for Stable Diffusion XL, and the model is Stable Diffusion 1.x"
    )
    (found,) = said('model = "hf:a/flux"\nsize = 1024x1024\ndiffuse { sampler = "DDIM" }')
    assert found.message == "Flux.1 has no sampler `DDIM`"
    assert found.hint == 'write `sampler = "Euler"` in `diffuse`'


def test_the_size_is_a_note_with_one_that_fits() -> None:
    (found,) = said('model = "hf:a/sd15"; size = 1920x1080')
    assert found.severity is Severity.NOTE
    assert found.hint == "write `size = 680x384`, with `upscale` in `output` for 1920x1080"
    assert "is drawn in windows" in found.message
    (found,) = said('model = "hf:a/sd15"; size = 1920x1080\ndiffuse { large = whole }')
    assert "repeats what it shows" in found.message


def test_a_word_is_written_into_the_prompt() -> None:
    (found,) = said('model = "hf:a/sd15"\nlora s = "hf:a/style"')
    assert found.hint == "write one of `woodcut`, `ink` into the prompt"
    assert found.edit is not None
    text = HEAD[: found.edit.span.start] + found.edit.text + HEAD[found.edit.span.end :]
    assert text == HEAD.replace("a lake", "a lake, woodcut")


@pytest.mark.parametrize(
    ("locked", "reference"), [(False, "hf:lllyasviel/control_v11p_sd15_canny"), (True, "hf:a/edges")]
)
def test_a_control_means_the_one_of_the_lock_else_the_usual_one(
    locked: bool, reference: str, tmp_path: Path
) -> None:
    if locked:
        models = [LockedModel(KNOWN["hf:a/edges"])]
        (tmp_path / "anim.lock").write_text(lock_text(ModelLock().with_models(models)), encoding="utf-8")
    world = World(tmp_path, tmp_path, models=KNOWN.get)
    text = 'size = 64x64; fps = 5; model = "hf:a/sd15"\n' + HEAD + "control canny { }\n"
    film, _ = check(parse(Source("film.anim", text))[0], world)
    assert film is not None
    made = compile_film(film, world, CompileOptions(model_sha256="0" * 64))
    assert made.plan is not None
    assert [(one.kind, one.reference) for one in made.plan.controls] == [("canny", reference)]


def test_of_a_model_that_is_not_here_the_control_asks_nothing() -> None:
    """Who looks for the model says that it is missing."""
    world = World(Path("nowhere"), Path("nowhere"), models=KNOWN.get)
    film, _ = check(parse(Source("film.anim", f'model = "hf:b/c"\n{HEAD}control canny {{ }}\n'))[0], world)
    assert film is not None
    assert compile_film(film, world, CompileOptions(model_sha256="0" * 64)).diagnostics == ()
