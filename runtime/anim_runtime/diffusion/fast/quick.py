"""A loaded model made quick on its device, in as much of its memory as there is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import torch

from anim_compiler.models.families import FAMILIES
from anim_runtime.diffusion.codec import Codec
from anim_runtime.diffusion.denoiser import Denoiser
from anim_runtime.diffusion.families.loaded import Loaded
from anim_runtime.diffusion.fast.graphs import RecordedCodec, RecordedDenoiser
from anim_runtime.diffusion.fast.recorded import Recorder
from anim_runtime.diffusion.fast.seats import SeatedCodec, SeatedDenoiser, Seats, seated_text
from anim_runtime.diffusion.fast.ways import (
    Needs,
    Way,
    chosen,
    module_bytes,
    text_bytes,
    thriftier,
    told,
)
from anim_runtime.speed import Speed

#: families whose work is the same kernels every time; the others cut rows by numbers of the host
RECORDED: Final = ("postcard", "sd1", "sd2", "sdxl", "sd3", "flux")

#: bytes a pixel of a picture that is drawn, at half precision: the most that is alive at once beside the
#: weights, counted over the real architectures on `meta` tensors with attention that keeps no scores
_DRAWING: Final[Mapping[str, int]] = MappingProxyType(
    {"sd1": 260, "sd2": 260, "sdxl": 158, "sd3": 269, "flux": 465, "qwen-image": 384, "z-image": 537}
)
#: the same of decoding, by `AutoencoderKL` and by others
_DECODING: Final = 1537
_DECODING_OTHERS: Final[Mapping[str, int]] = MappingProxyType(
    {"AutoencoderKLQwenImage": 3462, "PostcardCodec": 400, "AutoencoderTiny": 800}
)
#: what libraries take besides, for convolutions above all
_WORKSPACE: Final = 1.5
#: the edge of a tile in px
_TILE: Final = 512


@dataclass(frozen=True, slots=True)
class Free:
    """The memory of a device, in bytes: what nobody has, and all of it."""

    bytes: int
    total: int


def free_on(device: torch.device) -> Free | None:
    """The memory of a device; None where it is the machine's own."""
    if device.type == "cuda":
        free, total = torch.cuda.mem_get_info(device)
        mine = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return Free(free + mine, total)
    if device.type == "mps":
        total = torch.mps.recommended_max_memory()
        return Free(max(0, total - torch.mps.driver_allocated_memory()), total)
    return None


def needs_of(loaded: Loaded, pixels: int) -> Needs:
    """What a model takes for pictures of so many pixels; 0 means its family's own size."""
    row = FAMILIES.get(loaded.family)
    area = pixels or (row.native_px**2 if row is not None else 512 * 512)
    module, codec = loaded.denoiser.model, getattr(loaded.codec, "vae", loaded.codec)
    rows = 1 if loaded.denoiser.embeds_guidance else 2
    wide = loaded.denoiser.dtype.itemsize / 2
    each = _DECODING_OTHERS.get(type(codec).__name__, _DECODING) * _width(codec) * _WORKSPACE
    return Needs(
        text=text_bytes(loaded.family),
        denoiser=module_bytes(module),
        codec=module_bytes(codec),
        drawing=int(area * rows * _DRAWING.get(loaded.family, 260) * wide * _WORKSPACE),
        decoding=int(area * each),
        decoding_in_tiles=int(min(area, _TILE * _TILE) * each),
    )


def _tile(vae: Any) -> None:
    """Has an autoencoder of diffusers, which is untyped, work in tiles of about `_TILE`."""
    vae.enable_tiling()
    if getattr(vae, "tile_sample_min_size", _TILE) < _TILE:
        # a config that does not say what it was trained on: tiles of 32 px would show
        vae.tile_latent_min_size = _TILE // (vae.tile_sample_min_size // vae.tile_latent_min_size)
        vae.tile_sample_min_size = _TILE


def _width(module: Any) -> float:
    """Bytes of a module's numbers against those of half precision; untyped as diffusers is, hence Any."""
    dtype = getattr(module, "dtype", torch.float32)
    return float(dtype.itemsize) / 2


