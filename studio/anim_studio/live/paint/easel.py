"""Paints a version tier by tier: near the playhead first, each tier its share of the time."""

from __future__ import annotations

import errno
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import torch

from anim_runtime.preview.engines import Engines
from anim_runtime.preview.reel import Keeping, Kept, Reel
from anim_runtime.preview.shelves import LastingShelf, MemoryShelf
from anim_runtime.problems import RenderProblem
from anim_runtime.store import Store
from anim_studio.live.paint.listing import Listing
from anim_studio.live.paint.messages import Look, Pace, Paint, Painted, Told, Trouble
from anim_studio.live.paint.pictures import LONGEST, Pictures
from anim_studio.live.paint.strip import Strip
from anim_studio.live.tier import Tier
from anim_studio.live.version import TierPlan

WEIGHTS = {Tier.CAMERA: 1.0, Tier.DRAFT: 3.0, Tier.FINAL: 3.0}
"""Shares of the time. A better tier has more, since a lower one's pictures are soon replaced."""

AT_ONCE = 24
"""So many frames from the playhead on are painted by the lowest tier before any other has its turn."""

STEP = 3
"""A playhead that moves further than this has jumped; otherwise it plays."""

PACE = 0.5
"""Seconds between two tellings of how a tier goes."""


class Interrupted(Exception):
    """Something else is wanted: what is in work is dropped."""


