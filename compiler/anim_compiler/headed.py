"""Statements with a head: cameras, pipelines, variants, and blocks that have names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anim_compiler.env import Env
from anim_compiler.levels import CameraPart, Level, Part, PipelinePart, VariantPart
from anim_dsl.diagnostic import Label
from anim_dsl.source import Span
from anim_dsl.syntax import Dimension, Name, Setting, Word

if TYPE_CHECKING:
    from anim_compiler.collect import Collector


# --- cameras ---


def camera(collect: Collector, statement: Word, level: Level, env: Env, used: bool) -> None:
    """`camera 3d { … }`, `camera NAME 3d { … }`; in a scene or template also `camera { … }`."""
    axes = [head.axes for head in statement.head if isinstance(head, Dimension)]
    names = [head for head in statement.head if isinstance(head, Name) and len(head.path) == 1]
    odd = len(axes) + len(names) != len(statement.head) or len(axes) > 1 or len(names) > 1
    follows = not axes and not names and (used or level.name == "scene")
    if odd or statement.value is not None or not (follows or (axes and axes[0] in (2, 3))):
        named = f" {names[0].text}" if len(names) == 1 else ""
        collect.findings.error(
            "E2011",
            statement.word.span,
            "a camera is `2d` or `3d`",
            hint=f"write `camera{named} 2d {{ … }}` or `camera{named} 3d {{ … }}`",
        )
        return
    part = _named(collect, names[0], level, axes[0]) if names else _own(collect, statement, level, axes, used)
    if part is None:
        return
    collect.has_block(statement)
    body = statement.block.statements if statement.block else ()
    inner = collect.scope_of(body, env)
    for row in body:
        collect.in_block(row, "camera", part.entries, inner, None)


def _named(collect: Collector, name: Name, level: Level, axes: int) -> CameraPart | None:
    if level.name != "film":
        collect.findings.error(
            "E2011",
            name.span,
            "a camera with a name stands outside scenes",
            hint=f"move it to the top, and choose it with `camera = {name.text}`",
        )
        return None
    first = collect.found.cameras.get(name.text)
    if first is not None or name.text == "none":
        collect.findings.error(
            "E2007",
            name.span,
            f"there are two cameras called `{name.text}`" if first else "a camera cannot be called `none`",
            labels=(Label(first.at, "the first one"),) if first else (),
            hint="give one of them another name" if first else "give it another name",
        )
        return None
    part = CameraPart(name.span, name.text, axes)
    collect.found.cameras[name.text] = part
    return part


def _own(collect: Collector, statement: Word, level: Level, axes: list[int], used: bool) -> CameraPart | None:
    at = statement.word.span
    if not used and "camera" in level.blocks:
        label = Label(level.blocks["camera"], "the first one")
        hint = "write what is in them into one, or name them: `camera NAME 3d { … }`"
        collect.findings.error("E2005", at, "there are two `camera` blocks", labels=(label,), hint=hint)
        return None
    if not used:
        level.blocks["camera"] = at
    part = collect.camera_part(level, at)
    if axes and part.axes not in (None, axes[0]):
        label = Label(part.at, f"this one is `{part.axes}d`")
        hint = f"write `camera {{ … }}` in the template, or `camera {part.axes}d {{ … }}`"
        collect.findings.error("E2034", at, "the camera cannot be 2d and 3d", labels=(label,), hint=hint)
        return None
    if axes:
        part.axes, part.at = axes[0], at
    return part


# --- blocks with names ---


def part(collect: Collector, statement: Word, level: Level, env: Env) -> None:
    """`control depth front { … }`, `lora grain = "…" { … }`, `layer mark { … }`."""
    word = statement.word.text
    names = [head for head in statement.head if isinstance(head, Name) and len(head.path) == 1]
    most = 2 if word == "control" else 1
    if not names or len(names) != len(statement.head) or len(names) > most:
        hint = {
            "control": "write `control depth { weight = 0.8 }`",
            "lora": 'write `lora grain = "grain.safetensors" { weight = 0.6 }`',
            "embedding": 'write `embedding style = "style.safetensors"`',
            "layer": "write `layer mark { source = logo }`",
        }[word]
        collect.findings.error("E2011", statement.word.span, f"`{word}` needs a name", hint=hint)
        return
    name = names[-1].text
    first = level.parts.get((word, name))
    if first is not None:
        collect.findings.error(
            "E2007",
            names[-1].span,
            f"there are two `{word} {name}`",
            labels=(Label(first.at, "the first one"),),
            hint="write what is in them into one, or give one of them another name",
        )
        return
    made = Part(word, names[0].text, name, names[-1].span, statement.span, env)
    made.value, made.env = (
        (statement.value, env) if statement.value is None else collect.written(statement.value, env)
    )
    made.removed = isinstance(made.value, Name) and made.value.text == "none"
    level.parts[word, name] = made
    body = statement.block.statements if statement.block else ()
    inner = collect.scope_of(body, env)
    for row in body:
        collect.in_block(row, word, made.entries, inner, None)


def changed(collect: Collector, level: Level, word: str, name: str, at: Span, env: Env) -> Part:
    """The block that `control.depth.weight = …` speaks of, made if only another level has it."""
    known = level.parts.get((word, name))
    if known is None:
        known = level.parts[word, name] = Part(word, name, name, at, at, env)
    return known


# --- pipelines and variants ---


def pipeline(collect: Collector, statement: Word, level: Level, env: Env, used: bool) -> None:
    """`pipeline { … }`: its steps are read later, by the level's own clock."""
    at = statement.word.span
    if level.pipeline is not None:
        collect.findings.error(
            "E2005",
            at,
            "there are two `pipeline` blocks",
            labels=(Label(level.pipeline.at, "the first one"),),
            hint="write what is in them into one",
        )
        return
    collect.block_only(statement, "pipeline")
    body = statement.block.statements if statement.block else ()
    level.pipeline = PipelinePart(at, statement.span, collect.scope_of(body, env), body)


def variant(collect: Collector, statement: Word, env: Env) -> None:
    """`variant { seed = [1, 2]; diffuse.cfg_scale = [5, 7.5] }`."""
    at = statement.word.span
    if "variant" in collect.found.film.blocks:
        label = Label(collect.found.film.blocks["variant"], "the first one")
        hint = "write what is in them into one"
        collect.findings.error("E2005", at, "there are two `variant` blocks", labels=(label,), hint=hint)
        return
    collect.found.film.blocks["variant"] = at
    collect.block_only(statement, "variant")
    for row in statement.block.statements if statement.block else ():
        if not isinstance(row, Setting) or row.op != "=" or row.block is not None:
            hint = "write a setting and its values: `seed = [1, 2, 3]`"
            collect.findings.error("E2011", row.span, "this does not stand in `variant`", hint=hint)
            continue
        collect.found.variants.append(VariantPart(row.name.path, row.name.span, row.value, env))
