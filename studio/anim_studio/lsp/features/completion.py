"""Completion: what may be written at the cursor, the likely first; pages are made when they are looked at.

Where more is to follow at once, an editor that knows VS Code's command for it is told to ask again: one that
says so by the setting `anim.completion.suggestAgain`, for others would send the command to us.
"""

from __future__ import annotations

from lsprotocol import types
from lsprotocol.types import CompletionItemKind as Shown

from anim_dsl.source import Span
from anim_dsl.syntax import Word
from anim_dsl.visible import escaped
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.at import At
from anim_studio.lsp.completing.candidate import Candidate, Kind, Rank
from anim_studio.lsp.completing.complete import candidates
from anim_studio.lsp.completing.plain import without_places
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.telling.about import about

_SHOWN: dict[Kind, Shown] = {
    "word": Shown.Keyword,
    "setting": Shown.Property,
    "function": Shown.Function,
    "feature": Shown.Variable,
    "name": Shown.Variable,
    "constant": Shown.Constant,
    "module": Shown.Module,
    "template": Shown.Snippet,
    "choice": Shown.EnumMember,
    "easing": Shown.Event,
    "unit": Shown.Unit,
    "file": Shown.File,
    "folder": Shown.Folder,
    "colour": Shown.Color,
    "model": Shown.Reference,
    "parameter": Shown.Field,
    "text": Shown.Text,
    "operator": Shown.Operator,
}
_AGAIN = types.Command("Suggest", "editor.action.triggerSuggest")


def completion(analysed: Analysed, params: types.CompletionParams) -> types.CompletionList:
    """The answer to `textDocument/completion`."""
    offset = analysed.positions.offset(params.position)
    found, every = candidates(analysed, offset)
    if not _is_asked(params, found, every):
        return types.CompletionList(is_incomplete=False, items=[])
    place = _place(found)
    snippets = _has_snippets(analysed.desk)
    again = analysed.desk.switched_on("completion.suggestAgain", default=False)
    items = [_item(analysed, one, place, number, snippets, again) for number, one in enumerate(every)]
    # a list of files changes with the folder that is written
    return types.CompletionList(is_incomplete=any(one.kind == "folder" for one in every), items=items)


def _place(found: At) -> Span:
    """What a word takes the place of: the whole word that the cursor is in or behind."""
    if found.place == "text":
        return Span(found.offset, found.offset)
    end = found.offset if found.word is None or not found.typed else found.word.end
    return Span(found.start, end)


def resolve(desk: Desk, item: types.CompletionItem) -> types.CompletionItem:
    """The answer to `completionItem/resolve`: the item with its page."""
    del desk
    page = about(item.data) if item.documentation is None else ""
    if page:
        item.documentation = types.MarkupContent(types.MarkupKind.Markdown, page)
    return item


def _is_asked(params: types.CompletionParams, found: At, every: tuple[Candidate, ...]) -> bool:
    """Whether a list is wanted: not where a sign was typed that only happens to be one of the triggers."""
    sign = params.context.trigger_character if params.context is not None else None
    match sign:
        case " ":
            wants = any(one.rank <= Rank.WANTED for one in every)
            return wants and found.place in ("head", "value", "with", "per")
        case '"' | "/":
            return found.place == "text"
        case ".":
            return bool(found.owner) or found.place == "text"
        case ":":
            return found.place != "statement"
        case _:
            return True


def _has_snippets(desk: Desk) -> bool:
    client = desk.client.text_document
    item = client.completion.completion_item if client is not None and client.completion is not None else None
    return bool(item is not None and item.snippet_support)


def _item(
    analysed: Analysed, one: Candidate, place: Span, number: int, snippets: bool, again: bool
) -> types.CompletionItem:
    written = one.snippet or one.label
    is_snippet = "$" in written and snippets
    text = written if is_snippet else without_places(written) if one.snippet else written
    span = one.replaces or place
    made = types.CompletionItem(
        escaped(one.label),
        kind=_SHOWN[one.kind],
        detail=escaped(one.detail) or None,
        sort_text=f"{int(one.rank)}{number:04}",
        filter_text=one.filter or None,
        text_edit=types.TextEdit(analysed.positions.range(span), text),
        insert_text_format=types.InsertTextFormat.Snippet if is_snippet else types.InsertTextFormat.PlainText,
        additional_text_edits=_brought(analysed, one),
        data=list(one.about) or None,
        command=_AGAIN if one.goes_on and again else None,
    )
    if one.says:
        made.documentation = types.MarkupContent(types.MarkupKind.Markdown, one.says)
    return made


def _brought(analysed: Analysed, one: Candidate) -> list[types.TextEdit] | None:
    """The line that the film needs for a word, behind its other imports or where its statements begin."""
    if not one.brings:
        return None
    imports = [
        statement.span.end
        for statement in analysed.document.statements
        if isinstance(statement, Word) and statement.word.text == "import"
    ]
    if imports:
        at, line = imports[-1], f"\n{one.brings}"
    else:
        settings = [s.span.start for s in analysed.document.statements]
        at, line = (settings[0] if settings else 0), f"{one.brings}\n"
    place = analysed.positions.position(at)
    return [types.TextEdit(types.Range(place, place), line)]
