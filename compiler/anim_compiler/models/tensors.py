"""Questions to the tensors of a header: which names there are, and how wide they are."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from anim_compiler.models.header import Header

#: what checkpoints put before the names of their denoiser
PREFIX = "model.diffusion_model."


class Tensors:
    """The names and shapes of a header, without the prefix of checkpoints where there is one."""

    def __init__(self, header: Header) -> None:
        self.shapes = {name: tensor.shape for name, tensor in header.tensors.items()}

    @cached_property
    def bare(self) -> frozenset[str]:
        """All names, those of a checkpoint's denoiser without their prefix."""
        return frozenset(name.removeprefix(PREFIX) for name in self.shapes)

    def __contains__(self, name: str) -> bool:
        return name in self.shapes

    def any_begins(self, *beginnings: str) -> bool:
        """Whether a name begins like one of these."""
        return any(name.startswith(beginnings) for name in self.shapes)

    def any_ends(self, *endings: str) -> bool:
        """Whether a name ends like one of these."""
        return any(name.endswith(endings) for name in self.shapes)

    def any_holds(self, *parts: str) -> bool:
        """Whether one of these stands in a name."""
        return any(part in name for name in self.shapes for part in parts)

    def shape(self, *names: str) -> tuple[int, ...]:
        """The shape of the first of these that is there, also behind the prefix; () if none is."""
        for name in names:
            found = self.shapes.get(name) or self.shapes.get(PREFIX + name)
            if found:
                return found
        return ()

    def widths(self, *parts: str, endings: Iterable[str] = ("weight",)) -> set[int]:
        """The numbers of inputs of the layers with all of these in their names."""
        ends = tuple(endings)
        return {
            shape[1]
            for name, shape in self.shapes.items()
            if len(shape) > 1 and name.endswith(ends) and all(part in name for part in parts)
        }
