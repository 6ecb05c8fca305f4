"""Loads models from disk, never from the network, into the one engine that draws with all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import diffusers
import torch
import transformers

from anim_runtime.diffusion.encoders import TextPart, prompts_of
from anim_runtime.diffusion.engine import fingerprint
from anim_runtime.diffusion.families.blueprint import BY_FAMILY, UnknownModel
from anim_runtime.diffusion.families.loaded import Loaded
from anim_runtime.diffusion.families.weights import first_line
from anim_runtime.diffusion.latent import DiffusionEngine
from anim_runtime.diffusion.setup import Setup
from anim_runtime.models.library import Located, Places
from anim_runtime.problems import RenderProblem
from anim_runtime.speed import AS_FITS, Speed
from anim_runtime.spent import Spent

if TYPE_CHECKING:
    from anim_runtime.diffusion.adapters.lora_file import LoraFile
    from anim_runtime.diffusion.adapters.loras import Loras

#: two libraries that make their attributes when they are asked for: hence Any
_diffusers: Any = diffusers
_transformers: Any = transformers

Made = TypeVar("Made")

#: the text encoders of a model, in the order in which diffusers calls them
TEXTS = ("text_encoder", "text_encoder_2", "text_encoder_3")


def load_model(
    setup: Setup,
    found: Located,
    path: Path,
    places: Places,
    device: torch.device,
    spent: Spent,
    speed: Speed = AS_FITS,
    pixels: int = 0,
) -> DiffusionEngine:
    """The engine of a model that is here; RenderProblem (exit code 7) if its files cannot be used.

    What stands on top of it is found with `places.find(ref.reference, ref.sha256)`.
    """
    from anim_runtime.diffusion.control.loading import load_controls
    from anim_runtime.diffusion.encoding.inversion import read_embeddings
    from anim_runtime.diffusion.encoding.shelf import shelf_in
    from anim_runtime.diffusion.fast.placing import placed

    # what is for another kind of model is told before gigabytes are read
    files = _opened(setup, found, path, places)
    embeddings = read_embeddings(setup.embeddings, places.find)
    with quiet():
        load = partial(load_parts, found=found, path=path, places=places)
        quick = placed(load, setup, partial(_family, found, path), device, speed, pixels)
        loaded = quick.loaded()
        loras = _loras(files, loaded, device)
        controls = load_controls(setup.controls, places.find, loaded.denoiser, loaded.codec, device)
        return DiffusionEngine(
            name=found.reference,
            fingerprint=fingerprint(setup, device),
            device=device,
            prompts=prompts_of(
                loaded.family,
                _under(found, loaded.texts, loras),
                device,
                embeddings=embeddings,
                adapters=loras,
                shelf=None if places.cache is None else shelf_in(places.cache, device),
                width=loaded.text_width,
            ),
            denoiser=loaded.denoiser,
            codec=loaded.codec,
            scheduler_config=loaded.scheduler_config,
            spent=spent,
            adapters=loras,
            controls=controls,
            family=loaded.family,
            tiling=setup.tiling,
            quick=quick,
        )


def load_parts(setup: Setup, device: torch.device, found: Located, path: Path, places: Places) -> Loaded:
    """The parts of a model, with the film's VAE if it has one; RenderProblem (exit code 7) as above."""
    other = None if setup.vae is None else places.find(setup.vae.reference, setup.vae.sha256)
    if other is not None:
        from anim_runtime.diffusion.families.beforehand import vae_suits

        _told(f"the VAE `{other.reference}`", partial(vae_suits, other, found))
    loaded = _told(f"the model `{found.reference}`", partial(_base, setup, found, path, places, device))
    if other is None:
        return loaded
    return _told(f"the VAE `{other.reference}`", partial(_with_vae, setup, loaded, other, device))


