"""The review of one film: its difference, a picture of its curves, and a short preview."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from anim_studio.cli.exits import Exit, Stop
from anim_studio.diffing.comparing import compared
from anim_studio.diffing.picture import draw
from anim_studio.diffing.places import Place
from anim_studio.diffing.sides import reading
from anim_studio.reviewing.changed import Branch, Changed

if TYPE_CHECKING:
    from anim_studio.cli.choice import Choice
    from anim_studio.cli.environment import Environment
    from anim_studio.cli.settings import PictureTier
    from anim_studio.cli.stop import StopSwitch
    from anim_studio.cli.terminal import Terminal
    from anim_studio.diffing.told import Told

MOST_PREVIEWS = 12
"""So many films of a comment are previewed: a change of what a hundred import would take an hour."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What came of it. `problem` says why it could not be compared; `picture` and `preview` are the names of
    files beside the comment, "" where there are none; `note` says of the preview what must be known.
    """

    changed: Changed
    told: Told | None = None
    problem: str = ""
    code: int = Exit.DONE
    picture: str = ""
    preview: str = ""
    note: str = ""

    @property
    def has_errors(self) -> bool:
        """Whether the film has errors as it is now."""
        return self.told is not None and bool(self.told.after.errors)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How films are reviewed. `tier` None is a draft, or the moves alone of a film whose model is not here;
    `seconds` 0 is no preview. `device` may be `auto`: which it is, is asked where something is drawn.
    """

    folder: Path
    choice: Choice
    environment: Environment
    terminal: Terminal
    switch: StopSwitch
    device: str
    tier: PictureTier | None
    seconds: float
    most: int

    def of(self, branch: Branch, changed: Changed, number: int) -> Reviewed:
        """The review of a film, its files written beside the comment."""
        after = Path(os.path.relpath(branch.repository.top / changed.path))
        name = f"{number:02}-{_UNSAFE.sub('-', after.stem)[:60] or 'film'}"
        earlier = changed.before or changed.path
        before = Path(os.path.relpath(branch.repository.top / earlier))
        places = (
            Place(before, branch.base[:12], branch.base, called=str(earlier)),
            Place(after, may_be_absent=True, called=str(changed.path)),
        )
        try:
            with ExitStack() as stack:
                films = [stack.enter_context(reading(place, self.environment)) for place in places]
                told = compared((films[0], films[1]), self.choice, self.environment)
                picture = self._picture(told, f"{name}-curves.png")
        except Stop as stop:
            # a film that cannot be read is a mistake of the branch, not of the command line
            code = Exit.FILM_ERRORS if stop.code is Exit.USAGE else stop.code
            return Reviewed(changed, problem=stop.message, code=code)
        preview, note = self._preview(told, after, f"{name}.gif", number)
        return Reviewed(changed, told, picture=picture, preview=preview, note=note)

    def _picture(self, told: Told, name: str) -> str:
        if told.difference is None:
            return ""
        labels = (told.before.read.label, told.after.read.label)
        return name if draw(told.difference, labels, self.folder / name) else ""

    def _preview(self, told: Told, film: Path, name: str, number: int) -> tuple[str, str]:
        """The name of a preview and a note; nothing for a film that looks as before, or cannot be drawn."""
        is_film = told.declared is None and told.after.side is not None
        made = None if told.difference is None else told.difference.rerender
        looks_new = made is None or bool(made.count or made.beneath or made.redrawn)
        if not self.seconds or not is_film or not looks_new or not told.is_different:
            return "", ""
        if number > MOST_PREVIEWS:
            return "", f"previews are of the first {MOST_PREVIEWS} films"
        side = told.after.side
        is_other = self.tier in (None, "draft") and side is not None and side.film.model is not None
        note = "the preview is drawn by the built-in model" if is_other else ""
        for tier in (self.tier,) if self.tier else ("draft", "camera"):
            try:
                if self._draw(film, name, tier) == Exit.DONE:
                    return name, note
                return "", ""
            except Stop as stop:
                (self.folder / name).unlink(missing_ok=True)
                if stop.code is not Exit.MODEL_MISSING or self.tier:
                    return "", f"there is no preview: {stop.message}"
                note = "the preview shows the moves alone: a model of the film is not on this machine"
        return "", note

    def _draw(self, film: Path, name: str, tier: PictureTier) -> int:
        from anim_studio.cli.device import chosen_device
        from anim_studio.commands.preview import Wish, preview_of
        from anim_studio.previewing.making import Making

        choice = replace(self.choice, tier=tier)
        making = Making(choice, self.environment, self.terminal, chosen_device(self.device), "none")
        wish = Wish(self.folder / name, True, self.seconds, self.most, False, True)
        return preview_of(film, making, wish, self.switch)
