"""What the server can do, one row a method: the one place where a feature is registered.

A feature of a document is a function `(analysed, params) -> result` in a module of
`anim_studio.lsp.features`; it runs on a thread of its own, so that a slow one keeps nobody waiting, and is
pure: what it knows besides its document is on `analysed.desk`. One without a document (`of="desk"`: a
resolve, a workspace request) is a function `(desk, params) -> result`. A command is a function
`(desk, *arguments) -> result`.

Modules are imported when they are first asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from lsprotocol import types

from anim_studio.lsp.legend import LEGEND


@dataclass(frozen=True, slots=True)
class Feature:
    """A method and the function that answers it, as `module:function` below `anim_studio.lsp.features`.

    While someone types, its document may be one that was only parsed; one that `waits` "briefly" is given a
    moment for it to be checked, one that waits "long" is asked only then. `options` are what is told of it
    when the client connects.
    """

    method: str
    function: str
    options: Any = None
    of: Literal["document", "desk"] = "document"
    waits: Literal["no", "briefly", "long"] = "no"


@dataclass(frozen=True, slots=True)
class Command:
    """A command of `workspace/executeCommand` and its function, written as a feature's."""

    name: str
    function: str


FEATURES: tuple[Feature, ...] = (
    # --- structure ---
    Feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, "symbols:document_symbols"),
    Feature(types.TEXT_DOCUMENT_FOLDING_RANGE, "folding:folding_ranges"),
    Feature(types.TEXT_DOCUMENT_SELECTION_RANGE, "selection:selection_ranges"),
    Feature(
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL,
        "tokens:semantic_tokens",
        LEGEND,
    ),
    Feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, "tokens:semantic_tokens_in", LEGEND),
    Feature(
        types.TEXT_DOCUMENT_DOCUMENT_LINK,
        "links:document_links",
        types.DocumentLinkOptions(resolve_provider=False),
    ),
    # --- names ---
    Feature(types.TEXT_DOCUMENT_DEFINITION, "definition:definition"),
    Feature(types.TEXT_DOCUMENT_REFERENCES, "references:references"),
    Feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, "references:highlights"),
    Feature(
        types.TEXT_DOCUMENT_RENAME,
        "renaming:rename",
        types.RenameOptions(prepare_provider=True),
        waits="long",
    ),
    Feature(types.TEXT_DOCUMENT_PREPARE_RENAME, "renaming:prepare", waits="long"),
    Feature(types.WORKSPACE_SYMBOL, "symbols:workspace_symbols", of="desk"),
    # --- mending and layout ---
    Feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        "actions:code_actions",
        types.CodeActionOptions(
            code_action_kinds=[types.CodeActionKind.QuickFix, "source.fixAll.anim"], resolve_provider=False
        ),
        waits="long",
    ),
    Feature(types.TEXT_DOCUMENT_FORMATTING, "formatting:formatting", waits="long"),
    Feature(types.TEXT_DOCUMENT_RANGE_FORMATTING, "formatting:range_formatting", waits="long"),
    Feature(types.TEXT_DOCUMENT_WILL_SAVE_WAIT_UNTIL, "formatting:on_save", waits="long"),
    # --- what stands at the cursor ---
    Feature(types.TEXT_DOCUMENT_HOVER, "hover:hover", waits="briefly"),
    Feature(
        types.TEXT_DOCUMENT_COMPLETION,
        "completion:completion",
        # no sign that lines end with: the Enter that ends one would take what is suggested first
        types.CompletionOptions(trigger_characters=[".", '"', "(", ":", " ", "/"], resolve_provider=True),
    ),
    Feature(types.COMPLETION_ITEM_RESOLVE, "completion:resolve", of="desk"),
    Feature(
        types.TEXT_DOCUMENT_SIGNATURE_HELP,
        "signature_help:signature_help",
        types.SignatureHelpOptions(trigger_characters=["(", ","]),
    ),
    Feature(types.TEXT_DOCUMENT_INLAY_HINT, "inlay:inlay_hints", waits="briefly"),
    Feature(types.TEXT_DOCUMENT_DOCUMENT_COLOR, "colours:document_colours"),
    Feature(types.TEXT_DOCUMENT_COLOR_PRESENTATION, "colours:presentations"),
    Feature(
        types.TEXT_DOCUMENT_CODE_LENS,
        "lenses:code_lenses",
        types.CodeLensOptions(resolve_provider=False),
        waits="briefly",
    ),
    Feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL, "running:cancel", of="desk"),
)

COMMANDS: tuple[Command, ...] = (
    Command("anim.explain", "explaining:explain"),
    Command("anim.renderScene", "running:render_scene"),
    Command("anim.previewScene", "running:preview_scene"),
    Command("anim.plotScene", "running:plot_scene"),
)
