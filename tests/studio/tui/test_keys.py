"""Every key of the screen, pressed."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.studio.tui.stands import FILM, Stand, until
from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.widgets import Input

from anim_compiler.compile import CompileOptions, compile_film
from anim_studio.live.paint.messages import Look, Paint, Rest, Trouble
from anim_studio.live.tier import Tier
from anim_studio.live.version import Choice, TierPlan
from anim_studio.renders.state import RenderState
from anim_studio.tui.dialogs.choose_curves import ChooseCurves
from anim_studio.tui.dialogs.first import First
from anim_studio.tui.dialogs.help import Help
from anim_studio.tui.dialogs.questions import Line, Pick
from anim_studio.tui.panels.header import Header
from anim_studio.tui.panels.keybar import KeyBar
from anim_studio.tui.panels.side import Side, Tabs
from anim_studio.tui.picture.picture import Picture
from anim_studio.tui.timeline.timeline import Timeline

SONG = """size = 64x64
fps = 12
length = 4s
bpm = 120
camera 2d { zoom = 0s: 1, 2s: 1.1 }
"""
VARIANTS = (
    FILM
    + """
variant { seed = [3, 5] }
"""
)


@contextlib.asynccontextmanager
async def shown(folder: Path, text: str = FILM, **begin: object) -> AsyncIterator[tuple[Stand, Pilot[Any]]]:
    stand = Stand(folder, text, **begin)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await stand.settle(pilot)
        yield stand, pilot


async def test_steps_and_ends(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("right", "right", "left")
        assert stand.app.head == 1
        await pilot.press("end")
        assert stand.app.head == 119
        await pilot.press("right")
        assert stand.app.head == 119
        await pilot.press("home")
        assert stand.app.head == 0


async def test_space_plays_at_the_films_speed_and_pauses(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("space")
        assert stand.app.playing
        stand.time = 2.01
        await until(pilot, lambda: stand.app.head == 24)
        await pilot.press("space")
        stand.time = 5.0
        await pilot.pause()
        assert (stand.app.playing, stand.app.head) == (False, 24)


async def test_without_a_loop_it_stops_at_the_end(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("l", "space")
        stand.time = 30.0
        await until(pilot, lambda: not stand.app.playing)
        assert stand.app.head == 119


async def test_jumps_to_scenes_and_keys(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("n")
        assert stand.app.head == 48
        await pilot.press("n", "N", "N")
        assert stand.app.head == 0
        await pilot.press("shift+right")
        assert stand.app.head == 48
        await pilot.press("shift+right")
        assert stand.app.head == 60
        await pilot.press("shift+left")
        assert stand.app.head == 48


async def test_keys_of_the_chosen_lane_are_chosen(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("down", "down", "down")
        zoom = stand.app.lane
        assert zoom == "camera.zoom"
        await pilot.press("shift+right")
        assert (stand.app.head, stand.app.key) == (48, 1)
        await pilot.press("up")
        assert (stand.app.lane, stand.app.key) == ("prompts", None)


async def test_jumps_to_beats(tmp_path: Path) -> None:
    async with shown(tmp_path, SONG) as (stand, pilot):
        await pilot.press("b", "b")
        assert stand.app.head == 12
        await pilot.press("B")
        assert stand.app.head == 6


async def test_what_a_film_has_not_is_said(tmp_path: Path) -> None:
    film = FILM[: FILM.index("scene dusk")]
    async with shown(tmp_path, film) as (stand, pilot):
        for key, says in (
            ("n", "this film has no scenes"),
            ("b", "this film has no beats: it follows no song"),
        ):
            await pilot.press(key)
            assert [box.message for box in stand.app._notifications] == [says]


async def test_zoom_shows_less_and_the_whole(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        assert stand.app.view == (0, 120)
        await pilot.press("plus")
        first, end = stand.app.view
        assert end - first < 120
        await pilot.press("minus")
        await pilot.press("0")
        assert stand.app.view == (0, 120)


async def test_what_was_in_view_is_remembered(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("plus", "plus")
        view = stand.app.view
    async with shown(tmp_path) as (stand, pilot):
        assert stand.app.view == view


async def test_a_scene_that_is_none_is_told(tmp_path: Path) -> None:
    async with shown(tmp_path, scene="noon") as (stand, _):
        assert stand.app.range == (0, 120)
        assert any("there is no scene `noon`" in line for line in stand.app.lines)


async def test_the_page_turns_where_the_playhead_leaves_it(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("plus", "plus", "end")
        first, end = stand.app.view
        assert first <= 119 < end


@pytest.mark.parametrize(
    ("typed", "frame"), [("62", 62), ("2.5s", 30), ("0:05", 60), ("50%", 60), ("rain", 48), ("999", 119)]
)
async def test_goes_to_what_is_typed(tmp_path: Path, typed: str, frame: int) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("g")
        stand.app.screen.query_one(Input).value = typed
        await pilot.press("enter")
        assert stand.app.head == frame


async def test_a_place_that_is_none_stays_asked_for(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("g", "x", "enter")
        assert isinstance(stand.app.screen, Line)
        await pilot.press("escape")
        assert stand.app.head == 0
        assert not isinstance(stand.app.screen, Line)


async def test_solo_plays_one_scene(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("n", "s")
        assert (stand.app.solo, stand.app.range) == ("rain", (48, 96))
        assert stand.app.query_one(Timeline).solo == (48, 96)
        await pilot.press("space")
        stand.time = 4.01
        await until(pilot, lambda: stand.app.head == 48)
        await until(pilot, lambda: stand.painter.asked[-1] == Look(48, 48, 96))
        await pilot.press("s")
        assert stand.app.range == (0, 120)


async def test_a_scene_of_the_command_line_is_solo(tmp_path: Path) -> None:
    async with shown(tmp_path, scene="dawn") as (stand, _):
        assert stand.app.range == (96, 120)


async def test_draws_seeds_and_returns_to_the_films(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("d")
        assert stand.compiling.choice == Choice(seed=101)
        assert "seed 101" in stand.app.query_one(Header).chosen
        await pilot.press("D")
        assert stand.compiling.choice == Choice()


async def test_picks_a_variant(tmp_path: Path) -> None:
    async with shown(tmp_path, VARIANTS) as (stand, pilot):
        await pilot.press("v")
        assert isinstance(stand.app.screen, Pick)
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: stand.compiling.choice == Choice(variant=1))


async def test_a_film_without_variants_says_so(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("v")
        assert not isinstance(stand.app.screen, Pick)
        assert [n.message for n in stand.app._notifications] == ["this film has no `variant` block"]


async def test_tiers_in_turn_and_what_the_painter_is_asked(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        plan = _plan(stand, Tier.CAMERA)
        stand.app.hear(plan)
        await until(pilot, lambda: any(isinstance(asked, Paint) for asked in stand.painter.asked))
        paint = next(asked for asked in stand.painter.asked if isinstance(asked, Paint))
        assert (paint.tiers, paint.ceiling) == ((plan,), Tier.DRAFT)
        await pilot.press("t")
        await until(pilot, lambda: _ceilings(stand)[-1] is Tier.FINAL)
        await pilot.press("t")
        await until(pilot, lambda: Rest() in stand.painter.asked)
        await pilot.press("t")
        await until(pilot, lambda: _ceilings(stand)[-1] is Tier.CAMERA)


async def test_compares_with_the_version_before_and_keeps_it(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("a")
        assert not stand.app.comparing
        stand.paint(Tier.DRAFT, range(120))
        await pilot.pause()
        stand.save(FILM.replace("1.2", "1.3"))
        await until(pilot, lambda: stand.app.shown.version == 2)
        await pilot.press("a")
        await until(pilot, lambda: stand.app.query_one(Picture).other is not None)
        stand.save(FILM.replace("1.2", "1.4"))
        await until(pilot, lambda: stand.app.shown.version == 3)
        assert stand.app.before is not None
        assert stand.app.before.version == 1
        await pilot.press("a")
        await until(pilot, lambda: stand.app.query_one(Picture).other is None)


def _shows(stand: Stand, text: str) -> bool:
    return stand.app.version is not None and stand.app.version.source.text == text


async def test_a_mistake_that_is_taken_back_is_no_version_to_compare_with(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        changed = FILM.replace("1.2", "1.3")
        for text in (changed, FILM.replace("zoom", "zom"), changed):
            stand.save(text)
            await until(pilot, partial(_shows, stand, text))
        await until(pilot, lambda: stand.app.shown.version == 4)
        assert stand.app.before is not None
        assert stand.app.before.version == 1


async def test_an_error_keeps_what_was_good_and_the_fix_clears_it(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        stand.paint(Tier.DRAFT, range(120))
        stand.save(FILM.replace("zoom", "zom"))
        header = stand.app.query_one(Header)
        await until(pilot, lambda: header.mistakes == "1 mistake, the last good version is shown")
        assert stand.app.good is not None
        assert stand.app.good.number == 1
        assert stand.app.query_one(Picture).picture is not None
        stand.save(FILM)
        await until(pilot, lambda: not header.mistakes)


async def test_a_film_that_was_never_good_promises_no_good_version(tmp_path: Path) -> None:
    stand = Stand(tmp_path, text=FILM.replace("zoom", "zom"))
    async with stand.app.run_test(size=(80, 24)) as pilot:
        header, timeline = stand.app.query_one(Header), stand.app.query_one(Timeline)
        await until(pilot, lambda: header.mistakes == "1 mistake")
        rows = [timeline.render_line(y).text.strip() for y in range(timeline.size.height)]
        assert not any(rows), "there is no frame to stand at"


async def test_shows_each_mistake_in_turn(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        stand.save(FILM.replace("zoom", "zom").replace("angle", "angel"))
        await until(pilot, lambda: stand.app.version is not None and len(stand.app.version.diagnostics) == 2)
        await pilot.press("exclamation_mark")
        assert stand.app.mistake == 1
        await pilot.press("exclamation_mark")
        assert stand.app.mistake == 0


async def test_a_mistake_shows_itself_until_it_is_mended(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("3", "f3")
        side = stand.app.query_one(Side)
        await until(pilot, lambda: not side.display)
        stand.save(FILM.replace("zoom", "zom"))
        await until(pilot, lambda: side.display and side.shown == "problems")
        stand.save(FILM)
        await until(pilot, lambda: not side.display)
        stand.save(FILM.replace("zoom", "zom"))
        await until(pilot, lambda: side.display)
        await pilot.press("4")
        await until(pilot, lambda: side.shown == "log")


async def test_keys_and_panels_can_be_clicked(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        bar = stand.app.query_one(KeyBar)
        line = str(bar.render()).splitlines()[0]
        await pilot.click(KeyBar, offset=(1 + line.index("→"), 0))
        assert stand.app.head == 1
        await pilot.click(Tabs, offset=(str(stand.app.query_one(Tabs).render()).index("queue") + 1, 0))
        assert stand.app.panels.tab == "queue"


async def test_chooses_curves_and_remembers_them(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        assert set(stand.app.drawn()) == {"camera.zoom", "camera.angle"}
        await pilot.press("c")
        assert isinstance(stand.app.screen, ChooseCurves)
        await pilot.press("escape")
        stand.app.switch_curve("camera.angle")
        assert stand.app.drawn() == ("camera.zoom",)
    async with shown(tmp_path) as (stand, pilot):
        assert stand.app.drawn() == ("camera.zoom",)


async def test_exports_the_picture_and_the_screen(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("o")
        assert not (tmp_path / "out").exists()
        stand.paint(Tier.DRAFT, range(120))
        await until(pilot, lambda: stand.app.query_one(Picture).picture is not None)
        await pilot.press("right", "o", "o", "O")
        made = {path.name for path in (tmp_path / "out").iterdir()}
        assert made == {"night-drive-f0001.png", "night-drive-f0001-2.png", "night-drive-f0001-screen.svg"}


async def test_renders_what_is_shown(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("r")
        assert not stand.renders.submitted
        plan = _plan(stand, Tier.FINAL)
        stand.app.hear(plan)
        await until(pilot, lambda: len(stand.renders.submitted) == 1)
        wanted = stand.renders.submitted[0]
        assert (wanted.film, wanted.plan) == (stand.film, plan.plan)
        assert [output.path for output in wanted.outputs or ()] == ["night-drive.mp4"]


async def test_what_cannot_be_rendered_says_why(tmp_path: Path) -> None:
    from anim_studio.live.compile.compiled import Settled

    async with shown(tmp_path) as (stand, pilot):
        stand.app.hear(Trouble(1, Tier.FINAL, "there is no model `sdxl` here", "`anim doctor`"))
        stand.app.hear(Settled(1))
        await until(pilot, lambda: stand.app.settled)
        await pilot.press("r")
        assert any("no model" in line for line in stand.app.lines)
        assert not stand.renders.submitted


async def test_stops_this_films_render(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        stand.renders.states = [_state(stand, "other", film=tmp_path / "other.anim"), _state(stand, "mine")]
        await until(pilot, lambda: len(stand.app.renders) == 2)
        await pilot.press("R")
        await until(pilot, lambda: stand.renders.done == [("stop", "mine")])


async def test_a_render_that_ends_is_told(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        stand.renders.states = [_state(stand, "1")]
        await until(pilot, lambda: stand.app.mine() is not None)
        stand.renders.states = [replace(_state(stand, "1"), life="done")]
        await until(pilot, lambda: any("rendered night-drive" in line for line in stand.app.lines))


async def test_panels_are_hidden_sized_and_remembered(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("f2", "f4", "left_square_bracket", "3")
        assert not stand.app.query_one("#curves").display
        assert not stand.app.query_one(Timeline).display
        width = stand.app.panels.width
    async with shown(tmp_path) as (stand, pilot):
        await until(pilot, lambda: not stand.app.query_one("#curves").display)
        assert (stand.app.panels.width, stand.app.panels.tab) == (width, "queue")
        await pilot.press("f5", "f6")
        assert stand.app.panels.tab == "log" or stand.app.panels.side


async def test_the_picture_alone(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: stand.app.query_one(Picture).size.width == 120)
        await pilot.press("f5")
        await until(pilot, lambda: stand.app.query_one(Picture).size.width < 120)


async def test_a_taller_timeline(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        timeline = stand.app.query_one(Timeline)
        height = timeline.outer_size.height
        await pilot.press("right_curly_bracket")
        await until(pilot, lambda: timeline.outer_size.height == height + 1)
        await pilot.press("left_curly_bracket")
        await until(pilot, lambda: timeline.outer_size.height == height)


async def test_help_opens_and_any_of_its_keys_closes_it(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        for open_, close in (("f1", "escape"), ("question_mark", "q"), ("question_mark", "question_mark")):
            await pilot.press(open_)
            assert isinstance(stand.app.screen, Help)
            await pilot.press(close)
            assert not isinstance(stand.app.screen, Help)


async def test_the_palette_goes_to_a_place(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(stand.app.screen, CommandPalette))
        await pilot.press(*"0:05")
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: stand.app.head == 60)


async def test_themes_are_remembered(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, pilot):
        await pilot.press("T")
        await until(pilot, lambda: isinstance(stand.app.screen, CommandPalette))
        await pilot.press("escape")
        stand.app.theme = "gruvbox"
        await pilot.pause()
    async with shown(tmp_path) as (stand, pilot):
        assert stand.app.theme == "gruvbox"


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("ctrl+q", 0), ("ctrl+c", 130)])
async def test_keys_that_end_it(tmp_path: Path, key: str, code: int) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await stand.settle(pilot)
        await pilot.press(key)
    assert (stand.app.return_value or 0) == code
    assert stand.compiling.closed
    assert stand.painter.closed


async def test_ctrl_c_ends_it_from_a_question_too(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await stand.settle(pilot)
        await pilot.press("g", "ctrl+c")
    assert stand.app.return_value == 130


async def test_a_film_that_is_not_there_is_made_of_a_template(tmp_path: Path) -> None:
    stand = Stand(tmp_path, text=None)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(stand.app.screen, First))
        await pilot.press("down", "enter")
        await stand.settle(pilot)
        assert stand.first == ["morph"]


async def test_a_film_written_elsewhere_takes_the_question_away(tmp_path: Path) -> None:
    stand = Stand(tmp_path, text=None)
    async with stand.app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(stand.app.screen, First))
        stand.save(FILM)
        await until(pilot, lambda: not isinstance(stand.app.screen, First))
        assert stand.first == []


async def test_every_key_has_a_help_line_and_none_is_bound_twice(tmp_path: Path) -> None:
    async with shown(tmp_path) as (stand, _):
        bound = stand.app._bindings.key_to_bindings
        ours = {key: [row for row in rows if row.group is not None] for key, rows in bound.items()}
        assert {key for key, rows in ours.items() if len(rows) > 1} == set()
        assert all(row.tooltip for rows in ours.values() for row in rows)


def _plan(stand: Stand, tier: Tier) -> TierPlan:
    version = stand.app.good
    assert version is not None
    assert version.good is not None
    made = compile_film(version.good.film, version.world, CompileOptions(model_sha256=lambda _: "0" * 64))
    assert made.plan is not None
    return TierPlan(version.number, tier, made.plan, made.columns)


def _ceilings(stand: Stand) -> list[Tier]:
    return [asked.ceiling for asked in stand.painter.asked if isinstance(asked, Paint)]


def _state(stand: Stand, id: str, film: Path | None = None) -> RenderState:
    return RenderState(
        id, film or stand.film, "night-drive", "running", True, "cpu", 0.0, frames=120, done=12
    )
