"""Settings of one block: found in the table, under their own names, each set once."""

from __future__ import annotations

from collections.abc import Iterable

from anim_compiler.findings import Findings
from anim_compiler.setting import Entry
from anim_compiler.unknown import unknown_setting
from anim_dsl.diagnostic import Label
from anim_dsl.settings import ALIASES, SETTINGS, SettingSpec

#: kinds of settings that are numbers, which `+=` and `*=` change
_ADDED = frozenset({"number", "int", "time", "angle", "px", "ratio", "frequency"})


def resolved(findings: Findings, block: str, written: Iterable[Entry]) -> list[Entry]:
    """The settings of a block in written order; what has no place there is reported and left out."""
    rows: list[Entry] = []
    for entry in written:
        add(findings, block, entry, rows)
    return rows


def add(findings: Findings, block: str, entry: Entry, rows: list[Entry]) -> None:
    """Adds a setting to those of its block."""
    spec, rule = ALIASES.get((block, entry.name), (SETTINGS.get((block, entry.name)), ""))
    if spec is None:
        outer, findings.used_at = findings.used_at, entry.env.used_at
        unknown_setting(findings, block, entry)
        findings.mention(entry.value.span)
        findings.used_at = outer
        return
    if entry.op != "=" and not _grows(spec):
        findings.error(
            "E2040",
            entry.at,
            f"nothing can be added to `{entry.name}`",
            hint=f"write `{entry.name} = …`",
        )
        return
    alias = entry.name if entry.name != spec.name else ""
    known = Entry(spec.name, entry.at, entry.op, entry.value, entry.span, entry.env, rule, alias)
    if known.op != "=":
        rows.append(known)  # without a look at the others: a film may add to one setting thousands of times
        return
    first = next((row for row in rows if row.name == known.name), None)
    if first is None or first.op != "=":
        rows.insert(rows.index(first) if first is not None else len(rows), known)
        return
    findings.error(
        "E2005",
        known.at,
        f"`{known.name}` is set twice",
        labels=(Label(first.at, "first set here"),),
        hint=_which(block, first, known),
    )


def _grows(spec: SettingSpec) -> bool:
    """Whether something can be added to a setting."""
    return spec.type in _ADDED and not spec.constant


def _which(block: str, first: Entry, second: Entry) -> str:
    """Which of two to keep; Deforum reads a schedule only where its switch is on."""
    schedule = next((e.alias for e in (first, second) if e.alias.endswith("_schedule")), "")
    if schedule and bool(first.alias) != bool(second.alias):
        return f"keep `{schedule}` if its `enable_…` is on in Deforum, else `{first.name}`"
    spec = ALIASES.get((block, first.name), (SETTINGS.get((block, first.name)), ""))[0]
    grows = spec is not None and _grows(spec)
    return f"keep one, or write `{first.name} += …` to add to it" if grows else "keep one of them"


def merged(base: Iterable[Entry], own: Iterable[Entry]) -> list[Entry]:
    """A scene's settings over the film's: each `=` replaces, `none` takes away, the others add."""
    rows = list(base)
    for entry in own:
        if entry.op == "=":
            rows = [row for row in rows if row.name != entry.name]
        rows.append(entry)
    return rows


def without_none(rows: Iterable[Entry]) -> list[Entry]:
    """The settings without those that `none` takes away."""
    return [row for row in rows if not (row.is_none and not _takes_none(row))]


def _takes_none(entry: Entry) -> bool:
    return entry.name in ("color", "init", "source", "prompt", "camera", "model", "vae", "audio")
