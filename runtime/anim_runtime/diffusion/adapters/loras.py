"""The LoRAs of an engine: read once, weighed for every batch without being read again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Any

import torch
from torch import nn

from anim_runtime.diffusion.adapters.fitting import Fitted, check_components, component_of, fitted
from anim_runtime.diffusion.adapters.keys import DENOISER
from anim_runtime.diffusion.adapters.lengths import Lengths
from anim_runtime.diffusion.adapters.lora_file import LoraFile, check_family
from anim_runtime.diffusion.adapters.term import Term, read_term
from anim_runtime.diffusion.adapters.weighed import Weighed
from anim_runtime.problems import RenderProblem


class Loras:
    """The LoRAs of an engine; see `Adapters`."""

    def __init__(
        self,
        files: Sequence[LoraFile],
        denoiser: Any,
        texts: Collection[str],
        device: torch.device,
        family: str = "",
    ) -> None:
        """Reads the files into layers beside those of a diffusers model (untyped, hence Any) of a `family`;
        `texts` are the text encoders that the engine has, as diffusers calls them. Nothing of the model
        changes until a LoRA has a weight.

        Raises RenderProblem (exit code 7) if one does not fit, or holds numbers that are none.
        """
        self.names: tuple[str, ...] = ()
        self._files: tuple[LoraFile, ...] = ()
        self._device = device
        self._family = family
        self._components = (DENOISER, *texts)
        self._models: dict[str, Any] = {DENOISER: denoiser}
        self._sides: dict[str, Weighed] = {}
        #: how often others have come
        self._exchanged = 0
        self._told: dict[str, tuple[bool, ...]] = {}
        self.exchange(files)

    def exchange(self, files: Sequence[LoraFile]) -> bool:
        """Takes these in the place of those that are there, all at weight 0; whether texts are encoded in
        another way now. If one cannot be taken (RenderProblem as above), those that are there stay.
        """
        for file in files:
            check_family(file, self._family)
            check_components(file, self._components)
        # what a DoRA adds depends on the layers' own weights
        self.release()
        sides = {
            component: self._weighed(files, model, component)
            for component, model in self._models.items()
            if component == DENOISER or any(self._speaks(files, component))
        }
        spoke = any(self._speaks(self._files, "")) or any(self._speaks(files, ""))
        self.names, self._files, self._sides = tuple(file.name for file in files), tuple(files), sides
        self._told.clear()
        self._exchanged += 1
        return spoke

    def attach(self, component: str, encoder: Any) -> None:
        """Takes a text encoder under the LoRAs, one that was loaded now; transformers is untyped, hence Any.

        Raises RenderProblem (exit code 7) if one does not fit, or holds numbers that are none.
        """
        self._models[component] = encoder
        if any(self._speaks(self._files, component)):
            self._sides[component] = self._weighed(self._files, encoder, component)

    def weigh(self, pictures: Sequence[tuple[float, ...]], copies: int = 1) -> None:
        """The weights with which the denoiser works from now on, a tuple a picture; all pictures stand so
        many times in its batch. A tuple that is too short is filled up with zeros.
        """
        self._sides[DENOISER].weigh([_filled(row, len(self.names)) for row in pictures], copies)

    @property
    def kernels(self) -> Hashable:
        """What decides, besides the denoiser's own inputs, which kernels it runs: work of the device that was
        recorded under another value of this must not be repeated.
        """
        return (self._exchanged, self._sides[DENOISER].kernels)

    def weigh_text(self, weights: tuple[float, ...]) -> None:
        """The weights with which the text encoders work from now on."""
        for component, side in self._sides.items():
            if component != DENOISER:
                side.weigh([_filled(weights, len(self.names))])

    def heard(self, weights: tuple[float, ...], component: str = "") -> tuple[float, ...]:
        """The weights as a text encoder (any of them without a name) hears them: 0 for a LoRA that leaves it
        alone, and nothing at all where every one of them is 0.
        """
        if component not in self._told:
            # asked for at every frame, and a LoRA has thousands of layers
            self._told[component] = self._speaks(self._files, component)
        pairs = zip(_filled(weights, len(self.names)), self._told[component], strict=True)
        counted = tuple(weight if speaks else 0.0 for weight, speaks in pairs)
        return counted if any(counted) else ()

    def release(self) -> None:
        """Leave the models as they were."""
        for side in self._sides.values():
            side.release()

    def _speaks(self, files: Sequence[LoraFile], component: str) -> tuple[bool, ...]:
        """Whether each changes a text encoder, or any of them."""
        meant = [
            {component_of(told, self._components) for told, _ in file.layers} - {DENOISER} for file in files
        ]
        return tuple(bool(component in named if component else named) for named in meant)

    def _weighed(self, files: Sequence[LoraFile], model: Any, component: str) -> Weighed:
        # all are laid onto the model before the first is read
        laid = [fitted(file, model, component, self._components) for file in files]
        terms: dict[nn.Module, list[Term]] = {}
        for number, (file, found) in enumerate(zip(files, laid, strict=True)):
            _read(file, number, found, self._device, model.dtype, terms)
        ragged = frozenset(place.module for found in laid for place in found if place.is_ragged)
        return Weighed(terms, self._device, model.dtype, ragged, Lengths(model) if ragged else None)


def _filled(weights: tuple[float, ...], count: int) -> tuple[float, ...]:
    return (*weights, *(0.0,) * (count - len(weights)))


def _read(
    file: LoraFile,
    number: int,
    found: Sequence[Fitted],
    device: torch.device,
    dtype: torch.dtype,
    terms: dict[nn.Module, list[Term]],
) -> None:
    """Adds the terms of a file to those of the layers."""
    from safetensors import SafetensorError, safe_open

    try:
        opened: Any = safe_open(str(file.path), framework="pt", device="cpu")
        with opened as tensors:
            read: Callable[[str], torch.Tensor] = tensors.get_tensor
            for place in found:
                term = read_term(file, number, place, read, device, dtype)
                terms.setdefault(place.module, []).append(term)
    except (SafetensorError, OSError) as error:
        # the header was read before: it has changed since, or has a type of numbers that torch does not know
        raise RenderProblem(f"the LoRA `{file.name}` cannot be read: {error}", "fetch it again", 7) from error