def _base(setup: Setup, found: Located, path: Path, places: Places, device: torch.device) -> Loaded:
    if found.kind == "postcard":
        from anim_runtime.diffusion.families.built_in import built_in_model

        return built_in_model(path, device)
    if found.kind == "folder":
        from anim_runtime.diffusion.families.folder import folder_model

        return folder_model(path, device, setup.precision)
    from anim_runtime.diffusion.families.single import single_model

    return single_model(path, device, setup.precision, places)


def _with_vae(setup: Setup, loaded: Loaded, other: Located, device: torch.device) -> Loaded:
    from anim_runtime.diffusion.families.vaes import another_vae, codec_of, fitting

    assert other.path is not None  # looked at before
    vae = another_vae(other.path, loaded, device, setup.precision)
    codec = codec_of(vae, BY_FAMILY[loaded.family])
    return replace(loaded, codec=fitting(codec, loaded.denoiser.model, loaded.family))


def _told(what: str, load: Callable[[], Made]) -> Made:
    """What is loaded; RenderProblem (exit code 7) that says why not."""
    try:
        return load()
    except RenderProblem:
        raise
    except UnknownModel as problem:
        raise RenderProblem(f"{what} cannot be loaded: {problem.message}", problem.hint, 7) from problem
    except torch.OutOfMemoryError:
        # the session knows what to do with less
        raise
    except Exception as error:
        # foreign files through foreign loaders: each raises types of its own, and all mean the same here
        hint = "the files may be damaged or for another kind of model"
        raise RenderProblem(f"{what} cannot be loaded: {first_line(error)}", hint, 7) from error


def _opened(setup: Setup, found: Located, path: Path, places: Places) -> Sequence[LoraFile]:
    """The film's LoRAs, by their headers; RenderProblem (exit code 7) if one is for another family."""
    if not setup.loras:
        return ()
    from anim_runtime.diffusion.adapters.lora_file import check_family, open_lora

    family = _family(found, path)
    files = [open_lora(ref, places) for ref in setup.loras]
    for file in files:
        check_family(file, family)
    return files


def _family(found: Located, path: Path) -> str:
    """The family of a model's files, without opening them; empty if they do not tell."""
    from anim_compiler.models.known import facts_at

    facts = facts_at(path, found.reference)
    return "postcard" if found.kind == "postcard" else "" if facts is None else facts.family


def _loras(files: Sequence[LoraFile], loaded: Loaded, device: torch.device) -> Loras:
    """The film's LoRAs beside the layers of the denoiser; without any, where a preview puts some."""
    from anim_runtime.diffusion.adapters.loras import Loras

    texts = [name for name, part in zip(TEXTS, loaded.texts, strict=False) if part is not None]
    return Loras(files, loaded.denoiser.model, texts, device, loaded.family)


def _under(found: Located, parts: Sequence[TextPart | None], loras: Loras | None) -> list[TextPart | None]:
    """The text encoders as the engine wants them: loaded without a word, with the LoRAs on them."""
    named = zip(TEXTS, parts, strict=False)
    return [None if part is None else _attached(found, part, name, loras) for name, part in named]


def _attached(found: Located, part: TextPart, name: str, loras: Loras | None) -> TextPart:
    def load() -> Any:
        with quiet():
            encoder = _told(f"the text encoder of `{found.reference}`", part.load)
        if loras is not None:
            loras.attach(name, encoder)
        return encoder

    return replace(part, load=load)


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps the progress bars and notes of the two libraries off the user's terminal while loading."""
    theirs, ours = _transformers.utils.logging, _diffusers.utils.logging
    levels = theirs.get_verbosity(), ours.get_verbosity()
    bars = theirs.is_progress_bar_enabled(), ours.is_progress_bar_enabled()
    theirs.set_verbosity_error()
    ours.set_verbosity_error()
    theirs.disable_progress_bar()
    ours.disable_progress_bar()
    try:
        yield
    finally:
        theirs.set_verbosity(levels[0])
        ours.set_verbosity(levels[1])
        if bars[0]:
            theirs.enable_progress_bar()
        if bars[1]:
            ours.enable_progress_bar()
