"""The panel of problems: what stays as it is while the film is written."""

from __future__ import annotations

from pathlib import Path

from tests.studio.tui.stands import FILM, Stand, until

from anim_studio.tui.panels.problems import Problem

WARNED = f"let spare = 1\n{FILM}"


async def test_a_save_that_changes_no_problem_lays_none_out_anew(tmp_path: Path) -> None:
    stand = Stand(tmp_path, WARNED)
    app = stand.app
    async with app.run_test(size=(100, 30)) as pilot:
        await stand.settle(pilot)
        await until(pilot, lambda: len(app.query(Problem)) == 1)
        (first,) = app.query(Problem)
        again = f"{WARNED}# nothing\n"
        stand.save(again)
        await until(pilot, lambda: app.version is not None and app.version.source.text == again)
        assert [*app.query(Problem)] == [first]
        assert first.found.source.text == again, "a click opens the text as it is now"
        stand.save(f"# moved\n{WARNED}")
        await until(pilot, lambda: [*app.query(Problem)] not in ([first], []))
        stand.save(FILM)
        await until(pilot, lambda: not app.query(Problem))
