"""The standard library: its files, and the templates and functions in them with the comments above each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from anim_grammar.files import read
from anim_studio.explain.layout import Style, code, paragraph, rows, title

_HEAD = re.compile(r"\A((?:#[^\n]*\n)+)")
_NAME = re.compile(r"\Astd:\w+: ")
_GIVEN = re.compile(r"^((?:#[^\n]*\n)*)(template|def) ((\w+)\(([^)]*)\))([^\n]*)", re.MULTILINE)
_HEARD = re.compile(r"\b(?:bass|beat|downbeat)\b")
_AXES = re.compile(r"For `camera (2d|3d)`( and `camera 3d`)?\.|For both\.")

#: what stands for a parameter that has no default, in an example
_STANDS_FOR = MappingProxyType({"trigger": "beat", "x": "bass"})


@dataclass(frozen=True, slots=True)
class Given:
    """A template or function of a standard file; `axes` are the cameras that a template is for."""

    module: str
    kind: str
    name: str
    signature: str
    help: str
    axes: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Module:
    """A standard file; one that gives nothing is a pipeline, which is copied and not imported."""

    name: str
    help: str
    example: str
    given: tuple[Given, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Member:
    """A name behind a point: of the film, or of a scene."""

    name: str
    help: str
    example: str


@cache
def modules() -> Mapping[str, Module]:
    """Every standard file by name, without its `std:`."""
    folder = resources.files("anim_grammar").joinpath("std")
    names = sorted(f.name.removesuffix(".anim") for f in folder.iterdir() if f.name.endswith(".anim"))
    return MappingProxyType({name: _module(name, read(f"std/{name}.anim")) for name in names})


@cache
def given() -> Mapping[str, Given]:
    """Every template and function of the standard files by name."""
    return MappingProxyType({item.name: item for module in modules().values() for item in module.given})


def found(name: str) -> tuple[Module | Given, ...]:
    """What a name means in the library: `std:shake`, `handheld`, `shake.handheld`."""
    bare = name.removeprefix("std:")
    if name != bare and bare in modules():
        return (modules()[bare],)
    owner, _, last = bare.rpartition(".")
    item = given().get(last)
    if item is not None and owner in ("", "std", item.module):
        return (item,)
    module = modules().get(name)
    return (module,) if module is not None and module.given else ()


def module_lines(style: Style, module: Module) -> list[str]:
    """A standard file: what it is for, how it is imported, and all that it gives."""
    kind = "a standard file" if module.given else "a standard pipeline"
    lines = [title(style, f"std:{module.name}", kind), "", *paragraph(style, module.help), ""]
    if not module.given:
        return [*lines, *code(style, _HEAD.sub("", module.text))]
    lines += [*rows(style, [(g.signature, told(g)) for g in module.given]), ""]
    without = "Without `as` the names come in bare; with `as NAME` they are written `NAME.…`."
    return [*lines, *paragraph(style, without), "", *code(style, module.example)]


def given_lines(style: Style, item: Given) -> list[str]:
    """A template or function of a standard file."""
    kind = "a template" if item.kind == "template" else "a function"
    lines = [title(style, item.signature, f"{kind} of std:{item.module}"), ""]
    lines += [*paragraph(style, item.help), ""]
    shown = "" if "camera" in item.help else cameras(item)
    facts = [("import", f'`import "std:{item.module}" as {item.module}`'), ("for", shown)]
    return [*lines, *rows(style, facts), "", *code(style, item.example)]


def member_lines(style: Style, member: Member) -> list[str]:
    """A name behind a point."""
    lines = [title(style, member.name, "a member"), "", *paragraph(style, member.help), ""]
    return [*lines, *code(style, member.example)]


def library_lines(style: Style) -> list[str]:
    """Every standard file with what it gives; the pipelines come last."""
    lines: list[str] = []
    for module in sorted(modules().values(), key=lambda m: (not m.given, m.name)):
        head = style.paint(f"std:{module.name}", "bold")
        lines += [head, *paragraph(style, module.help, "  ")]
        lines += [*rows(style, [(g.signature, told(g)) for g in module.given]), ""]
    return lines[:-1]


def told(item: Given) -> str:
    """The comment above a template or function, with the cameras that it is for."""
    shown = cameras(item)
    return item.help if not shown or "camera" in item.help else f"{item.help} For {shown}."


def cameras(item: Given) -> str:
    """The cameras that a template is for, in words; empty for a function."""
    return " and ".join(f"`camera {axes}`" for axes in item.axes)


def _module(name: str, text: str) -> Module:
    head = _HEAD.match(text)
    lines = [line[1:].removeprefix(" ") for line in head[1].splitlines()] if head else []
    about = " ".join(line for line in lines if line and not line.startswith("  "))
    about = _NAME.sub("", about)
    example = "\n".join(line.strip() for line in lines if line.startswith("  "))
    items = tuple(_given(name, about, *match.groups()) for match in _GIVEN.finditer(text))
    return Module(name, about[:1].upper() + about[1:], example, items, text)


def _given(
    module: str,
    about: str,
    comment: str,
    kind: str,
    signature: str,
    name: str,
    takes: str,
    body: str,
) -> Given:
    help = " ".join(line.lstrip("# ") for line in comment.splitlines())
    axes = (_axes(help) or _axes(about)) if kind == "template" else ()
    kept = help.replace("For both.", "").strip()
    wanted = [p.strip() for p in takes.split(",") if p.strip() and "=" not in p]
    given = ", ".join("u" if module == "ease" else _STANDS_FOR.get(p, p) for p in wanted)
    call = f"{module}.{name}({given})"
    used = f"camera {axes[0]} {{ use {call} }}" if axes else f"let value = {call}"
    song = 'audio song = "song.ogg"\n' if _HEARD.search(f"{used} {body}") else ""
    example = f'import "std:{module}" as {module}\n{song}{used}'
    return Given(module, kind, name, signature, kept, axes, example)


def _axes(text: str) -> tuple[str, ...]:
    match = _AXES.search(text)
    if match is None:
        return ()
    return (match[1],) if match[1] and not match[2] else ("2d", "3d")
