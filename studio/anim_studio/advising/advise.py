"""Advice for a film, from its plan and what its renders told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from anim_compiler.plan import Columns, Plan
from anim_runtime.events import Event
from anim_studio.advising.advice import Advice
from anim_studio.advising.measured import found_in
from anim_studio.advising.rules import RULES
from anim_studio.advising.settings import settings_of
from anim_studio.advising.told import told_of


def advice(plan: Plan, columns: Columns, events: Iterable[Event]) -> tuple[Advice, ...]:
    """What would help a film, the gravest trouble first, the best remedy first; nothing if all is well.

    `events` are those of the film's journal, of earlier renders too.
    """
    found = found_in(events, plan.frames)
    settings, told = settings_of(plan, columns), told_of(plan, columns, found.unmet)
    if plan.model.reference == "null" or "hint_beside" in settings.ops:
        # what it draws means nothing, and tests are what it is there for; hints are black as they should be
        found = replace(found, figures={})
    return tuple(piece for rule in RULES for piece in rule(settings, found, told))
