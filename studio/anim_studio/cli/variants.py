"""The films of a `variant` block: which of them a command means."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, TypeAlias

from cyclopts import Parameter

from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import Loaded, load

if TYPE_CHECKING:
    from anim_compiler.film import Film

VariantName: TypeAlias = Annotated[
    str | None,
    Parameter(
        name="--variant",
        metavar="N|NAME",
        help="Only this film of the `variant` block: its number, from 1, or its name.",
    ),
]


def chosen_variant(loaded: Loaded, wanted: str | None, environment: Environment) -> Loaded:
    """The film of that number or name, as it is written without one. Raises `Stop` if there is none such."""
    if wanted is None or loaded.film is None:
        return loaded
    return load(loaded.path, environment.cache, variant_place(loaded.film, wanted), loaded.given)


def all_variants(loaded: Loaded, environment: Environment) -> Iterator[Loaded]:
    """Every film that the text describes, in order; the film itself if it has no `variant` block."""
    count = len(loaded.film.variants) if loaded.film else 0
    if not count:
        yield loaded
    for place in range(count):
        yield load(loaded.path, environment.cache, place, loaded.given)


def variant_place(film: Film, wanted: str) -> int:
    """Which of a film's variants is meant, from 0. Raises `Stop` if there is none such."""
    names = [variant.name for variant in film.variants]
    if not names:
        raise Stop(Exit.USAGE, f"`{film.name}` has no variants", "leave out `--variant`")
    if wanted in names:
        return names.index(wanted)
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return int(wanted) - 1
    near = difflib.get_close_matches(wanted, names, 3, 0.4) or names[:3]
    hint = f"it has {len(names)}, such as {', '.join(f'`{name}`' for name in near)}"
    raise Stop(Exit.USAGE, f"`{film.name}` has no variant `{wanted}`", hint)
