"""What a site found, as lines of at most 80 cells and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeAlias

from anim_dsl.visible import escaped, width
from anim_studio.cli.values import format_bytes

if TYPE_CHECKING:
    from anim_runtime.models.sources.hit import Hit

Paint: TypeAlias = Callable[[str, str], str]

_COLUMNS = 80
_TITLE, _KIND, _BASE = 34, 10, 12
_INDENT = "  "
_MOST_WORDS = 6


def lines(hit: Hit, paint: Paint) -> Iterator[str]:
    """Two lines, or three with trigger words: what it is, and how a film names it."""
    title = cut(hit.title, _TITLE)
    cells = (
        f"{_INDENT}{paint(title, 'bold')}{' ' * (_TITLE - width(title))}",
        f"{cut(hit.kind, _KIND):<{_KIND}}",
        f"{cut(hit.family or hit.base or '–', _BASE):<{_BASE}}",
        f"{'' if hit.downloads is None else '↓' + counted(hit.downloads):>7}",
        f"{'' if hit.size is None else format_bytes(hit.size):>8}",
    )
    yield " ".join(cells).rstrip()
    reference = escaped(hit.reference)
    room = _COLUMNS - 2 * len(_INDENT) - width(reference) - 2
    more = cut("; ".join(_remarks(hit)), room) if room > 10 else ""
    yield f"{_INDENT * 2}{paint(reference, 'cyan')}" + (f"  {more}" if more else "")
    if hit.trigger_words:
        words = ", ".join(hit.trigger_words[:_MOST_WORDS])
        yield f"{_INDENT * 2}{cut(f'trigger words: {words}', _COLUMNS - 2 * len(_INDENT))}"


def as_json(site: str, hit: Hit) -> dict[str, object]:
    """Everything that is known of it."""
    return {"site": site, **asdict(hit)}


def counted(number: int) -> str:
    """`987`, `12.3k`, `4.5M`."""
    if number < 1000:
        return str(number)
    size, unit = (number / 1e3, "k") if number < 999_950 else (number / 1e6, "M")
    return f"{size:.1f}{unit}" if size < 100 else f"{size:.0f}{unit}"


def cut(text: str, most: int) -> str:
    """A foreign text made safe, and no wider than that."""
    text = " ".join(escaped(text).split())
    if width(text) <= most:
        return text
    while text and width(text) >= most:
        text = text[:-1]
    return f"{text}…"


def _remarks(hit: Hit) -> Iterator[str]:
    if hit.is_nsfw:
        yield "not safe for work"
    if hit.is_gated:
        yield "early access" if hit.reference.startswith("civitai:") else "terms to accept"
    if hit.author:
        yield f"by {hit.author}"
    if hit.likes:
        yield f"{counted(hit.likes)} likes"
    if hit.licence:
        yield hit.licence
