"""A difference for a pull request: a summary, a table of the changes, and what is written folded away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from anim_dsl.visible import escaped, shortened
from anim_studio.diffing.told import Told

if TYPE_CHECKING:
    from anim_compiler.diff import Change

_SIGNS = {"added": "➕", "removed": "➖", "moved": "↕️", "renamed": "🏷️"}
_CODE = re.compile(r"(`[^`]*`)")
#: a space without width, with which `@name` and `#1` are no mention and no reference
_GAP = "&#8203;"
_MARKS = re.compile(r"([\\*_\[\]#~|!])")
#: what GitHub and GitLab make links, pictures and formulas of in what is shown, however it is written
_REFERS = re.compile(
    r"(?<=[@#!~%&$^])(?=\w)|(?<=\bGH)(?=-\d)|(?<=\bwww)(?=\.)|(?<=:)(?=//|[\w+-]+:)", re.IGNORECASE
)


def as_markdown(told: Told) -> str:
    """GitHub's flavour; texts of the film can neither become markup nor call anybody."""
    lines = [f"### {code(told.after.read.label)}", "", f"**{plain(told.summary)}**"]
    if told.changes:
        lines += ["", "| | | change | where |", "| --- | --- | --- | --- |"]
        for change in told.changes:
            lines += _rows(change, "")
        lines += _written(told.changes)
    if told.has_errors:
        lines += ["", *_errors(told)]
    lines += ["", f"<sub>{plain(told.heading)}</sub>"]
    return "\n".join(lines)


def _rows(change: Change, indent: str) -> Iterator[str]:
    sign = "↳" if indent else _SIGNS.get(change.kind, "✏️")
    words = (change.subject, change.sentence, change.where)
    subject, sentence, where = (plain(shortened(text)) for text in words)
    cells = (sign, indent + subject, sentence, where)
    yield f"| {' | '.join(cells)} |"
    for effect in change.effects:
        yield from _rows(effect, indent + "&nbsp;&nbsp;")


def _written(changes: tuple[Change, ...]) -> list[str]:
    """What is written before and after, where both are known and differ."""
    rows = [
        change
        for top in changes
        for change in (top, *top.effects)
        if change.before and change.after and change.before != change.after
    ]
    if not rows:
        return []
    lines = ["", "<details><summary>as written</summary>", "", "| | before | after |", "| --- | --- | --- |"]
    lines += [f"| {plain(row.subject)} | {code(row.before)} | {code(row.after)} |" for row in rows]
    return [*lines, "", "</details>"]


def _errors(told: Told) -> Iterator[str]:
    for checked in (told.before, told.after):
        for found in checked.errors:
            place = found.source.place(found.span.start)
            at = f"{checked.read.label}:{place.line}:{place.column}"
            yield f"- {code(at)} {found.code}: {plain(found.message)}"


def plain(text: str) -> str:
    """Text with its back-ticked names as code and no other markup."""
    parts = _CODE.split(escaped(text))
    return "".join(code(part[1:-1]) if _CODE.fullmatch(part) else _safe(part) for part in parts)


def _safe(text: str) -> str:
    """Text in which nothing is markup, and nothing is found that services make links of by themselves."""
    # a character that `escaped` leaves none of
    text = _REFERS.sub("\u200b", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("`", "&#96;")
    text = _MARKS.sub(r"\\\1", text).replace("$", "&#36;")
    return text.replace("\u200b", _GAP)


def code(text: str) -> str:
    """A code span: with a fence that the text does not hold, and no cell's end in it."""
    text = escaped(text).replace("|", "\\|")
    if not text:
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}"
