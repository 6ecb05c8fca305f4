"""Settings that take words: choices, switches, texts, pictures; and key lists of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from anim_compiler import key_order, pictures
from anim_compiler.advice import hints
from anim_compiler.entry import Entry
from anim_compiler.env import MediumBinding
from anim_compiler.film import WordSchedule
from anim_compiler.names import SWITCHES
from anim_compiler.values import TextValue
from anim_dsl.diagnostic import Edit
from anim_dsl.settings import SETTINGS, SettingSpec
from anim_dsl.syntax import Expr, Keys, Name, Number, Quantity, Size, Text

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions


def word(check: Expressions, spec: SettingSpec, entry: Entry) -> str | bool | None:
    """A setting that takes a choice, a switch or a text; None if it is wrong or `none`."""
    found = schedule(check, spec, entry, constant=True)
    return None if isinstance(found, WordSchedule) else found


def schedule(
    check: Expressions, spec: SettingSpec, entry: Entry, *, constant: bool = False
) -> str | bool | WordSchedule | None:
    """As `word`, of a setting that may also be a key list of texts: each holds until the next."""
    value = entry.value
    if isinstance(value, Keys) and len(value.keys) == 1 and spec.type == "choice":
        entry = replace(entry, value=value.keys[0].value)
    with check.inside(entry.env):
        if not isinstance(entry.value, Keys):
            return _word(check, spec, entry)
        if constant or spec.constant or spec.type == "bool":
            check.findings.error(
                "E3004",
                entry.value.span,
                f"`{entry.name}` cannot change with the frame",
                hint="write one value"
                if spec.block == "film" and ("scene", spec.name) not in SETTINGS
                else f"write one value, or a scene with its own `{entry.name}`",
            )
            return None
        return _holding(check, spec, entry, entry.value)


def _holding(check: Expressions, spec: SettingSpec, entry: Entry, keys: Keys) -> WordSchedule | None:
    timed = key_order.timed(check, keys.keys, whole=keys.span)
    easing = next((key.easing for key in keys.keys if key.easing is not None), keys.easing)
    if easing is not None and easing.name != "hold":
        check.findings.error(
            "E3008",
            easing.span,
            f"a text holds until the next key, so `{easing.name}` shapes nothing",
            hint="take the easing away",
        )
    rows = [(at, _word(check, spec, replace(entry, value=key.value))) for key, at in timed or ()]
    if timed is None or any(not isinstance(text, str) for _, text in rows):
        return None
    spans = tuple(key.span for key, _ in timed)
    return WordSchedule(tuple((at, str(text)) for at, text in rows), keys.span, spans)


def _word(check: Expressions, spec: SettingSpec, entry: Entry) -> str | bool | None:
    match spec.type:
        case "bool":
            return _switch(check, entry)
        case "choice":
            return _choice(check, spec, entry)
        case "image" if not entry.is_none:
            return pictures.named(check, entry.value, f"`{entry.name}`", spec.choices)
        case _:
            return _text(check, entry)


def _switch(check: Expressions, entry: Entry) -> bool | None:
    value = entry.value
    if isinstance(value, Name) and value.text in SWITCHES:
        return SWITCHES[value.text]
    written = check.findings.sources.slice(value.span).strip('"').lower()
    meant = {"true": "on", "yes": "on", "false": "off", "no": "off"}.get(written, "")
    check.findings.error(
        "E3005",
        value.span,
        f"`{entry.name}` is `on` or `off`",
        hint=f"write `{meant}`" if meant else "write `on` or `off`",
        edit=Edit(value.span, meant) if meant else None,
    )
    return None


def _choice(check: Expressions, spec: SettingSpec, entry: Entry) -> str | None:
    text = _spelled(entry.value)
    found_name = check.env.find(entry.value.path[0]) if isinstance(entry.value, Name) else None
    is_let = found_name is not None and not isinstance(found_name, MediumBinding)
    if is_let or (text is None and isinstance(entry.value, Text)):
        found = check.value(entry.value)
        if found is None:
            return None
        text = found.plain if isinstance(found, TextValue) else None
    if entry.alias == "seed_behavior" and text == "schedule":
        return "fixed"  # of Deforum: the seeds as `seed_schedule` keys them
    by_lower = {choice.lower(): choice for choice in spec.choices}
    if text is not None and text.lower() in by_lower:
        return by_lower[text.lower()]
    shown = text if text is not None else check.findings.text(entry.value.span)
    hint, near = hints.one_of(spec, shown)
    edit = _unquoted(entry, text)
    if edit is not None:
        hint, near = f"write the keys without quotes around them: `{entry.written} = {edit.text}`", None
    if near is not None:
        edit = Edit(entry.value.span, near if near.isidentifier() else f'"{near}"')
    check.findings.error(
        "E3005", entry.value.span, f"`{entry.name}` cannot be `{shown}`", hint=hint, edit=edit
    )
    return None


def _unquoted(entry: Entry, text: str | None) -> Edit | None:
    """`"0: (\\"Euler a\\")"`: a schedule of texts, which needs no quotes of its own."""
    if text is None or not isinstance(entry.value, Text) or not re.match(r"\s*[0-9]+\s*:\s*\(?[\"']", text):
        return None
    return Edit(entry.value.span, text.replace("'", '"').strip())


def _text(check: Expressions, entry: Entry) -> str | None:
    if isinstance(entry.value, Name) and entry.value.text == "none":
        return None
    if isinstance(entry.value, Name) and check.env.find(entry.value.path[0]) is None:
        check.findings.error(
            "E3002",
            entry.value.span,
            f"`{entry.name}` is a text",
            hint=f'write `"{entry.value.text}"`',
            edit=Edit(entry.value.span, f'"{entry.value.text}"'),
        )
        return None
    found = check.value(entry.value)
    if found is None:
        return None
    if not isinstance(found, TextValue) or found.plain is None:
        says = "a text that does not change" if isinstance(found, TextValue) else "a text, not a number"
        shown = check.findings.text(entry.value.span, 30).replace('"', "")
        hint = f'write `{entry.name} = "{shown if isinstance(entry.value, Number | Quantity) else "…"}"`'
        check.findings.error("E3002", entry.value.span, f"`{entry.name}` is {says}", hint=hint)
        return None
    return found.plain


def _spelled(expr: Expr) -> str | None:
    """A choice written bare or as a plain text."""
    match expr:
        case Name():
            return expr.text
        case Text():
            return expr.plain
        case Size() | Quantity():
            return None
        case _:
            return None
