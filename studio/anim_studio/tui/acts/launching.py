"""What leaves the screen: the editor and renders."""

from __future__ import annotations

import subprocess
from pathlib import Path

from textual import work
from textual.app import SuspendNotSupported
from textual.worker import Worker

from anim_studio.cli.exits import Stop
from anim_studio.live.board.lanes import Spot
from anim_studio.live.editor import Editor, NoEditorError, editor_at
from anim_studio.live.tier import Tier
from anim_studio.live.version import TierPlan
from anim_studio.renders.opening import start_beside
from anim_studio.renders.state import RenderState
from anim_studio.renders.wanted import Wanted
from anim_studio.tui.acts.exporting import Exporting
from anim_studio.tui.acts.hearing import Rendering
from anim_studio.tui.panels.problems import in_order


class Launching(Exporting):
    """Opens the editor, and renders."""

    _looking: Worker[None] | None = None

    def action_edit(self) -> None:
        """Opens the editor at the mistake, the chosen key, or the scene under the playhead."""
        self.open_editor(self._spot())

    def _spot(self) -> Spot | None:
        found = in_order(self.version)
        if found and self.version is not None and self.version.good is None:
            wrong = found[min(self.mistake, len(found) - 1)]
            return Spot(wrong.source, wrong.span)
        key = self.board.key(self.lane, self.key)
        if key is None:
            lane = self.board.lane(self.lane)
            past = [each for each in lane.keys if each.frame <= self.head] if lane is not None else []
            key = past[-1] if past else None
        if key is not None:
            return key.spot
        scene = self.board.scene_at(self.head)
        return None if scene is None else scene.spot

    def open_editor(self, spot: Spot | None) -> None:
        """Opens the editor at a place of the film or of what it imports."""
        file, line, column = self.film, 1, 1
        if spot is not None:
            place = spot.place
            line, column = place.line, place.column
            file = self._file_of(spot)
        try:
            editor = editor_at(file, line, column, chosen=self.begin.editor)
            self._run_editor(editor)
        except NoEditorError as error:
            self.tell(str(error), "set `$EDITOR` to the command of yours", "warning")
        except OSError as error:
            self.tell(f"the editor did not start: {error.strerror or error}", severity="warning")

    def _file_of(self, spot: Spot) -> Path:
        """The file of a text: imported ones are named as from the film's folder."""
        if self.version is not None and spot.source.name == self.version.source.name:
            return self.film
        near = self.film.parent / spot.source.name
        return near if near.is_file() else self.film

    def _run_editor(self, editor: Editor) -> None:
        if not editor.needs_terminal:
            start_beside(editor.argv)
            return
        try:
            with self.suspend():
                subprocess.run(editor.argv, check=False)
        except SuspendNotSupported:
            self.tell("no editor can be opened here", "open the film in one of your own", "warning")

    def action_render(self) -> None:
        """Puts the film as it is shown into the queue of renders."""
        version = self.version
        if version is None or version.good is None:
            self.tell("the film has mistakes", "mend them first: `!` shows them", "warning")
            return
        plan = next((plan for plan in self.plans if plan.tier is Tier.FINAL), None)
        if plan is not None:
            self.wants_render = False
            self._submit(plan, version.world.root)
        elif self.settled:
            why = next((t for t in self.troubles if t.tier is Tier.FINAL), None)
            message = why.message if why is not None else "this film cannot be rendered"
            self.tell(message, why.hint if why is not None else "", "error")
        else:
            self.wants_render = True
            self.notify("it is rendered as soon as it is compiled")

    @work(thread=True)
    def _submit(self, plan: TierPlan, root: Path) -> None:
        from anim_studio.cli.rendering import outputs_of

        wanted = Wanted(
            film=self.film.absolute(),
            plan=plan.plan,
            columns=plan.columns,
            root=root,
            folder=self.begin.out.absolute(),
            outputs=outputs_of(plan.plan, None),
            device=self.begin.device,
        )
        try:
            self.services.renders.submit(wanted)
        except Stop as stop:
            self.call_from_thread(self.tell, stop.message, stop.hint, "error")
        except OSError as error:
            self.call_from_thread(
                self.tell, f"the render cannot be queued: {error.strerror or error}", "", "error"
            )
        else:
            said = "it goes on when you quit; panel 3 shows it"
            self.call_from_thread(self.tell, f"rendering {plan.plan.name}", said)
        self.hear(Rendering(self.services.renders.list()))

    def mine(self) -> RenderState | None:
        """The render of this film that is not over, if there is one."""
        film = self.film.absolute()
        return next((each for each in self.renders if each.film == film and not each.is_over), None)

    def action_stop_render(self) -> None:
        """Stops this film's render."""
        state = self.mine()
        if state is None:
            self.notify("nothing of this film is being rendered")
        else:
            self.ask_queue("stop", state.id)
            self.tell(f"stopping the render of {state.name}", "what is done stays done")

    @work(thread=True)
    def ask_queue(self, what: str, id: str) -> None:
        """`stop`, `again` or `forget` a render, on a thread, and look how it stands."""
        renders = self.services.renders
        try:
            {"stop": renders.stop, "again": renders.again, "forget": renders.forget}[what](id)
        except Stop as stop:
            self.call_from_thread(self.tell, stop.message, stop.hint, "warning")
        except OSError as error:
            self.call_from_thread(
                self.tell, f"the queue cannot be changed: {error.strerror or error}", "", "error"
            )
        self.hear(Rendering(renders.list()))

    def look_at_queue(self) -> None:
        """Looks how renders stand, unless a look is still going on."""
        if self._looking is None or self._looking.is_finished:
            self._looking = self._read_queue()

    @work(thread=True)
    def _read_queue(self) -> None:
        renders = self.services.renders
        renders.care()
        self.hear(Rendering(renders.list()))
