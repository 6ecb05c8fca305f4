"""The chapter of the standard files: what `std:` holds, and the ops of a pipeline."""

from __future__ import annotations

from anim_compiler.image_ops import IMAGE_OPS
from anim_studio.explain.library import modules, told
from anim_studio.explain.ops import signature
from tools.reference.markdown import code, fence, table


def standard() -> str:
    """Every standard file that can be imported, with the signatures of what it gives."""
    rows: list[tuple[str, str]] = []
    for module in modules().values():
        if module.given:
            rows.append((f"**`std:{module.name}`**", module.help))
            rows += [(code(item.signature), told(item)) for item in module.given]
    return table(("standard file", ""), rows)


def pipelines() -> str:
    """The standard pipelines: when each is used."""
    rows = [(code(f"{m.name}.anim"), m.help) for m in modules().values() if not m.given]
    return table(("standard pipeline", ""), rows)


def ops() -> str:
    """The ops of a pipeline, from the compiler's table: what each is for, then each with all it takes."""
    rows = [(code(op.name), op.help, code(op.example)) for op in IMAGE_OPS.values()]
    written = "\n".join(signature(op) for op in IMAGE_OPS.values())
    return "\n\n".join(
        [
            table(("op", "", "example"), rows),
            "All that each takes, in the order in which it may be given without names. What stands in `[ ]` "
            "may be left out; after `=` is what it is then: a value, a setting of the film, or nothing. What "
            "comes out stands behind `→`. The other words are pictures; `mask` and `depth` are best named.",
            fence(written),
        ]
    )
