"""`anim.explain`: the page of a code, for editors."""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from anim_dsl.codes import page
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.refused import RefusedError
from anim_studio.lsp.telling.language import of_page


def explain(desk: Desk, code: Any = None, *_: Any) -> str:
    """The page of a code as Markdown, which is shown as a message too (Any: whatever a client sends)."""
    found = page(code) if isinstance(code, str) else None
    if found is None:
        raise RefusedError("`anim.explain` needs a code, like `E2003`")
    text = f"{found.code}: {found.title}\n\n{found.text}"
    desk.notify(types.WINDOW_SHOW_MESSAGE, types.ShowMessageParams(types.MessageType.Info, text))
    return of_page(found, examples=True)
