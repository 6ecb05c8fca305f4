"""How much memory a render would need at most, as far as that is known beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from anim_compiler.graph import Graph, Template
from anim_compiler.passes.place import peak

#: bytes of a carry's pixel: three channels of int32
_LEVEL = 12
#: carries of a scene that other frames of it read: its first, and both ends of a tween
_READ = 3
#: the folders of a model that are read
_PARTS = ("text_encoder", "text_encoder_2", "text_encoder_3", "unet", "transformer", "vae", "codec")


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes: `pictures` that are worked on at the same time, `carries` that are kept at hand, and the
    model's `weights` as they lie on the disk. What the model needs while it works is not in it.
    """

    pictures: int
    carries: int
    weights: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.pictures + self.carries + self.weights


def memory(graph: Graph, width: int, height: int, batch: int, weights: int) -> Memory:
    """The memory of a render of that size in px with at most `batch` frames at once."""
    from anim_runtime.carries import KEEP, KEEP_BYTES

    def most(template: Template) -> int:
        together = min(batch if template.batch == 0 else template.batch, max(1, len(template.frames)))
        return peak(template, width, height).bytes * together

    pictures = max((most(template) for template in graph.templates.values()), default=0)
    rows = sum(len(template.frames) for template in graph.templates.values())
    each = width * height * _LEVEL
    scenes = len({scene for scene, _ in graph.templates})
    read = min(scenes * _READ, KEEP_BYTES // each)
    return Memory(pictures, min(rows, max(KEEP, read)) * each, weights)


def weights_of(model: Path | None) -> int:
    """Bytes of the files that are read of a model: one file, or the parts of a folder, which a ControlNet has
    none of; 0 for no model.
    """
    if model is None:
        return 0
    if model.is_file():
        return model.stat().st_size
    return sum(_part(folder) for name in _PARTS if (folder := model / name).is_dir()) or _part(model)


def _part(folder: Path) -> int:
    """One part of a model: of several formats and variants that lie there one is read."""
    for suffix in (".safetensors", ".bin"):
        found = [file for file in folder.glob(f"*{suffix}") if file.is_file()]
        plain = [file for file in found if not _is_variant(file)]
        if found:
            return sum(file.stat().st_size for file in plain or found)
    return 0


def _is_variant(file: Path) -> bool:
    return any(part in ("fp16", "bf16", "non_ema", "ema") for part in file.name.split(".")[1:-1])
