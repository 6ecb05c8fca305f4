"""A name changed wherever it is spoken of, in every film that can."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lsprotocol import types

from anim_compiler.names import BUILT_IN
from anim_dsl.source import Span
from anim_dsl.tokens import RESERVED
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.finding import Found, meanings_of, places_of
from anim_studio.lsp.meaning import Meanings, Meant
from anim_studio.lsp.names import VALUES, Definition, Kind
from anim_studio.lsp.positions import Positions
from anim_studio.lsp.refused import RefusedError
from anim_studio.lsp.standard import standard_name

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORD: Final = re.compile(r"[^\W\d]\w*")
#: steps of a pipeline that the language knows by these names
_STEPS: Final = frozenset({"carry", "frame"})


def prepare(made: Analysed, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder:
    """The name at the cursor, if it can be changed. RefusedError says why not."""
    meanings = meanings_of(made)
    meant, span = _meant(made, meanings, made.positions.offset(params.position))
    return types.PrepareRenamePlaceholder(made.positions.range(span), meant.definition.name)


def rename(made: Analysed, params: types.RenameParams) -> types.WorkspaceEdit:
    """The edits that give what is at the cursor another name. RefusedError says why that cannot be."""
    meanings = meanings_of(made)
    meant, _ = _meant(made, meanings, made.positions.offset(params.position))
    new = params.new_name
    if new == meant.definition.name:
        return types.WorkspaceEdit(changes={})
    _refuse_name(new, meant.definition)
    files = tuple(places_of(meant, meanings, made))
    for found in files:
        _refuse_taken(new, meant, found)
    return _edit(made, meanings, files, new)


def _meant(made: Analysed, meanings: Meanings, offset: int) -> tuple[Meant, Span]:
    found = meanings.at(offset)
    if found is None:
        raise RefusedError(_no_name(made, offset))
    meant, span = found
    definition = meant.definition
    library = standard_name(meant.path)
    if library is not None:
        raise RefusedError(f"`{definition.name}` is part of `{library}`, which comes with anim")
    if definition.kind is Kind.STEP and definition.name in _STEPS:
        raise RefusedError(f"`{definition.name}` is what a pipeline gives, and keeps its name")
    if definition.kind is Kind.EMBEDDING:
        raise RefusedError(
            f"prompts call the embedding `{definition.name}`: change its name and theirs by hand"
        )
    return meant, span


def _no_name(made: Analysed, offset: int) -> str:
    text = made.text
    start, end = text.rfind("\n", 0, offset) + 1, text.find("\n", offset)
    words = _WORD.finditer(text, start, len(text) if end < 0 else end)
    word = next((each[0] for each in words if each.start() <= offset <= each.end()), "")
    if not word:
        return "no name stands here; put the cursor on one that the film gives"
    if word in BUILT_IN or word in RESERVED:
        return f"`{word}` is a name of the language; only names that a film gives can be changed"
    return f"`{word}` is no name that the film gives, like that of a `let` or a scene"


def _refuse_name(new: str, definition: Definition) -> None:
    if not _NAME.fullmatch(new):
        raise RefusedError(f"`{new}` cannot be a name: write letters, digits and `_`, and no digit first")
    if new in RESERVED:
        raise RefusedError(f"`{new}` cannot be a name: it is a word of the language; try `my_{new}`")
    if definition.kind in VALUES | {Kind.SCENE} and new in BUILT_IN:
        raise RefusedError(f"`{new}` is a name of the language already; try `my_{new}`")
    if definition.kind is Kind.CAMERA and new == "none":
        raise RefusedError("a camera cannot be called `none`, which means that there is none")


def _refuse_taken(new: str, meant: Meant, found: Found) -> None:
    """Refuses a name that means something else, or is spoken of, where this one can be seen."""
    names, definition = found.names, meant.definition
    called = names.source.name
    if not names.is_whole:
        raise RefusedError(f"`{called}` cannot be read everywhere; mend its syntax first, then rename")
    is_home = found.path == meant.path
    if not is_home and (definition.owner or not found.meanings.takes(meant.path)):
        # it stands behind the name of its file there, or names an argument
        return
    taken = any(_collides(new, other, definition, is_home=is_home) for other in names.definitions)
    if taken or (definition.kind in VALUES and found.meanings.imports(new)):
        raise RefusedError(f"`{new}` is a name in `{called}` already; choose another")
    scope = definition.scope if is_home else Span(0, len(names.source.text))
    for mention in names.mentions:
        inside = scope.start <= mention.at.start <= scope.end and not mention.called
        if mention.path[0] == new and inside and any(definition.kind in kinds for kinds in mention.of):
            raise RefusedError(f"`{called}` speaks of something called `{new}`; choose another name")


def _collides(new: str, other: Definition, definition: Definition, *, is_home: bool) -> bool:
    if other.name != new or other.at == definition.at:
        return False
    shared = VALUES | {Kind.SCENE}
    if other.kind not in shared or definition.kind not in shared:
        return other.kind is definition.kind
    # in another file it is seen everywhere
    return not is_home or (
        other.scope.start <= definition.scope.end and definition.scope.start <= other.scope.end
    )


# --- edits ---


def _edit(made: Analysed, meanings: Meanings, files: Sequence[Found], new: str) -> types.WorkspaceEdit:
    changes: dict[str, list[types.TextEdit]] = {}
    for found in files:
        if not found.spans:
            continue
        is_own = found.path == meanings.path
        uri = made.uri if is_own else made.desk.uri(found.path)
        positions = made.positions if is_own else Positions(found.names.source.text, made.desk.encoding)
        changes[uri] = [types.TextEdit(positions.range(span), new) for span in found.spans]
    if not _takes_versions(made):
        return types.WorkspaceEdit(changes=changes)
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(uri, made.version if uri == made.uri else None),
                list(edits),
            )
            for uri, edits in changes.items()
        ]
    )


def _takes_versions(made: Analysed) -> bool:
    space = made.desk.client.workspace
    return (
        space is not None and space.workspace_edit is not None and bool(space.workspace_edit.document_changes)
    )
