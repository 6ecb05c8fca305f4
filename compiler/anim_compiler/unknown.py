"""What to say of settings and statements that there are not."""

from __future__ import annotations

from anim_compiler.advice import brought
from anim_compiler.findings import Findings
from anim_compiler.names import did_you_mean
from anim_compiler.setting import Entry
from anim_dsl.diagnostic import Edit
from anim_dsl.foreign import foreign
from anim_dsl.settings import SETTINGS, names
from anim_dsl.syntax import Word
from anim_dsl.words import WORDS

BLOCKS = ("camera", "coherence", "diffuse", "grade", "prompt")
"""Blocks that a film has at most one of."""

#: film terms of a 3d camera: what a 2d one has instead
_FLAT = {"dolly": "zoom", "pan": "truck", "tilt": "pedestal"}


def unknown_setting(findings: Findings, block: str, entry: Entry) -> None:
    """Says that a block has no such setting, and which was probably meant."""
    other = {"camera 2d": "camera 3d", "camera 3d": "camera 2d"}.get(block)
    if other is not None and entry.name in names(other):
        instead = _FLAT.get(entry.name) if block == "camera 2d" else None
        hint = f"write `{instead}`, or make it a `{other}`" if instead else f"write `{other} {{ … }}`"
        message = f"`{entry.name}` belongs to `{other}`, and this is a `{block}`"
        findings.error("E2021", entry.at, message, hint=hint)
        return
    where = "" if block == "film" else " of a scene" if block == "scene" else f" of `{block}`"
    known = brought.place(block, entry.name) or foreign(entry.name)
    hint = "" if known or findings.flooded else did_you_mean(entry.name, names(block))
    near = hint.split("`")[1] if hint else ""
    edit = Edit(entry.at, near) if near and findings.sources.slice(entry.at) == entry.name else None
    if not hint:
        hint = _own_value(findings, entry, known) or _elsewhere(block, entry.name)
    findings.error("E2003", entry.at, f"there is no setting `{entry.name}`{where}", hint=hint, edit=edit)


def _own_value(findings: Findings, entry: Entry, hint: str) -> str:
    """A hint such as "write `steps = 25` in `diffuse { }`" with the value that the film gives."""
    if entry.name == "mask":
        return hint.replace("mask = hole", f"mask = {findings.text(entry.value.span, 30)}")
    example = f"`{entry.name} = "
    if not hint.startswith(f"write {example}"):
        return hint
    _, _, rest = hint.partition(example)
    return f"write {example}{findings.text(entry.value.span, 30)}`{rest.partition('`')[2]}"


def _elsewhere(block: str, name: str) -> str:
    """In which other block a setting stands."""
    places = ("camera 2d", "camera 3d", "diffuse", "coherence", "grade", "prompt", "layer", "output")
    owners = [owner for owner in places if (owner, name) in SETTINGS]
    if ("film", name) in SETTINGS:
        where = "scenes and blocks" if block == "scene" else "the block"
        return f"it stands at the top of the file, outside {where}"
    if owners:
        return f"it stands in `{owners[0]} {{ … }}`"
    if WORDS.get(name) is not None:
        return f"`{name}` is a statement: write `{name} {WORDS[name].head}`"
    return "to name a curve of your own, write `let`" if block in ("film", "scene") else ""


def unknown_word(findings: Findings, statement: Word) -> None:
    """Says that there is no such statement, and which was probably meant."""
    word = statement.word.text
    hint = did_you_mean(word, [*WORDS, "let", "def"])
    if ("film", word) in SETTINGS:
        findings.error("E2011", statement.word.span, f"`{word}` is a setting", hint=f"write `{word} = …`")
        return
    near = hint.split("`")[1] if hint else ""
    kind, _, name = word.partition(".")
    if name and kind in WORDS and statement.block is not None:
        near = f"{kind} {name}"
        hint = f"write `{near} {{ … }}`"
    edit = Edit(statement.word.span, near) if near else None
    hint = hint or foreign(word)
    findings.error("E2004", statement.word.span, f"there is no statement `{word}`", hint=hint, edit=edit)
