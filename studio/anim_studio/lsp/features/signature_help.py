"""Signature help: the parameters of the call that is being written, and which of them comes now."""

from __future__ import annotations

from lsprotocol import types

from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.at import at
from anim_studio.lsp.named import visible
from anim_studio.lsp.signatures import Signature, signature


def signature_help(analysed: Analysed, params: types.SignatureHelpParams) -> types.SignatureHelp | None:
    """The answer to `textDocument/signatureHelp`."""
    offset = analysed.positions.offset(params.position)
    found = at(analysed.text, offset)
    call = found.argument
    if call is None or found.place in ("comment", "text"):
        return None
    known = signature(call, found.block.context, visible(analysed, offset))
    if known is None:
        return None
    active = known.active(call)
    return types.SignatureHelp([_shown(known, active)], active_signature=0, active_parameter=active)


def _shown(known: Signature, active: int | None) -> types.SignatureInformation:
    parameters = [
        types.ParameterInformation(span, _markdown(says) if says else None)
        for span, (_, says) in zip(known.spans(), known.parameters, strict=True)
    ]
    says = _markdown(known.says) if known.says else None
    return types.SignatureInformation(known.label, says, parameters, active)


def _markdown(text: str) -> types.MarkupContent:
    return types.MarkupContent(types.MarkupKind.Markdown, text)
