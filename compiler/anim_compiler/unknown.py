"""What to say of settings and statements that there are not."""

from __future__ import annotations

from anim_compiler.findings import Findings
from anim_compiler.names import did_you_mean
from anim_compiler.setting import Entry
from anim_dsl.diagnostic import Edit
from anim_dsl.settings import SETTINGS, names
from anim_dsl.syntax import Word
from anim_dsl.words import WORDS

BLOCKS = ("camera", "coherence", "diffuse", "prompt")
"""Blocks that a film has at most one of."""


def unknown_setting(findings: Findings, block: str, entry: Entry) -> None:
    """Says that a block has no such setting, and which was probably meant."""
    other = {"camera 2d": "camera 3d", "camera 3d": "camera 2d"}.get(block)
    if other is not None and entry.name in names(other):
        findings.error("E2021", entry.at, f"`{entry.name}` belongs to `{other}`, and this is a `{block}`")
        return
    where = "" if block == "film" else f" of `{block}`"
    hint = did_you_mean(entry.name, names(block))
    near = hint.split("`")[1] if hint else ""
    edit = Edit(entry.at, near) if near and findings.source.slice(entry.at) == entry.name else None
    if not hint:
        hint = _elsewhere(block, entry.name)
    findings.error("E2003", entry.at, f"there is no setting `{entry.name}`{where}", hint=hint, edit=edit)


def _elsewhere(block: str, name: str) -> str:
    """In which other block a setting stands."""
    owners = [owner for owner in (*BLOCKS, "camera 2d", "camera 3d", "output") if (owner, name) in SETTINGS]
    if block == "film" and owners:
        return f"it stands in `{sorted(owners)[0]} {{ … }}`"
    if ("film", name) in SETTINGS:
        return "it stands at the top of the file, outside the block"
    if WORDS.get(name) is not None:
        return f"`{name}` is a statement: write `{name} {WORDS[name].head}`"
    return "to name a curve of your own, write `let`" if block == "film" else ""


def unknown_word(findings: Findings, statement: Word) -> None:
    """Says that there is no such statement, and which was probably meant."""
    word = statement.word.text
    hint = did_you_mean(word, [*WORDS, "let", "def"])
    if ("film", word) in SETTINGS:
        findings.error("E2011", statement.word.span, f"`{word}` is a setting", hint=f"write `{word} = …`")
        return
    near = hint.split("`")[1] if hint else ""
    edit = Edit(statement.word.span, near) if near else None
    findings.error("E2004", statement.word.span, f"there is no statement `{word}`", hint=hint, edit=edit)