class Easel:
    """One version in work. `tell` hears what there is; `interrupted` is asked between steps of the model;
    `warm` loads models after the first pictures.
    """

    def __init__(
        self,
        cache: Path,
        device: str,
        tell: Callable[[Told], None],
        interrupted: Callable[[], bool],
        warm: Callable[[Engines], None] = lambda engines: None,
        library: Path | None = None,
    ) -> None:
        self._warm = warm
        self._cache = cache
        self._device = device
        self._tell = tell
        self._interrupted = interrupted
        self.engines = Engines(device, self._between_steps, library, cache)
        # this process only writes them
        self._pictures = Pictures(cache, in_memory=0)
        store = Store(cache)
        self._listing = Listing(store.folder, ".pic")
        self._previews = Listing(self._pictures.folder, ".pre")
        self._kept = Kept()
        self._shelves: dict[Tier, Keeping] = {Tier.CAMERA: MemoryShelf()}
        lasting = LastingShelf(store)
        self._shelves |= {Tier.DRAFT: lasting, Tier.FINAL: lasting}
        self._paint: Paint | None = None
        self._look = Look(0, 0, 2**31)
        self._opening: list[TierPlan] = []
        self._strips: list[Strip] = []
        self._told_pace: dict[Tier, float] = {}
        self._near = 0
        self._is_warm = False

    def paint(self, paint: Paint) -> None:
        """Another version, or more tiers of the same one; their plans are opened one after the other, the
        lowest tier first.
        """
        if self._paint is not None and self._paint.version == paint.version:
            wanted = {plan.tier for plan in paint.tiers}
            self._strips = [strip for strip in self._strips if strip.tier in wanted]
        else:
            self._strips, self._told_pace, self._near = [], {}, AT_ONCE
        self._paint = paint
        opened = {strip.tier for strip in self._strips}
        self._opening = [plan for plan in sorted(paint.tiers, key=_tier) if plan.tier not in opened]
        for strip in self._strips:
            strip.paints = strip.tier <= paint.ceiling
            strip.look(self._look)

    def look(self, look: Look) -> None:
        """Somewhere else is looked at."""
        if abs(look.head - self._look.head) > STEP:
            self._near = AT_ONCE
        self._look = look
        for strip in self._strips:
            strip.look(look)

    def find(self) -> None:
        """Look for frames that another process has made."""
        if self._listing.refresh():
            for strip in self._strips:
                if not strip.paints:
                    strip.look(self._look)

    def step(self) -> bool:
        """Do the next thing; False if there is nothing to do. `Interrupted` if something else is wanted."""
        # the first pictures of the lowest tier come before the plans of the others are looked at
        first = next((strip for strip in self._strips if self._near > 0 and strip.paints), None)
        if first is not None and not self._waits(first) and first.wants():
            self._near -= 1
            self._work(first)
            return True
        if self._strips:
            self.warm_up()
        if self._opening:
            self._open(self._opening.pop(0))
            return True
        wanting = [strip for strip in self._strips if not self._waits(strip) and strip.wants()]
        if not wanting:
            return False
        self._work(min(wanting, key=lambda strip: strip.spent / WEIGHTS[strip.tier]))
        return True

    def warm_up(self) -> None:
        """Prepare what drafts will need, once: after the first pictures, which would be late by it."""
        if not self._is_warm:
            self._is_warm = True
            self._warm(self.engines)

    @property
    def waits(self) -> bool:
        """Whether a model is being loaded that something waits for."""
        return any(self._waits(strip) for strip in self._strips)

    def _waits(self, strip: Strip) -> bool:
        return self.engines.is_loading(strip.reel.setup)

    def _open(self, plan: TierPlan) -> None:
        """Begin with a tier, and tell of the pictures that are there already."""
        assert self._paint is not None
        tier, paints = plan.tier, plan.tier <= self._paint.ceiling
        try:
            reel = Reel(
                plan.plan,
                plan.columns,
                root=self._paint.root,
                cache=self._cache,
                device=self._device,
                shelf=self._shelves[tier],
                engines=self.engines,
                longest=LONGEST,
                kept=self._kept,
            )
        except Exception as error:
            self._trouble(tier, error)
            return
        strip = Strip(tier, reel, self._pictures, paints=paints, stored=self._listing.__contains__)
        self._previews.refresh()
        self._painted(strip, strip.known(self._previews))
        self._strips.append(strip)
        strip.look(self._look)
        self._paced(strip, always=True)

    def _work(self, strip: Strip) -> None:
        begun = time.perf_counter()
        try:
            done = strip.step()
        except Interrupted:
            raise
        except Exception as error:
            # a tier that cannot be painted must not take the others with it
            self._strips.remove(strip)
            self._trouble(strip.tier, error)
            return
        strip.took(time.perf_counter() - begun, len(done))
        self._painted(strip, done)
        self._paced(strip)

    def _painted(self, strip: Strip, frames: tuple[int, ...]) -> None:
        if not frames or self._paint is None:
            return
        for lower in self._strips:
            if lower.tier < strip.tier:
                lower.leave(iter(frames))
        names = tuple(strip.reel.names[frame] for frame in frames)
        self._tell(Painted(self._paint.version, strip.tier, frames, names))

    def _paced(self, strip: Strip, *, always: bool = False) -> None:
        now = time.monotonic()
        if self._paint is None or (
            not always and strip.missing and now - self._told_pace.get(strip.tier, 0.0) < PACE
        ):
            return
        self._told_pace[strip.tier] = now
        done = strip.frames - len(strip.missing)
        self._tell(Pace(self._paint.version, strip.tier, done, strip.frames, round(strip.pace, 4)))

    def _trouble(self, tier: Tier, error: Exception) -> None:
        if self._paint is not None:
            self._tell(Trouble(self._paint.version, tier, *_said(error)))

    def _between_steps(self) -> None:
        if self._interrupted():
            raise Interrupted


def _said(error: Exception) -> tuple[str, str]:
    """What is wrong, and what to do; of a fault of this program the log has the rest."""
    if isinstance(error, RenderProblem):
        return error.message, error.hint
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return "there is not enough memory to paint", "close other programs, or make `size` smaller"
    if isinstance(error, OSError):
        is_full = errno.errorcode.get(error.errno or 0) in ("ENOSPC", "EDQUOT")
        other = "see that the cache's folder can be written to, or choose another by `ANIM_CACHE`"
        hint = "make room on the disk of the cache" if is_full else other
        return f"a picture cannot be kept: {error.strerror or error}", hint
    traceback.print_exception(error)
    return f"the picture cannot be painted ({type(error).__name__})", "the log of the painter has the rest"


def _tier(plan: TierPlan) -> Tier:
    return plan.tier
