"""Where a name is defined."""

from __future__ import annotations

from lsprotocol.types import DefinitionParams, Location, Position, Range

from anim_dsl.syntax import Text, Word
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.finding import meanings_of
from anim_studio.lsp.meaning import Meanings
from anim_studio.lsp.positions import Positions


def definition(made: Analysed, params: DefinitionParams) -> Location | None:
    """The place where the name at the cursor is given, or the file that an `import` names."""
    meanings = meanings_of(made)
    offset = made.positions.offset(params.position)
    found = meanings.at(offset)
    if found is None:
        return _imported(made, meanings, offset)
    meant, _ = found
    if meant.path == meanings.path:
        return Location(made.uri, made.positions.range(meant.definition.at))
    positions = Positions(meant.names.source.text, made.desk.encoding)
    return Location(made.desk.uri(meant.path), positions.range(meant.definition.at))


def _imported(made: Analysed, meanings: Meanings, offset: int) -> Location | None:
    for statement in made.document.statements:
        head = statement.head[0] if isinstance(statement, Word) and statement.head else None
        is_import = isinstance(statement, Word) and statement.word.text == "import"
        if is_import and isinstance(head, Text) and head.span.start <= offset <= head.span.end:
            path = meanings.file(head.plain or "")
            start = Range(Position(0, 0), Position(0, 0))
            return None if path is None else Location(made.desk.uri(path), start)
    return None
