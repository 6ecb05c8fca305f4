"""What is written to the terminal while the film plays: what changed, and never the whole screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.studio.tui.stands import Stand, until
from textual._compositor import Compositor

from anim_studio.live.tier import Tier
from anim_studio.tui.picture.picture import Picture

pytestmark = pytest.mark.asyncio


async def test_playing_repaints_no_whole_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await stand.settle(pilot)
        stand.paint(Tier.DRAFT, range(120))
        await until(pilot, lambda: stand.app.query_one(Picture).picture is not None)
        await pilot.press("space")
        await pilot.pause()
        whole: list[object] = []
        update = Compositor.render_full_update

        def heard(self: Compositor, **more: bool) -> Any:
            whole.append(self)
            return update(self, **more)

        monkeypatch.setattr(Compositor, "render_full_update", heard)
        for frame in range(1, 40):
            stand.time = frame / 12
            stand.app._tick()
            await pilot.pause()
        assert stand.app.head == 39
        assert whole == []
