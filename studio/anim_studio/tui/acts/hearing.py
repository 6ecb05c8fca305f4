"""What other threads and processes tell, taken into the app's state."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on

from anim_studio.live.board.board_of import board_of
from anim_studio.live.board.lanes import Board
from anim_studio.live.compile.compiled import Fault, Gone, Listening, Settled
from anim_studio.live.paint.messages import Pace, Paint, Painted, Ready, Rest, Trouble
from anim_studio.live.paint.shown import nothing
from anim_studio.live.tier import Tier
from anim_studio.live.version import TierPlan, Version
from anim_studio.renders.state import RenderState
from anim_studio.tui.state import Heard, Live


@dataclass(frozen=True, slots=True)
class Boarded:
    """A version and its board, which is made on the thread that compiles."""

    version: Version
    board: Board | None


@dataclass(frozen=True, slots=True)
class Rendering:
    """The queue of renders, as it was looked at on another thread."""

    renders: tuple[RenderState, ...]


class Hearing(Live):
    """Takes versions, plans, pictures and troubles; each only changes reactives."""

    def hear_compiled(self, told: object) -> None:
        """Takes what the compiling thread tells, on that thread."""
        self.hear(Boarded(told, board_of(told)) if isinstance(told, Version) else told)

    @on(Heard)
    def _heard(self, message: Heard) -> None:
        match message.told:
            case Boarded(version, board):
                self._take_version(version, board)
            case TierPlan() as plan:
                self._take_plan(plan)
            case Painted() as painted:
                self.shown = self.shown.painted(painted)
                if self.before is not None and painted.version == self.before.version:
                    self.before = self.before.painted(painted)
            case Pace() as pace:
                if pace.version == self.shown.version:
                    self.pace = pace
            case Trouble() as trouble:
                self._take_trouble(trouble)
            case Ready(device):
                self.device = device
                self.note(f"the painter is ready on {device}")
            case Rendering(renders):
                self._take_renders(renders)
            case Gone(_, words, hint):
                self._take_gone(words, hint)
            case Fault(_, words, log):
                self.tell(words, f"this is a bug of anim; the details are in {log}", "error")
            case Listening(_, tracks):
                self.doing = f"listening to {', '.join(tracks)} …"
                self.note(self.doing)
            case Settled():
                self.settled = True

    def _take_version(self, version: Version, board: Board | None) -> None:
        """A version may be told several times: with more of its curves, or with what its plans showed."""
        known = self.version
        if known is not None and version.number < known.number:
            return
        self.gone = self.doing = ""
        if known is None or version.number > known.number:
            self.troubles, self.plans, self.mistake, self.settled = (), (), 0, False
        was_good = known is None or known.good is not None
        self.version = version
        if version.good is None or board is None:
            self.alarm = self.alarm or was_good
            return
        self.alarm = False
        first = self.good is None
        if self.good is None or version.number > self.good.number:
            self._turn_page(version, version.good.frames)
        self.good = version
        self._take_board(board, first)

    def _turn_page(self, version: Version, frames: int) -> None:
        """A new version's pictures over those that were shown."""
        good = self.good
        if good is None:
            self.shown = nothing(version.number, frames)
            return
        # a mistake that was taken back left the same film: what it is compared with stays
        is_other = (good.texts, good.choice) != (version.texts, version.choice)
        if is_other and not self.comparing:
            self.before = self.shown
        self.shown, self.pace = self.shown.after(version.number, frames), None

    def _take_board(self, board: Board, first: bool) -> None:
        whole = self.view == (0, self.board.frames) or first
        # before the board, whose watchers may choose another
        self.key = self.board.number_in(board, self.lane, self.key)
        self.board = board
        if self.lane is not None and board.lane(self.lane) is None:
            self.lane = self.key = None
        if self.solo is not None and all(scene.name != self.solo for scene in board.scenes):
            self.tell(f"there is no scene `{self.solo}`", "all of the film plays", "warning")
            self.solo = None
        remembered = self.panels.film(self.film).view if first else None
        self.view = _within(board.frames, remembered or ((0, board.frames) if whole else self.view))
        self.reel()

    def reel(self) -> None:
        """Plays the frames that there are now."""
        raise NotImplementedError

    def _take_plan(self, plan: TierPlan) -> None:
        if self.good is None or plan.version != self.good.number:
            return
        self.plans = (*self.plans, plan)

    def paint(self) -> None:
        """Asks for pictures of the newest good version, up to the chosen tier."""
        if self.painter is None or self.good is None:
            return
        if self.best is Tier.CURVES:
            self.painter.ask(Rest())
        elif self.plans:
            root = self.good.world.root
            self.painter.ask(Paint(self.good.number, root, self.plans, self._painted_up_to()))

    def _painted_up_to(self) -> Tier:
        """The tier that is asked for; the film itself where that is so quick that it has no draft."""
        told = {plan.tier for plan in self.plans} | {trouble.tier for trouble in self.troubles}
        return (
            Tier.FINAL if self.best is Tier.DRAFT and self.settled and Tier.DRAFT not in told else self.best
        )

    def _take_trouble(self, trouble: Trouble) -> None:
        if self.version is not None and trouble.version not in (0, self.version.number):
            return
        if trouble not in self.troubles:
            self.troubles = (*self.troubles, trouble)
            self.note(
                f"{trouble.tier.word}: {trouble.message}" + (f" ({trouble.hint})" if trouble.hint else "")
            )

    def _take_renders(self, renders: tuple[RenderState, ...]) -> None:
        was = {state.id: state for state in self.renders}
        self.renders = renders
        for state in renders:
            before = was.get(state.id)
            if before is not None and not before.is_over and state.is_over:
                self._tell_end(state)

    def _tell_end(self, state: RenderState) -> None:
        if state.life == "done":
            made = ", ".join(path.name for path in state.outputs)
            self.tell(f"rendered {state.name}", made)
        else:
            message = state.message or f"the render of {state.name} has {state.life}"
            self.tell(message, state.hint, "error" if state.life == "failed" else "warning")

    def _take_gone(self, message: str, hint: str) -> None:
        self.gone = message
        self.note(f"{message} ({hint})" if hint else message)


def _within(frames: int, view: tuple[int, int]) -> tuple[int, int]:
    """The frames in view of a film of so many; all of them where none is left."""
    first, end = view[0], min(view[1], frames)
    return (first, end) if 0 <= first < end else (0, frames)
