"""How long the rows are that a model puts behind each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch

#: Z-Image fills the words of a row up to a multiple of so many tokens, before all rows pass as one
TOKENS: Final = 32


class Lengths:
    """The tokens of each row of words in a call of diffusers' `ZImageTransformer2DModel` (untyped, hence
    Any), which has `cap_embedder` read all of them one after the other.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._tokens: tuple[int, ...] = ()
        self._handle: Any = None

    def listen(self) -> None:
        """Note the lengths of every call from now on."""
        if self._handle is None:
            self._handle = self._model.register_forward_pre_hook(self._note, with_kwargs=True)

    def release(self) -> None:
        """Leave the model as it was."""
        if self._handle is not None:
            self._handle.remove()
            self._handle = None

    def spread(self, factors: torch.Tensor) -> torch.Tensor:
        """The row of each token, `[tokens, numbers]` of `[rows, numbers]`."""
        rows = zip(factors.chunk(len(factors)), self._tokens, strict=True)
        return torch.cat([row.expand(count, -1) for row, count in rows])

    def _note(self, model: Any, given: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        words = named["cap_feats"] if "cap_feats" in named else given[2]
        self._tokens = tuple(-(-len(row) // TOKENS) * TOKENS for row in words)
