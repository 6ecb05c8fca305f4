"""A denoiser and a codec whose work is recorded on the device."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import islice
from typing import Any, TypeAlias

import torch

from anim_runtime.diffusion.codec import Codec
from anim_runtime.diffusion.denoiser import Denoiser, Residuals
from anim_runtime.diffusion.fast.recorded import Inputs, Recorded, Recorder
from anim_runtime.diffusion.told import Conditioning, Told

#: how many tensors of each kind a denoiser is given behind the first ones, and whether there are residuals
_Shape: TypeAlias = tuple[int, int, int, int, int, bool]


class RecordedDenoiser:
    """A denoiser, recorded. `state` says which of its layers do more than usual: the LoRAs that act."""

    def __init__(
        self,
        denoiser: Denoiser,
        recorder: Recorder,
        *,
        state: Callable[[], Hashable] = lambda: None,
        failed: Callable[[str], None] = lambda said: None,
    ) -> None:
        self.plain = denoiser
        self.model: Any = denoiser.model
        self.dtype = denoiser.dtype
        self.embeds_guidance = denoiser.embeds_guidance
        self._shape: _Shape = (0, 0, 0, 0, 0, False)
        self._recorded = Recorded(self._work, recorder, state=state, failed=failed)

    def told(self, rows: Sequence[Conditioning], tokens: tuple[int, ...]) -> Told:
        """As the denoiser takes them."""
        return self.plain.told(rows, tokens)

    def guided(self, without: torch.Tensor, toward: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
        """As the denoiser guides."""
        return self.plain.guided(without, toward, scales)

    def __call__(
        self,
        latents: torch.Tensor,
        timestep: torch.Tensor,
        told: Told,
        *,
        guidance: torch.Tensor | None = None,
        residuals: Residuals | None = None,
    ) -> torch.Tensor:
        """What the denoiser predicts; see `Denoiser`."""
        given = residuals or Residuals()
        counts = told.counts or ()
        groups = (told.streams, counts, given.down, given.blocks, given.single)
        if type(told) is not Told or any(count.device != latents.device for count in counts):
            # what is told beside the tensors, or by numbers on the host, decides which kernels run
            return self.plain(latents, timestep, told, guidance=guidance, residuals=residuals)
        there = timestep.to(latents.device, non_blocking=True)
        parts = (latents, there, guidance, told.pooled, given.mid)
        sizes = [len(group) for group in groups]
        self._shape = (sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], residuals is not None)
        return self._recorded((*parts, *(tensor for group in groups for tensor in group)), self._shape)

    def forget(self) -> None:
        """Give back the memory of what was recorded."""
        self._recorded.forget()

    def stop(self) -> bool:
        """Record nothing from now on; whether that is new."""
        return self._recorded.stop()

    def _work(self, inputs: Inputs) -> torch.Tensor:
        *sizes, has_residuals = self._shape
        latents, timestep, guidance, pooled, mid = inputs[:5]
        # what has no None in it by how it was put together
        rest = iter([tensor for tensor in inputs[5:] if tensor is not None])
        assert latents is not None
        assert timestep is not None
        streams, counts, down, blocks, single = (tuple(islice(rest, size)) for size in sizes)
        told, residuals = Told(streams, pooled, counts or None), Residuals(down, mid, blocks, single)
        return self.plain(
            latents, timestep, told, guidance=guidance, residuals=residuals if has_residuals else None
        )


class RecordedCodec:
    """A codec, recorded."""

    def __init__(
        self, codec: Codec, recorder: Recorder, *, failed: Callable[[str], None] = lambda said: None
    ) -> None:
        self.plain = codec
        #: the autoencoder, where there is one: untyped, hence Any
        self.vae: Any = getattr(codec, "vae", codec)
        self._size = (0, 0)
        self._encoding = Recorded(self._encode, recorder, state=self._state, failed=failed)
        self._decoding = Recorded(self._decode, recorder, state=self._state, failed=failed)

    @property
    def channels(self) -> int:
        """The channels of a latent."""
        return self.plain.channels

    def latent_size(self, height: int, width: int) -> tuple[int, int]:
        """Height and width of the latents of a picture of that size in pixels."""
        return self.plain.latent_size(height, width)

    def encode(self, images: torch.Tensor) -> torch.Tensor:
        """Latents of pictures."""
        return self._encoding((images,))

    def decode(self, latents: torch.Tensor, height: int, width: int) -> torch.Tensor:
        """Pictures of that size, of 0..1, of latents."""
        self._size = (height, width)
        return self._decoding((latents,), height, width)

    def forget(self) -> None:
        """Give back the memory of what was recorded."""
        self._encoding.forget()
        self._decoding.forget()

    def stop(self) -> bool:
        """Record nothing from now on; whether that is new."""
        return any([self._encoding.stop(), self._decoding.stop()])

    def _state(self) -> Hashable:
        # one that overflows float16 goes on in float32, and memory may ask for tiles
        return getattr(self.vae, "dtype", None), getattr(self.vae, "use_tiling", False)

    def _encode(self, inputs: Inputs) -> torch.Tensor:
        (images,) = inputs
        assert images is not None
        return self.plain.encode(images)

    def _decode(self, inputs: Inputs) -> torch.Tensor:
        (latents,) = inputs
        assert latents is not None
        return self.plain.decode(latents, *self._size)
