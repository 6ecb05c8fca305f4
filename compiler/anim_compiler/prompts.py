"""The prompt schedule: texts pinned to moments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from anim_compiler import keys, setting
from anim_compiler.collect import Collected
from anim_compiler.expressions import Expressions
from anim_compiler.film import Alternative, Conditioning, Prompting, PromptKey
from anim_compiler.setting import Entry
from anim_compiler.typed import Ease, Moment
from anim_compiler.values import TextValue
from anim_dsl.settings import SETTINGS
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, Key, Keys, Name

_EMPTY: Conditioning = (Alternative(("",)),)


def prompting(check: Expressions, found: Collected) -> Prompting:
    """The film's prompts; a film without any is asked to show nothing in particular, with a warning."""
    rows = {entry.name: entry for entry in found.entries.get("prompt", ()) if entry.op == "="}
    film = {entry.name: entry for entry in found.entries.get("film", ())}
    positive = _positive(check, found, film.get("prompt"))
    negative = _scheduled(check, rows["negative"].value) if "negative" in rows else ()
    return Prompting(
        positive or (_always(_EMPTY, Span(0, 0)),),
        negative or (_always(_EMPTY, Span(0, 0)),),
        _morph(check, rows.get("morph")),
        _morph_time(check, rows.get("morph_time")),
    )


def _positive(check: Expressions, found: Collected, film: Entry | None) -> tuple[PromptKey, ...]:
    if found.prompt_keys:
        if film is not None:
            check.findings.error("E2005", film.at, "the prompt is set twice", hint="keep the `prompt` block")
        every = next((k.easing for k in found.prompt_lists if k.easing is not None), None)
        shape = keys.easing(check, every) if every is not None else None
        return _pinned(check, found.prompt_keys, shape or Ease(), None)
    if film is not None:
        return _scheduled(check, film.value)
    if "prompt" not in found.blocks or not check.findings.all():
        at = found.blocks.get("prompt", Span(0, 0))
        hint = 'write `prompt { 0s: "what the film shows" }`'
        check.findings.warning("W6009", at, "the film has no prompt", hint=hint)
    return ()


def _scheduled(check: Expressions, value: Expr) -> tuple[PromptKey, ...]:
    """`"text"` or a key list of texts."""
    if isinstance(value, Keys):
        every = keys.easing(check, value.easing) if value.easing is not None else None
        return _pinned(check, value.keys, every or Ease(), value.span)
    conditioning = _conditioning(check, value)
    return () if conditioning is None else (_always(conditioning, value.span),)


def _always(conditioning: Conditioning, span: Span) -> PromptKey:
    return PromptKey(Moment(), conditioning, Ease(), span)


def _pinned(
    check: Expressions, rows: Sequence[Key], every: Ease, whole: Span | None
) -> tuple[PromptKey, ...]:
    timed = keys.timed(check, rows, whole=whole)
    made: list[PromptKey] = []
    if timed is None:
        for key in rows:
            _conditioning(check, key.value)
        return ()
    for key, moment in timed:
        shape = keys.easing(check, key.easing) if key.easing is not None else None
        conditioning = _conditioning(check, key.value)
        if conditioning is not None:
            made.append(PromptKey(moment, conditioning, shape or every, key.span))
    return tuple(made)


def _conditioning(check: Expressions, expr: Expr) -> Conditioning | None:
    known = (*check.scope.lets, *check.local)
    if isinstance(expr, Name) and expr.text not in known:
        words = check.findings.text(expr.span)
        check.findings.error(
            "E3002", expr.span, f"a prompt is a text, and `{words}` has no quotes", hint=f'write `"{words}"`'
        )
        return None
    value = check.value(expr)
    if value is None:
        return None
    if not isinstance(value, TextValue):
        check.findings.error("E3002", expr.span, "a prompt is a text", hint='write it in quotes, `"…"`')
        return None
    return value.conditioning


def _morph(check: Expressions, entry: Entry | None) -> Literal["slerp", "linear", "cut"]:
    spec = SETTINGS["prompt", "morph"]
    chosen = setting.word(check, spec, entry) if entry is not None else spec.default
    if chosen == "slerp":
        return "slerp"
    return "cut" if chosen == "cut" else "linear"


def _morph_time(check: Expressions, entry: Entry | None) -> Moment | None:
    if entry is None:
        return None
    moment = check.moments.moment(entry.value)
    if moment is not None and (moment.seconds < 0 or moment.beats < 0):
        check.findings.error("E3003", entry.value.span, "`morph_time` must be 0 or longer")
        return None
    return moment
