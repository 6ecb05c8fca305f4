"""The pages of the diagnostics: what a code means, with a film that gives it and one that does not.

A page is `codes/E2001.md` of the grammar: its title, some paragraphs, and two fenced examples, or a line
that says why there are none. Pages are read when they are asked for, one file each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_CODE = re.compile(r"[EW][0-9]{4}")
_FENCE = re.compile(r"^```(\w+) (wrong|right)\n(.*?)^```\n?", re.MULTILINE | re.DOTALL)
_WITHOUT = re.compile(r"^No example: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """One code's page.

    `text` is its paragraphs as Markdown, examples left out; `wrong` gives the code, `right` gives no
    diagnostic. `language` says what they are: a film (`anim`) or a schedule string (`deforum`). A page
    without examples has `without`, the reason.
    """

    code: str
    title: str
    text: str
    wrong: str = ""
    right: str = ""
    language: str = "anim"
    without: str = ""


def page(code: str) -> Page | None:
    """The page of a code, in any case (`e2001`), or None if there is no such code."""
    return CODES.get(code.upper())


def read_page(code: str, text: str) -> Page:
    """A page from its Markdown. Raises ValueError on one that is not built as pages are."""
    first, _, rest = text.partition("\n")
    head, _, title = first.partition(": ")
    if head != f"# {code}" or not title:
        raise ValueError(f"the page of {code} begins with `{first}`")
    examples = {kind: body for _, kind, body in _FENCE.findall(rest)}
    languages = {language for language, _, _ in _FENCE.findall(rest)}
    without = _WITHOUT.search(rest)
    if (set(examples) != {"wrong", "right"} or len(languages) != 1) and without is None:
        raise ValueError(f"the page of {code} has neither two examples nor a reason for none")
    prose = _WITHOUT.sub("", _FENCE.sub("", rest)).strip()
    return Page(
        code,
        title,
        re.sub(r"\n{3,}", "\n\n", prose),
        examples.get("wrong", ""),
        examples.get("right", ""),
        next(iter(languages), "anim"),
        without.group(1) if without else "",
    )


class _Pages(Mapping[str, Page]):
    """Every code's page; the list of codes is the list of files, and a page is read when it is wanted."""

    def __getitem__(self, code: str) -> Page:
        if code not in _listed():
            raise KeyError(code)
        return _read(code)

    def __iter__(self) -> Iterator[str]:
        return iter(_listed())

    def __len__(self) -> int:
        return len(_listed())


@cache
def _listed() -> tuple[str, ...]:
    names = (entry.name.removesuffix(".md") for entry in _folder().iterdir() if entry.name.endswith(".md"))
    return tuple(sorted(name for name in names if _CODE.fullmatch(name)))


@cache
def _read(code: str) -> Page:
    return read_page(code, _folder().joinpath(f"{code}.md").read_text(encoding="utf-8"))


def _folder() -> Traversable:
    return resources.files("anim_grammar").joinpath("codes")


CODES: Mapping[str, Page] = _Pages()
"""Every code with its page, in the order of the codes."""
