"""The prompt schedule: texts pinned to moments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from anim_compiler import key_order, keys, setting
from anim_compiler.crossing import conditioning_on_film
from anim_compiler.entries import merged
from anim_compiler.env import Env
from anim_compiler.expressions import Expressions
from anim_compiler.film import Alternative, Conditioning, PictureRef, Prompting, PromptKey, Shot
from anim_compiler.levels import Level
from anim_compiler.setting import Entry
from anim_compiler.typed import Ease, Moment
from anim_compiler.values import TextValue
from anim_dsl.diagnostic import Label
from anim_dsl.settings import SETTINGS
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, Key, Keys, Name

_EMPTY: Conditioning = (Alternative(("",)),)

EMPTY = (PromptKey(Moment(), _EMPTY, Ease(), Span(0, 0)),)
"""The keys of a prompt that asks for nothing."""


def prompting(check: Expressions, film: Level, own: Level) -> tuple[Prompting, bool]:
    """A shot's prompts, and whether there are any: its own keys, or all of the film's; the same for its
    negative ones. A shot without is asked to show nothing in particular.
    """
    rows = {e.name: e for e in merged(film.entries.get("prompt", ()), own.entries.get("prompt", ()))}
    positive = _positive(check, own)
    if positive is None and own is not film:
        positive = _positive(check, film)
    negative = _scheduled(check, rows["negative"].value, rows["negative"].env) if "negative" in rows else ()
    made = Prompting(
        positive or EMPTY,
        negative or EMPTY,
        _morph(check, rows.get("morph")),
        _morph_time(check, rows.get("morph_time")),
    )
    return made, positive is not None


def _positive(check: Expressions, level: Level) -> tuple[PromptKey, ...] | None:
    """What a level says itself; None if nothing."""
    whole = level.last(level.name, "prompt")
    if level.prompt is None:
        return None if whole is None else _scheduled(check, whole.value, whole.env)
    if whole is not None:
        label = Label(level.prompt.at, "here by keys")
        hint = "keep the `prompt` block"
        check.findings.error("E2005", whole.at, "the prompt is set twice", labels=(label,), hint=hint)
    every = Ease()
    if level.prompt.easing is not None:
        with check.inside(level.prompt.easing[1]):
            every = keys.easing(check, level.prompt.easing[0]) or every
    return _pinned(check, level.prompt.keys, every, None)


def needed(shot: Shot) -> bool:
    """Whether the model makes pictures of a shot; it makes none of stills, nor where one begins from `init`
    and its pipeline has neither `diffuse` nor `generate`.
    """
    if shot.pipeline is None:
        return True
    from anim_compiler.lowering.paths import calls

    named = [one.call for one in calls(shot.pipeline)]
    if any(call.op in ("diffuse", "generate") for call in named):
        return True
    inputs = (picture for call in named for picture in call.inputs)
    shown = (picture for _, picture in shot.pipeline.steps)
    names = {picture.name for picture in (*inputs, *shown) if isinstance(picture, PictureRef)}
    return shot.init is None and not names.isdisjoint({"previous", "first"})


def without(check: Expressions, film: Level, lacking: Sequence[Level], shots: int) -> None:
    """Warns of the film, or of the scenes in it, that say nothing of what they show."""
    if film.prompts_vary or ("prompt" in film.blocks and check.findings.any):
        return
    hint = 'write `prompt { 0s: "what the film shows" }`'
    if len(lacking) == shots:
        at = film.blocks.get("prompt", Span(0, 0))
        check.findings.warning("W6009", at, "the film has no prompt", hint=hint)
        return
    for level in lacking:
        message = f"scene `{level.env.clock.name}` has no prompt"
        check.findings.warning("W6009", level.at, message, hint='write `prompt = "what it shows"` in it')


def checked(check: Expressions, level: Level) -> None:
    """Reads what a level says, whether a shot takes it or not."""
    with check.inside(level.env):
        _positive(check, level)


def _scheduled(check: Expressions, value: Expr, env: Env) -> tuple[PromptKey, ...]:
    """`"text"` or a key list of texts."""
    if isinstance(value, Keys):
        with check.inside(env):
            every = keys.easing(check, value.easing) if value.easing is not None else None
        return _pinned(check, [(key, env) for key in value.keys], every or Ease(), value.span)
    conditioning = _conditioning(check, value, env)
    return () if conditioning is None else (_always(conditioning, value.span),)


def _always(conditioning: Conditioning, span: Span) -> PromptKey:
    return PromptKey(Moment(), conditioning, Ease(), span)


def _pinned(
    check: Expressions, rows: Sequence[tuple[Key, Env]], every: Ease, whole: Span | None
) -> tuple[PromptKey, ...]:
    homes = {id(key): env for key, env in rows}
    texts = {id(key): _conditioning(check, key.value, env) for key, env in rows}
    timed = _timed(check, rows, whole)
    made: list[PromptKey] = []
    for key, moment in timed or ():
        with check.inside(homes[id(key)]):
            shape = keys.easing(check, key.easing) if key.easing is not None else None
        conditioning = texts[id(key)]
        if conditioning is not None:
            made.append(PromptKey(moment, conditioning, shape or every, key.span))
    return tuple(made)


def _timed(
    check: Expressions, rows: Sequence[tuple[Key, Env]], whole: Span | None
) -> list[tuple[Key, Moment]] | None:
    """The keys in order of time, each time read where it was written."""
    known: list[tuple[Key, Moment]] = []
    for key, env in rows:
        with check.inside(env):
            moment = check.moments.moment(key.at)
        if moment is not None:
            known.append((key, moment))
    if not rows or len(known) != len(rows):
        return None
    with check.inside(rows[0][1]):
        return key_order.ordered(check, known, whole)


def _conditioning(check: Expressions, expr: Expr, env: Env) -> Conditioning | None:
    """A text as the shot that is being checked reads it."""
    if isinstance(expr, Name) and env.find(expr.path[0]) is None and expr.path[0] not in check.scope.missing:
        words = check.findings.text(expr.span)
        check.findings.error(
            "E3002", expr.span, f"a prompt is a text, and `{words}` has no quotes", hint=f'write `"{words}"`'
        )
        return None
    with check.inside(env):
        value = check.value(expr)
    if value is None:
        return None
    if not isinstance(value, TextValue):
        check.findings.error("E3002", expr.span, "a prompt is a text", hint='write it in quotes, `"…"`')
        return None
    same = env.clock is check.env.clock
    return value.conditioning if same else conditioning_on_film(value.conditioning, expr.span)


def _morph(check: Expressions, entry: Entry | None) -> Literal["slerp", "linear", "cut"]:
    spec = SETTINGS["prompt", "morph"]
    chosen = setting.word(check, spec, entry) if entry is not None else spec.default
    if chosen == "slerp":
        return "slerp"
    return "cut" if chosen == "cut" else "linear"


def _morph_time(check: Expressions, entry: Entry | None) -> Moment | None:
    if entry is None:
        return None
    with check.inside(entry.env):
        moment = check.moments.moment(entry.value)
    if moment is not None and (moment.seconds < 0 or moment.beats < 0):
        check.findings.error("E3003", entry.value.span, "`morph_time` must be 0 or longer", hint="write `1s`")
        return None
    return moment
