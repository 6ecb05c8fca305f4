"""Code lenses: over the film and each of its scenes what changed since git's HEAD, and what can be done.

Their commands are `anim.renderScene`, `anim.previewScene` and `anim.plotScene`, each with the document's URI
and the scene's name, empty for the whole film. A client may run them itself, in a terminal; else the server
does (`features.running`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lsprotocol import types

from anim_dsl import syntax
from anim_dsl.source import Span
from anim_dsl.syntax import Document
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.changes import Changed, changed
from anim_studio.lsp.named import is_film
from anim_studio.lsp.timing import clock_at

RENDER, PREVIEW, PLOT = "anim.renderScene", "anim.previewScene", "anim.plotScene"


@dataclass(frozen=True, slots=True)
class Lens:
    """Something that can be done with a film, or with a scene of it; `scene` is empty for all of it."""

    at: Span
    title: str
    command: str
    scene: str = ""


def code_lenses(analysed: Analysed, params: types.CodeLensParams) -> list[types.CodeLens]:
    """The answer to `textDocument/codeLens`."""
    uri = params.text_document.uri
    return [
        types.CodeLens(
            analysed.positions.range(lens.at),
            types.Command(lens.title, lens.command, arguments=[uri, lens.scene]),
        )
        for lens in lenses(analysed)
    ]


def lenses(analysed: Analysed) -> tuple[Lens, ...]:
    """The lenses of a film, in the order of the text; none over a file that is only imported."""
    if not analysed.desk.switched_on("codeLens.enabled") or not is_film(analysed.document):
        return ()
    return tuple(_lenses(analysed, changed(analysed)))


def _lenses(analysed: Analysed, news: Changed | None) -> Iterator[Lens]:
    first = analysed.document.statements[0].span
    whole = Span(first.start, first.start)
    yield Lens(whole, _title("film", news, news.count() if news is not None else 0), RENDER)
    yield Lens(whole, "preview", PREVIEW)
    yield Lens(whole, "plot", PLOT)
    for name, span in scenes(analysed.document):
        first_frame, end = _frames(analysed, span, name)
        count = 0 if news is None else news.count(first_frame, end)
        yield Lens(span, _title("scene", news, count), RENDER, name)
        yield Lens(span, "preview", PREVIEW, name)


def _title(what: str, news: Changed | None, count: int) -> str:
    if news is None:
        return f"render this {what}"
    told = f"{count} frame{'' if count == 1 else 's'} changed" if count else "no frame changed"
    return f"{told} · render this {what}"


def scenes(document: Document) -> Iterator[tuple[str, Span]]:
    """The scenes of a film: their names, and where their first words stand."""
    for statement in document.statements:
        if isinstance(statement, syntax.Word) and statement.word.text == "scene" and statement.head:
            head = statement.head[0]
            if isinstance(head, syntax.Name):
                yield head.text, statement.word.span


def _frames(analysed: Analysed, span: Span, name: str) -> tuple[int, int]:
    """The frames of a scene."""
    film = analysed.film or analysed.last_film
    shot = None if film is None else next((shot for shot in film.shots if shot.name == name), None)
    if shot is None:
        return 0, 0
    clock = clock_at(analysed, span.start)
    return clock.frame(shot.start), clock.frame(shot.end)
