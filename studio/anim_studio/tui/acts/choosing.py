"""Choices besides the text: variant, seed, scene, tier, what is compared, which curves are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from anim_studio.live.tier import Tier
from anim_studio.live.version import Choice
from anim_studio.tui.acts.picturing import Picturing
from anim_studio.tui.dialogs.choose_curves import ChooseCurves
from anim_studio.tui.dialogs.questions import Pick
from anim_studio.tui.timeline.curves import Curves


class Choosing(Picturing):
    """Changes what is looked at; the text stays as it is."""

    def choose(self, choice: Choice) -> None:
        """Makes the film by another variant or seed."""
        self.choice = choice
        if self.compiling is not None:
            self.compiling.choose(choice)

    def action_compare(self) -> None:
        """The last save beside this one, or no longer."""
        if not self.comparing and self.before is None:
            self.notify("there is no version before this one yet: change the text and save it")
            return
        self.comparing = not self.comparing

    def action_solo(self) -> None:
        """Plays only the scene under the playhead, or all again."""
        scene = self.board.scene_at(self.head)
        if self.solo is not None:
            self.solo = None
        elif scene is None or len(self.board.scenes) < 2:
            self.notify("this film is one scene")
            return
        else:
            self.solo = scene.name
        self.reel()

    def action_variant(self) -> None:
        """Asks which film of the `variant` block is shown."""
        good = None if self.good is None else self.good.good
        variants = () if good is None else good.film.variants
        if not variants:
            self.notify("this film has no `variant` block")
            return
        rows = ["the film as it is written", *(f"{n}  {each.name}" for n, each in enumerate(variants, 1))]

        def chosen(place: int | None) -> None:
            if place is not None:
                self.choose(replace(self.choice, variant=place - 1 if place else None))

        at = 0 if self.choice.variant is None else self.choice.variant + 1
        self.push_screen(Pick("variant", rows, at), chosen)

    def action_draw_seed(self) -> None:
        """Draws another seed."""
        seed = self.services.draw()
        self.choose(replace(self.choice, seed=seed))
        self.tell(f"seed {seed}", f"write `seed = {seed}` into the film to keep it")

    def action_film_seed(self) -> None:
        """The film's own seed again."""
        if self.choice.seed is not None:
            self.choose(replace(self.choice, seed=None))
            self.tell("the film's own seed")

    def action_tier(self) -> None:
        """How far pictures are painted, in turn."""
        self.best = Tier((self.best + 1) % len(Tier))
        self.panels = replace(self.panels, tier=self.best.word)
        self.notify(f"pictures up to {self.best.word}")

    def action_choose_curves(self) -> None:
        """Asks which curves are drawn."""
        if self.good is None or self.good.good is None:
            return
        good = self.good.good
        self.push_screen(ChooseCurves(tuple(good.curves), self.drawn(), good.moving), self._chose)

    def _chose(self, names: Sequence[str] | None) -> None:
        if names is not None:
            self.remember_curves(tuple(names))

    def remember_curves(self, names: tuple[str, ...]) -> None:
        """Draws these from now on."""
        remembered = replace(self.panels.film(self.film), curves=names)
        self.panels = self.panels.with_film(self.film, remembered)

    def drawn(self) -> tuple[str, ...]:
        """The curves that are drawn: those that were chosen and still are, else those that move."""
        good = None if self.good is None else self.good.good
        if good is None:
            return ()
        chosen = self.panels.film(self.film).curves
        if chosen is not None:
            return tuple(name for name in chosen if name in good.curves)
        return good.moving

    def show_curves(self) -> None:
        """Hands the curves to their widget."""
        if self.good is not None and self.good.good is not None:
            widget = self.query_one(Curves)
            widget.units = self.board.units
            widget.curves = self.good.good.curves
            widget.names = self.drawn()
