"""The whole manual: a contents list, the chapters in order, and the reference from the tables."""

from __future__ import annotations

import re
from pathlib import Path

from tools.reference import functions, settings
from tools.reference.markdown import anchor
from tools.reference.markers import filled

REFERENCE = Path(__file__).parents[2] / "grammar" / "REFERENCE.md"
CHAPTERS = Path(__file__).with_name("chapters")

_HEAD = """\
<!-- Made by `make reference` from tools/reference/chapters and grammar/anim_grammar/*.toml; edit those. -->

# The language

A `.anim` file is a shot list that compiles. This page is its manual: first a tour of twenty minutes, then
every rule, then every statement, setting, function, easing and message, made from the checker's own tables.
"""
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def manual() -> str:
    """The text of `grammar/REFERENCE.md`."""
    guide = [filled(path.read_text(encoding="utf-8")).strip() for path in sorted(CHAPTERS.glob("*.md"))]
    tables = [
        settings.statements(),
        settings.settings(),
        functions.functions(),
        functions.easings(),
        settings.codes(),
    ]
    parts = [_HEAD.strip(), contents(guide, tables), *guide, *tables]
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join(parts)) + "\n"


def contents(guide: list[str], tables: list[str]) -> str:
    """The list of chapters: what is to be read, and what is to be looked up."""
    read = " · ".join(_link(heading) for text in guide for heading in _headings(text))
    looked_up = " · ".join(_link(heading) for text in tables for heading in _headings(text))
    return f"**Read:** {read}\n\n**Look up:** {looked_up}"


def _headings(text: str) -> list[str]:
    return _HEADING.findall(_FENCE.sub("", text))


def _link(heading: str) -> str:
    return f"[{heading}](#{anchor(heading)})"
