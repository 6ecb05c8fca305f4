"""What stands on top of a model: LoRAs and textual-inversion embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from anim_compiler import references, setting
from anim_compiler.film import Embedding, Lora
from anim_compiler.setting import Entry
from anim_compiler.world import World
from anim_dsl.source import Span
from anim_dsl.syntax import Expr

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions


def lora(
    check: Expressions, name: str, value: Expr, entries: Sequence[Entry], span: Span, world: World
) -> Lora | None:
    """`lora NAME = "path" { weight = … }`; whether it fits the model, only its file can tell."""
    reference = references.reference(check, value, f"the LoRA `{name}`", world)
    weight = setting.number(check, "lora", "weight", entries)
    if reference is None or weight is None:
        return None
    return Lora(name, reference, weight, span)


def embedding(check: Expressions, name: str, value: Expr, span: Span, world: World) -> Embedding | None:
    """`embedding NAME = "path"`; prompts call it by its name."""
    reference = references.reference(check, value, f"the embedding `{name}`", world)
    return None if reference is None else Embedding(name, reference, span)
