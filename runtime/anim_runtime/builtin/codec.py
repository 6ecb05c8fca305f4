"""The codec of the built-in model: pictures to latents by a linear map, and back by a small network."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

PATCH = 8
LARGE_PX = 192  # short sides from here on are coded at half their size


@dataclass(frozen=True, slots=True)
class CodecConfig:
    """The sizes of a `PostcardCodec`."""

    channels: int = 24
    widths: tuple[int, int, int] = (80, 48, 24)
    enlarge_width: int = 24


def _silent(layer: nn.Conv2d) -> nn.Conv2d:
    """The layer, giving zeros until it is trained."""
    nn.init.zeros_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


class Residual(nn.Module):
    """Two 3×3 convolutions beside a skip: [B,C,H,W] to the same."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """The input plus what the block adds."""
        y: Tensor = self.second(functional.silu(self.first(functional.silu(x))))
        return x + y


class Decoder(nn.Module):
    """Latents [B,C,h,w] to a correction [B,3,8h,8w] of the linear reconstruction."""

    def __init__(self, config: CodecConfig) -> None:
        super().__init__()
        deep, middle, shallow = config.widths
        self.stem = nn.Conv2d(config.channels, deep, 3, padding=1)
        self.deep = nn.Sequential(Residual(deep), Residual(deep))
        self.to_middle = nn.Conv2d(deep, middle * 4, 3, padding=1)
        self.middle = Residual(middle)
        self.to_shallow = nn.Conv2d(middle, shallow * 4, 3, padding=1)
        self.shallow = Residual(shallow)
        self.out = _silent(nn.Conv2d(shallow, 12, 3, padding=1))

    def forward(self, latents: Tensor) -> Tensor:
        """The correction."""
        x = self.deep(self.stem(latents))
        x = self.middle(functional.pixel_shuffle(self.to_middle(x), 2))
        x = self.shallow(functional.pixel_shuffle(self.to_shallow(x), 2))
        return functional.pixel_shuffle(self.out(functional.silu(x)), 2)


class Enlarger(nn.Module):
    """Pictures [B,3,H,W] to twice their size, [B,3,2H,2W]: bicubic and a learned correction."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, width, 3, padding=1)
        self.body = Residual(width)
        self.out = _silent(nn.Conv2d(width, 12, 3, padding=1))

    def forward(self, images: Tensor) -> Tensor:
        """The enlarged pictures."""
        correction = functional.pixel_shuffle(self.out(functional.silu(self.body(self.stem(images)))), 2)
        return functional.interpolate(images, scale_factor=2, mode="bicubic") + correction


class PostcardCodec(nn.Module):
    """Pictures of 0..1 to latents of about unit variance and back, 8 or 16 pixels to a latent."""

    basis: Tensor  # [channels,192], orthonormal rows, over 8×8 patches of -1..1 pictures
    mean: Tensor  # [192]
    scale: Tensor  # [channels]

    def __init__(self, config: CodecConfig | None = None) -> None:
        super().__init__()
        self.config = config or CodecConfig()
        inputs = 3 * PATCH * PATCH
        self.register_buffer("basis", torch.zeros(self.config.channels, inputs))
        self.register_buffer("mean", torch.zeros(inputs))
        self.register_buffer("scale", torch.ones(self.config.channels))
        self.decoder = Decoder(self.config)
        self.enlarger = Enlarger(self.config.enlarge_width)

    @property
    def channels(self) -> int:
        """The channels of a latent."""
        return self.config.channels

    @staticmethod
    def factor(height: int, width: int) -> int:
        """Pixels to a latent, 8 or 16."""
        return 2 * PATCH if min(height, width) >= LARGE_PX else PATCH

    def latent_size(self, height: int, width: int) -> tuple[int, int]:
        """The height and width of the latents of a picture of that size in pixels."""
        factor = self.factor(height, width)
        return -(-height // factor), -(-width // factor)

    def encode(self, images: Tensor) -> Tensor:
        """Latents [B,C,h,w] of pictures [B,3,H,W] of 0..1; ragged edges are repeated outwards."""
        height, width = images.shape[-2:]
        rows, columns = self.latent_size(height, width)
        factor = self.factor(height, width)
        edges = (0, columns * factor - width, 0, rows * factor - height)
        padded = functional.pad(images, edges, mode="replicate") if any(edges) else images
        small = functional.avg_pool2d(padded, 2) if factor > PATCH else padded
        return self.encode_patches(small)

    def encode_patches(self, images: Tensor) -> Tensor:
        """Latents [B,C,H/8,W/8] of pictures [B,3,H,W] of 0..1, whatever their size."""
        kernel = (self.basis * self.scale[:, None]).view(-1, 3, PATCH, PATCH)
        shift = -(self.basis @ self.mean) * self.scale
        return functional.conv2d(
            images * 2 - 1, kernel.to(images.dtype), shift.to(images.dtype), stride=PATCH
        )

    def linear_decode(self, latents: Tensor) -> Tensor:
        """The least-squares pictures [B,3,8h,8w] of 0..1 (unclipped) of latents [B,C,h,w]."""
        patches = torch.einsum("bchw,cp->bphw", latents / self.scale[:, None, None], self.basis)
        return (functional.pixel_shuffle(patches + self.mean[:, None, None], PATCH) + 1) / 2

    def decode_patches(self, latents: Tensor) -> Tensor:
        """The sharpened pictures [B,3,8h,8w] of about 0..1 (unclipped) of latents [B,C,h,w]."""
        correction: Tensor = self.decoder(latents)
        return self.linear_decode(latents) + correction

    def decode(self, latents: Tensor, height: int, width: int) -> Tensor:
        """Pictures [B,3,height,width] of 0..1 of latents [B,C,h,w]."""
        images = self.decode_patches(latents)
        if self.factor(height, width) > PATCH:
            images = self.enlarger(images.clamp(0, 1))
        return images[..., :height, :width].clamp(0, 1)

    @classmethod
    def load(cls, folder: Path, dtype: torch.dtype = torch.float32) -> "PostcardCodec":
        """The codec of a folder with `config.json` and `codec.safetensors`."""
        from safetensors.torch import load_file

        fields = json.loads((folder / "config.json").read_text())
        config = CodecConfig(fields["channels"], tuple(fields["widths"]), fields["enlarge_width"])
        codec = cls(config)
        codec.load_state_dict(load_file(folder / "codec.safetensors"))
        return codec.to(dtype).eval()

    def save(self, folder: Path) -> None:
        """Write what `load` reads, as fp16."""
        from safetensors.torch import save_file

        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps(asdict(self.config), indent=2) + "\n")
        half = {k: v.detach().half().contiguous().cpu() for k, v in self.state_dict().items()}
        save_file(half, folder / "codec.safetensors")
