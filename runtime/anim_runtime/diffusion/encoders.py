"""The text encoders of a model, put together as its family wants to be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from anim_runtime.diffusion.denoiser import Adapters
    from anim_runtime.diffusion.encoding.inversion import Embedding
    from anim_runtime.diffusion.encoding.kept import KeptPrompts
    from anim_runtime.diffusion.encoding.shelf import Shelf


@dataclass(frozen=True, slots=True)
class TextPart:
    """One of a model's text encoders with its tokenizer; transformers is untyped, hence Any.

    `load` gives the encoder on the engine's device, in evaluation mode, with the engine's LoRAs on it. It is
    called when the first text comes that nothing is known of, so that a film whose texts are all known never
    loads it. `longest` is how many tokens a CLIP takes at once, `width` how many numbers stand for a token
    (0 if that is not known before it is loaded). `identity` tells its weights from all others; what an
    encoder without one makes is not kept on disk.
    """

    tokenizer: Any
    load: Callable[[], Any]
    longest: int = 77
    width: int = 0
    identity: str = ""


def prompts_of(
    family: str,
    parts: Sequence[TextPart | None],
    device: torch.device,
    *,
    embeddings: Sequence[Embedding] = (),
    adapters: Adapters | None = None,
    shelf: Shelf | None = None,
    tokens: int | None = None,
    width: int = 0,
) -> KeptPrompts:
    """The encoder of prompts for a family of `FAMILIES`.

    `parts` are in the order of diffusers' components (`text_encoder`, `text_encoder_2`, …); T5 of Stable
    Diffusion 3 may be None, and then `width` is what its states would have. `tokens` is how many tokens of a
    prompt T5 or a language model reads, by default as many as the family was trained on. `embeddings` are
    those that prompts name, and `shelf` keeps what large encoders made for the next render.
    RenderProblem (exit code 7) if an embedding is for another kind of model.
    """
    from anim_runtime.diffusion.encoding.kept import KeptPrompts
    from anim_runtime.diffusion.encoding.runs import Runs
    from anim_runtime.diffusion.encoding.table import ENCODERS, Given

    runs = Runs(adapters, shelf)
    given = Given(tuple(parts), device, tuple(embeddings), runs, tokens, width)
    return KeptPrompts(ENCODERS[family](given), runs)
