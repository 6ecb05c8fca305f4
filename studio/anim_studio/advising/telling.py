"""Advice in words: a few lines at the end of a troubled render, and all of it for `anim doctor FILM`."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from anim_studio.advising.advice import Advice
from anim_studio.cli.invocation import invocation

if TYPE_CHECKING:
    from anim_compiler.plan import Columns, Plan
    from anim_runtime.events import Event
    from anim_studio.cli.choice import Choice
    from anim_studio.cli.environment import Environment
    from anim_studio.cli.load import Loaded
    from anim_studio.cli.terminal import Terminal

#: lines at the end of a render, and seconds below which its taking long is no trouble there
MOST, LONG = 3, 600.0
_SHOWN = ("flicker", "drift", "sharpness", "luma")


def last_words(plan: Plan, columns: Columns, cache: Path, film: Path | None) -> tuple[str, ...]:
    """What to say at the end of a troubled render, a line each; nothing after one that went well.

    `film` is None where the plan is not that of the film as it is written.
    """
    from anim_studio.advising.advise import advice

    events = journal_events(plan, cache)
    given = [
        piece for piece in advice(plan, columns, events) if piece.trouble != "slow" or _took(events) > LONG
    ]
    firsts = [next(pieces) for _, pieces in groupby(given, key=lambda piece: piece.trouble)]
    lines = [piece.sentence for piece in firsts[:MOST]]
    if film is not None and len(given) > len(lines):
        # of each trouble the best remedy is told
        lines[-1] += f" (more: `anim doctor {film}`)"
    return tuple(lines)


def journal_events(plan: Plan, cache: Path) -> tuple[Event, ...]:
    """All that the renders of a plan told; nothing if it was not rendered."""
    from anim_runtime.digests import run_folder
    from anim_runtime.journal import read_journal

    return read_journal(run_folder(cache, plan) / "journal.jsonl")


def examine(
    film: Path, choice: Choice, environment: Environment, terminal: Terminal, *, as_json: bool
) -> int:
    """Tells what was measured of a film as it stands, or of every film of its `variant` block as a render
    makes them, and what would help it. Returns the exit code.
    """
    from anim_studio.cli.variants import all_variants

    first = choice.load(film, environment)
    films = (first,) if choice.variant is not None else all_variants(first, environment)
    return max(_examined(loaded, choice, environment, terminal, as_json=as_json) for loaded in films)


def _examined(
    loaded: Loaded, choice: Choice, environment: Environment, terminal: Terminal, *, as_json: bool
) -> int:
    from anim_studio.advising.advise import advice
    from anim_studio.cli.build import build
    from anim_studio.cli.exits import Exit
    from anim_studio.cli.reports import Reporter

    overrides = choice.overrides(choice.only_part(loaded, "doctor"))
    asked = build(loaded, environment, Reporter(terminal), overrides)
    if isinstance(asked, Exit):
        return asked
    events = journal_events(asked.plan, environment.cache)
    given = advice(asked.plan, asked.columns, events)
    variant = loaded.film.variant.name if loaded.film and loaded.film.variant else None
    if as_json:
        told = {"film": str(loaded.path), "variant": variant, "rendered": bool(events)}
        terminal.out.write(json.dumps(told | {"advice": [asdict(piece) for piece in given]}) + "\n")
        return Exit.DONE
    name = f"{loaded.path} {variant or ''}".rstrip()
    terminal.say(f"{terminal.paint(name, 'bold')}  {_measured(events)}".rstrip())
    if not events:
        terminal.say("  it was not rendered as it stands now, so nothing of it is measured")
        terminal.say(f"  {terminal.paint('= hint:', 'cyan')} run `{_render_first(loaded.path)}` first")
        return Exit.DONE
    for line in _lines(given, terminal):
        terminal.say(line)
    if not given:
        terminal.say(f"{terminal.paint('✓', 'green')} nothing that was measured calls for a change")
    return Exit.DONE


def _render_first(film: Path) -> str:
    """The render that makes what is asked about: with the same options, for they choose what is looked at."""
    words = invocation().own[1:] or (str(film),)
    return shlex.join(("anim", "render", *words))


def _lines(given: Sequence[Advice], terminal: Terminal) -> Iterable[str]:
    """Each trouble, and below it what helps."""
    for said, pieces in groupby(given, key=lambda piece: piece.found):
        yield f"{terminal.paint('⚠', 'yellow')} {said}"
        for piece in pieces:
            yield f"    {piece.change}, {piece.why}"


def _measured(events: Sequence[Event]) -> str:
    """`36 frames · 5.2 s · flicker 0.065 · drift 0.052`."""
    from anim_runtime.events import Finished

    ended = next((event for event in reversed(events) if isinstance(event, Finished)), None)
    if ended is None:
        return ""
    parts = [f"{ended.frames} frames", f"{ended.seconds:.1f} s"]
    parts += [f"{name} {ended.figures[name].mean:.3f}" for name in _SHOWN if name in ended.figures]
    return " · ".join(parts)


def _took(events: Iterable[Event]) -> float:
    from anim_runtime.events import Finished

    return max((event.seconds for event in events if isinstance(event, Finished)), default=0.0)