class Quick:
    """The parts of a model as the engine works with them, and what they may still give up."""

    def __init__(
        self,
        loaded: Loaded,
        device: torch.device,
        speed: Speed,
        *,
        is_there: bool = True,
        pixels: int = 0,
        free: Free | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        """`is_there` says whether the parts are on the device already, `free` what its memory is without
        them; nothing takes turns where that is not known.
        """
        self._needs = needs_of(loaded, pixels)
        self._module: Any = loaded.denoiser.model
        self._vae: Any = getattr(loaded.codec, "vae", loaded.codec)
        self._dtype = loaded.denoiser.dtype
        self._device = device
        self._is_there = is_there
        self._free = free
        self._loaded = loaded
        self._recorder = recorder
        self._seats = Seats(device, left=self._forget)
        self._recorded: list[RecordedDenoiser | RecordedCodec] = []
        self._seats.add("denoiser", self._module, is_there=is_there)
        self._seats.add("codec", self._vae, is_there=is_there)
        if device.type == "cuda":
            self._channels_last()
        self._go(chosen(self._needs, free.bytes, speed.memory) if free is not None else self._seats.way)

    @property
    def line(self) -> str:
        """How the model shares the device; empty where its memory is not known."""
        return "" if self._free is None else told(self.way, self._needs, self._dtype, self._free.bytes)

    @property
    def way(self) -> Way:
        """How the parts share the device."""
        return self._seats.way

    def loaded(self) -> Loaded:
        """The model with text encoders that ask for their seats."""
        if self._free is None:
            return self._loaded
        seats, is_there = self._seats, self._is_there
        texts = tuple(part and seated_text(part, seats, is_there=is_there) for part in self._loaded.texts)
        return replace(self._loaded, texts=texts)

    def denoiser(self, state: Callable[[], Hashable], failed: Callable[[str], None]) -> Denoiser:
        """The denoiser at work; see `RecordedDenoiser` for what it is told."""
        made = self._loaded.denoiser
        if self._recorder is not None and self._loaded.family in RECORDED and not self.way.layers:
            recorded = RecordedDenoiser(made, self._recorder, state=state, failed=failed)
            self._recorded.append(recorded)
            made = recorded
        return made if self._free is None else SeatedDenoiser(made, self._seats)

    def codec(self, failed: Callable[[str], None]) -> Codec:
        """The codec at work."""
        made = self._loaded.codec
        if self._recorder is not None:
            recorded = RecordedCodec(made, self._recorder, failed=failed)
            self._recorded.append(recorded)
            made = recorded
        return made if self._free is None else SeatedCodec(made, self._seats)

    def save(self) -> str:
        """Take less of the device from now on, as memory ran out: in one line how; empty if nothing is left
        to try.
        """
        # graphs keep the memory of all that happens within them
        stopped = [recorded.stop() for recorded in self._recorded]
        if any(stopped):
            return "the model runs without CUDA graphs"
        way = thriftier(self.way)
        while way is not None and not self._helps(way):
            way = thriftier(way)
        if way is None:
            return ""
        self._go(way)
        return self.line or "the pictures are decoded in tiles from here on"

    def _helps(self, way: Way) -> bool:
        if self._free is None:
            # there is nowhere else to go from the machine's own memory
            return way.name == "tiles" and hasattr(self._vae, "enable_tiling")
        return not way.layers or hasattr(self._module, "enable_group_offload")

    def _go(self, way: Way) -> None:
        self._seats.way = way
        if way.tiles and hasattr(self._vae, "enable_tiling"):
            _tile(self._vae)
        if way.layers and self._free is not None and hasattr(self._module, "enable_group_offload"):
            self._seats.release("denoiser")
            self._module.enable_group_offload(
                onload_device=self._device,
                offload_device=torch.device("cpu"),
                offload_type="leaf_level",
                use_stream=self._device.type == "cuda",
            )

    def _channels_last(self) -> None:
        # tensor cores read the channels of a pixel side by side; transformers have no planes
        for module in (self._module, self._vae):
            if any(isinstance(part, torch.nn.Conv2d) for part in module.modules()):
                module.to(memory_format=torch.channels_last)

    def _forget(self) -> None:
        for recorded in self._recorded:
            recorded.forget()
