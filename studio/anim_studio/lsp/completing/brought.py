"""Templates of the standard files that a film could use, with the `import` that it lacks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from anim_studio.explain import library
from anim_studio.explain.library import Given
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.at import At
from anim_studio.lsp.completing.candidate import Candidate, Rank
from anim_studio.lsp.named import Named


def brought(analysed: Analysed, found: At, names: Mapping[str, Named]) -> Iterator[Candidate]:
    """The templates for the camera that a `use` stands in, of files that are not imported."""
    context = found.block.context
    for module in library.modules().values():
        if f'"std:{module.name}"' in analysed.text or module.name in names:
            continue
        for item in module.given:
            if item.kind == "template" and any(context == f"camera {axes}" for axes in item.axes):
                yield _offered(item)


def _offered(item: Given) -> Candidate:
    line = f'import "std:{item.module}" as {item.module}'
    takes = "$1" if "()" not in item.signature else ""
    name = f"{item.module}.{item.name}"
    about = ("given", item.name)
    return Candidate(
        name, "template", f"brings `{line}`", f"{name}({takes})", Rank.COMMON, about, brings=line
    )
