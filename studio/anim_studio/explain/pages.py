"""The page of a diagnostic's code, with what the checker says of its wrong example."""

from __future__ import annotations

from pathlib import Path

from anim_dsl.codes import Page
from anim_dsl.diagnostic import Diagnostic
from anim_studio.explain.layout import WIDTH, Style, code, paragraph, title
from anim_studio.lexing.painter import painter


def page_lines(style: Style, page: Page) -> list[str]:
    """Title, paragraphs, and the two examples."""
    kind = "error" if page.code.startswith("E") else "warning"
    lines = [title(style, f"{page.code}: {page.title}", kind), ""]
    for text in page.text.split("\n\n"):
        lines += [*paragraph(style, " ".join(text.split())), ""]
    if page.without:
        return lines[:-1]
    lines += [style.paint("Wrong:", "red"), "", *code(style, page.wrong), ""]
    said = _said(page)
    if said is not None:
        lines += [*_excerpt(style, said), ""]
    return [*lines, style.paint("Right:", "green"), "", *code(style, page.right)]


def _excerpt(style: Style, said: Diagnostic) -> list[str]:
    from anim_dsl.report import one

    shown = one(said, colour=style.colour, columns=WIDTH - 4, paint=painter(colour=style.colour))
    return [f"    {line}".rstrip() for line in shown.split("\n")]


def _said(page: Page) -> Diagnostic | None:
    """The diagnostic of the wrong example; None where it needs files, or a compiled film."""
    found = _schedule(page.wrong) if page.language == "deforum" else _film(page.wrong)
    return next((diagnostic for diagnostic in found if diagnostic.code == page.code), None)


def _schedule(text: str) -> tuple[Diagnostic, ...]:
    from anim_dsl.schedule import evaluate

    return evaluate(text.rstrip("\n"), frames=60)[1]


def _film(text: str) -> tuple[Diagnostic, ...]:
    from anim_compiler.check import check
    from anim_compiler.world import World
    from anim_dsl.parse import parse
    from anim_dsl.source import Source

    document, found = parse(Source("film.anim", text))
    if found:
        return tuple(found)
    # the example's own files are not here; a page that needs them goes without the excerpt
    nowhere = Path.cwd() / "examples-of-pages"
    return check(document, World(nowhere, nowhere))[1]
