"""Statements under the names that other languages and programs have for them."""

from __future__ import annotations

from dataclasses import replace

from anim_dsl import syntax
from anim_dsl.diagnostic import Edit
from anim_dsl.findings import Findings
from anim_dsl.syntax import Statement

PROMPTS = frozenset({"prompts", "animation_prompts", "positive_prompts", "prompt_map", "promptMap"})
"""What other programs call the list of prompts."""

_LETS = frozenset({"var", "const", "val", "float", "int", "local"})


def foreign_word(word: syntax.Word, findings: Findings) -> Statement | None:
    """`var a = 2` as `let a = 2`, `prompts { … }` as `prompt { … }`, reported; None for any other."""
    name = word.head[0] if len(word.head) == 1 else None
    called = word.word
    if called.text in _LETS and isinstance(name, syntax.Name) and word.value is not None and not word.block:
        value = findings.source.slice(word.value.span)
        written = f"let {name.text} = {value if len(value) < 40 else '…'}"
        findings.error(
            "E2004",
            called.span,
            f"there is no statement `{called.text}`",
            hint=f"write `{written}`",
            edit=Edit(called.span, "let"),
        )
        return syntax.Let(name, word.value, word.span)
    return None


def foreign_block(setting: syntax.Setting, findings: Findings) -> Statement | None:
    """`prompts { 0s: "a" }` as `prompt { 0s: "a" }`, reported; None for any other."""
    called = setting.name
    keys = setting.value
    if called.text not in PROMPTS or not isinstance(keys, syntax.Keys) or setting.block is not None:
        return None
    if findings.source.text[called.span.end : keys.span.start + 1].strip()[:1] != "{":
        return None
    findings.error(
        "E1054",
        called.span,
        f"`{called.text}` is `prompt` here",
        hint="write `prompt { … }`",
        edit=Edit(called.span, "prompt"),
    )
    block = syntax.Block((syntax.KeyLine(keys, keys.span),), keys.span)
    return syntax.Word(replace(called, path=("prompt",)), (), None, block, setting.span)
