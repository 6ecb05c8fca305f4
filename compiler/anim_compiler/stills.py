"""Pictures that stand still: their files, and which of them a film or a scene starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anim_compiler import pictures
from anim_compiler.film import Still
from anim_compiler.media import MOST_PIXELS, image_size
from anim_compiler.setting import Entry
from anim_compiler.world import Problem, World
from anim_dsl.source import Span
from anim_dsl.syntax import Text

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions


def still(
    check: Expressions,
    world: World,
    name: str,
    text: str,
    span: Span,
    readable: str = "save it as PNG or JPEG",
    smaller: str = "save a smaller copy",
) -> Still | None:
    """The picture in the file `text`, by its header; None if it is none, which is reported at `span` with a
    hint for what is no picture, or too large a one.
    """
    path = world.resolve(text)
    if isinstance(path, Problem):
        check.findings.error(path.code, span, path.message, hint=path.hint)
        return None
    size = image_size(path)
    if size is None:
        message = f"`{text}` is not a picture that can be read"
        check.findings.error("E4006", span, message, hint=readable)
        return None
    if size[0] * size[1] > MOST_PIXELS:
        message = f"`{text}` is {size[0]}x{size[1]}, larger than 8192x8192"
        check.findings.error("E4007", span, message, hint=smaller)
        return None
    return Still(name, world.relative(path), world.sha256(path), *size)


def register(check: Expressions, world: World, name: str, text: str, span: Span) -> None:
    """Makes a picture known by a name, which counts as missing if its file cannot be read."""
    found = still(check, world, name, text, span)
    if found is None:
        check.scope.missing.add(name)
        return
    check.scope.stills[name] = found


def init(check: Expressions, world: World, entry: Entry | None, name: str) -> str | None:
    """The picture that a film or scene starts from; a path is registered under `name`."""
    if entry is None or entry.is_none:
        return None
    scope, value = check.scope, entry.value
    if isinstance(value, Text) and value.plain is not None:
        if name not in scope.stills:
            register(check, world, name, value.plain, value.span)
        return name
    with check.inside(entry.env):
        found = pictures.named(check, value, f"`{entry.name}`")
    if found is None or found in scope.stills:
        return found
    kind = "a video" if found in scope.clips else "a mask"
    hint = f"write `source = {found}` to transform a video" if kind == "a video" else "name an `image`"
    message = f"`init` is a picture, and `{found}` is {kind}"
    check.findings.error("E3002", value.span, message, hint=hint)
    return None


def source(check: Expressions, entry: Entry | None) -> str | None:
    """The video, or the picture, whose frames are transformed."""
    if entry is None or entry.is_none:
        return None
    with check.inside(entry.env):
        return pictures.named(check, entry.value, f"`{entry.name}`")
