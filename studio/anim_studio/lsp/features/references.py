"""Where a name is spoken of."""

from __future__ import annotations

from lsprotocol.types import (
    DocumentHighlight,
    DocumentHighlightKind,
    DocumentHighlightParams,
    Location,
    ReferenceParams,
)

from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.finding import meanings_of, places_of
from anim_studio.lsp.positions import Positions


def references(made: Analysed, params: ReferenceParams) -> list[Location] | None:
    """Every place that speaks of what is at the cursor, in all films that can."""
    meanings = meanings_of(made)
    found = meanings.at(made.positions.offset(params.position))
    if found is None:
        return None
    listed: list[Location] = []
    for places in places_of(found[0], meanings, made):
        is_own = places.path == meanings.path
        uri = made.uri if is_own else made.desk.uri(places.path)
        text = places.names.source.text
        positions = made.positions if is_own else Positions(text, made.desk.encoding)
        hidden = () if params.context.include_declaration else places.defines
        listed += [Location(uri, positions.range(span)) for span in places.spans if span not in hidden]
    return listed


def highlights(made: Analysed, params: DocumentHighlightParams) -> list[DocumentHighlight] | None:
    """The same within the document, for the name at the cursor."""
    meanings = meanings_of(made)
    found = meanings.at(made.positions.offset(params.position))
    if found is None:
        return None
    meant, _ = found
    rows = [(mention.at, DocumentHighlightKind.Read) for mention in meanings.mentions_of(meant)]
    if meant.path == meanings.path:
        rows.append((meant.definition.at, DocumentHighlightKind.Write))
    rows.sort(key=lambda row: row[0])
    return [DocumentHighlight(made.positions.range(span), kind) for span, kind in rows]
