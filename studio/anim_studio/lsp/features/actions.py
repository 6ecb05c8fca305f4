"""What an editor offers to do about a diagnostic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from lsprotocol import types

from anim_dsl.diagnostic import Diagnostic, Edit
from anim_dsl.edit import compatible
from anim_dsl.source import Source, Span
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.diagnostics import diagnostics_of, is_own
from anim_studio.lsp.rewriting import as_text_edits, edits_between

FIX_ALL: Final = "source.fixAll.anim"
_LONGEST: Final = 40


def code_actions(made: Analysed, params: types.CodeActionParams) -> list[types.CodeAction]:
    """The edits that diagnostics in a range carry, and what explains them; where `source.fixAll` is asked
    for, all that `anim check --fix` mends.
    """
    only = params.context.only
    actions: list[types.CodeAction] = []
    if only is None or any(_within(types.CodeActionKind.QuickFix, kind) for kind in only):
        actions += _quick_fixes(made, made.positions.span(params.range))
    if only is not None and any(_within(FIX_ALL, kind) for kind in only):
        actions += _fix_all(made)
    return actions


def _within(kind: str, wanted: str) -> bool:
    """Whether a kind is the wanted one, or one of its own: `source.fixAll.anim` is one of `source`."""
    wanted = getattr(wanted, "value", wanted)
    kind = getattr(kind, "value", kind)
    return not wanted or kind == wanted or kind.startswith(f"{wanted}.")


# --- one after the other ---


def _quick_fixes(made: Analysed, range: Span) -> Iterator[types.CodeAction]:
    rows = list(zip(made.diagnostics, diagnostics_of(made), strict=True))
    counts = Counter(found.code for found, _ in rows if found.edit is not None and is_own(found, made))
    told: set[str] = set()
    for found, shown in rows:
        if not _touches(made.positions.span(shown.range), range):
            continue
        if found.edit is not None and is_own(found, made):
            yield _action(_title(found.edit, made.source), (found.edit,), [shown], made, preferred=True)
            if counts[found.code] > 1 and found.code not in told:
                yield _all_of(found.code, rows, made)
        if found.code not in told:
            told.add(found.code)
            yield _explaining(found.code, shown)


def _touches(a: Span, b: Span) -> bool:
    return a.start <= b.end and b.start <= a.end


def _all_of(
    code: str, rows: Sequence[tuple[Diagnostic, types.Diagnostic]], made: Analysed
) -> types.CodeAction:
    alike = [
        (found.edit, shown)
        for found, shown in rows
        if found.code == code and found.edit is not None and is_own(found, made)
    ]
    edits = compatible(edit for edit, _ in alike)
    title = f"mend all {len(alike)} of {code}"
    return _action(title, edits, [shown for _, shown in alike], made, preferred=False)


def _explaining(code: str, shown: types.Diagnostic) -> types.CodeAction:
    title = f"explain {code}"
    return types.CodeAction(
        title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[shown],
        command=types.Command(title, "anim.explain", arguments=[code]),
    )


def _title(edit: Edit, source: Source) -> str:
    """What an edit does, in a few words."""
    old, new = _short(source.slice(edit.span)), _short(edit.text)
    if not old:
        return f"write {new}"
    return f"replace {old} with {new}" if new else f"take away {old}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        return ""
    return f"`{words if len(words) <= _LONGEST else words[: _LONGEST - 1] + '…'}`"


# --- all at once ---


def _fix_all(made: Analysed) -> list[types.CodeAction]:
    from anim_studio.cli.checking import Text, mend

    mended = mend(Text(made.path, made.source, made.world))
    edits = edits_between(made.text, mended.text.source.text)
    if not edits:
        return []
    title = "mend all that is certain"
    action = _action(title, edits, [], made, preferred=False)
    action.kind = FIX_ALL
    return [action]


def _action(
    title: str,
    edits: Sequence[Edit],
    diagnostics: list[types.Diagnostic],
    made: Analysed,
    *,
    preferred: bool,
) -> types.CodeAction:
    changes = {made.uri: as_text_edits(edits, made.positions)}
    return types.CodeAction(
        title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=diagnostics or None,
        is_preferred=preferred or None,
        edit=types.WorkspaceEdit(changes=changes),
    )
