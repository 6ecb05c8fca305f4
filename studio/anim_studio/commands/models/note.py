"""`anim models note`: what a user knows of a model that no header says."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from cyclopts import Parameter

from anim_compiler.models.detect_words import plain
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.terminal import open_terminal
from anim_studio.commands.models.opening import opened, wanted
from anim_studio.commands.models.telling import facts_rows


def note(
    reference: Annotated[str, Parameter(name="REFERENCE")],
    /,
    *,
    category: Annotated[str | None, Parameter(metavar="TEXT")] = None,
    note: Annotated[str | None, Parameter(metavar="TEXT")] = None,
    trigger: Annotated[tuple[str, ...], Parameter(metavar="WORDS", negative=())] = (),
    title: Annotated[str | None, Parameter(metavar="TEXT")] = None,
    licence: Annotated[str | None, Parameter(metavar="TEXT")] = None,
) -> int:
    """Write down a category, a note or trigger words for a model.

    Parameters
    ----------
    reference
        The model, as `anim models list` calls it.
    category
        A word to list it by; "" takes it away.
    note
        Anything; "" takes it away.
    trigger
        A trigger word instead of those that its header tells; several times. "" takes them away.
    title
        What it is called.
    licence
        Under which terms it may be used.
    """
    if all(said is None for said in (category, note, title, licence)) and not trigger:
        hint = 'write `anim models note NAME --category landscapes --note "soft light"`'
        raise Stop(Exit.USAGE, "there is nothing to note", hint)
    environment = read_environment()
    terminal = open_terminal(environment.colour)
    with opened(environment, terminal) as library:
        entry = wanted(library, reference)
        words = tuple(filter(None, map(plain, trigger))) if trigger else entry.facts.trigger_words
        facts = replace(
            entry.facts,
            trigger_words=words,
            title=entry.facts.title if title is None else plain(title),
            licence=entry.facts.licence if licence is None else plain(licence),
        )
        kept = replace(
            entry,
            facts=facts,
            category=entry.category if category is None else plain(category),
            notes=entry.notes if note is None else plain(note, 1000),
        )
        library.keep(kept)
    told = dict(facts_rows(kept))
    terminal.say(kept.title)
    for name in ("category", "notes", "trigger", "licence"):
        if name in told:
            terminal.say(f"  {name:<11} {told[name]}")
    return Exit.DONE
