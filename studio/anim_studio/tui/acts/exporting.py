"""What is on the screen becomes files: the picture at the best size that there is, and the screen itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual import work

from anim_studio.live.paint.full_size import StoredFrame, whole_picture
from anim_studio.live.paint.shown import Seen
from anim_studio.live.tier import Tier
from anim_studio.tui.acts.paneling import Paneling
from anim_studio.tui.export import beside, export_picture, export_screen, provenance
from anim_studio.tui.picture.scale import U8


class Exporting(Paneling):
    """Writes the picture and the screen."""

    def action_export(self) -> None:
        """Writes the picture that is shown, both of them while two versions are compared."""
        seen, picture = self.found(self.shown)
        if seen is None or picture is None or self.good is None:
            self.notify("there is no picture of this frame yet")
            return
        texts = provenance(self.good, seen.tier, self.head, self.prompt())
        if self.comparing and self.before is not None:
            _, other = self.found(self.before)
            picture = picture if other is None else beside(other, picture)
        elif (wanted := self._wanted(seen, picture)) is not None:
            self.notify("writing the frame at its own size …")
            self._export_whole(wanted, picture, texts)
            return
        self._export(self._writing(self.head, picture, texts))

    def action_export_screen(self) -> None:
        """Writes the whole screen."""
        svg = self.export_screenshot(title=self.film.name)
        self._export(lambda: export_screen(self.begin.out, self.film.stem, self.head, svg))

    def _wanted(self, seen: Seen, picture: U8) -> StoredFrame | None:
        """What to ask for where a frame of the film itself is larger than its preview."""
        final = next((plan for plan in self.plans if plan.tier is Tier.FINAL), None)
        if seen.tier is not Tier.FINAL or seen.old or final is None or self.good is None:
            return None
        whole = max(final.plan.width, final.plan.height)
        if self.good.number != final.version or max(picture.shape) >= whole:
            return None
        return StoredFrame(final, self.head, self.good.world.root, self.begin.cache, self.device or "cpu")

    @work(thread=True)
    def _export_whole(self, wanted: StoredFrame, small: U8, texts: dict[str, str]) -> None:
        whole = whole_picture(wanted)
        picture = small if whole is None else whole
        self.call_from_thread(self._export, self._writing(wanted.frame, picture, texts))

    def _writing(self, frame: int, picture: U8, texts: dict[str, str]) -> Callable[[], Path]:
        return lambda: export_picture(self.begin.out, self.film.stem, frame, picture, texts)

    def _export(self, write: Callable[[], Path]) -> None:
        try:
            self.tell(f"wrote {write()}")
        except OSError as error:
            why = error.strerror or error
            self.tell(f"nothing can be written into {self.begin.out}: {why}", severity="error")
