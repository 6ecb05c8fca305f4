"""The thread that compiles: what each change comes to, and that nothing ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.studio.live.films import FILM, WRONG, write_clicks, write_picture
from tests.studio.live.hears import Hears

from anim_compiler.frame_table import frame_table
from anim_dsl.diagnostic import has_errors
from anim_studio.live.compile.compiled import Compiled, Fault, Gone, Listening, Settled
from anim_studio.live.compile.compiling import Compiling
from anim_studio.live.paint.messages import Trouble
from anim_studio.live.tier import Tier
from anim_studio.live.version import Choice, TierPlan, Version

PICTURED = (Tier.CAMERA, Tier.DRAFT, Tier.FINAL)


@dataclass
class Desk:
    """A film that is compiled when the test says that it has changed."""

    film: Path
    hears: Hears[Compiled]
    compiling: Compiling

    def write(self, text: str) -> list[Compiled]:
        """What the film comes to with this text."""
        self.film.write_text(text)
        return self.after(self.compiling.changed)

    def choose(self, choice: Choice) -> list[Compiled]:
        """What it comes to by that choice."""
        return self.after(lambda: self.compiling.choose(choice))

    def after(self, act: Callable[[], None]) -> list[Compiled]:
        """All that is told after something was done."""
        self.hears.clear()
        act()
        return self.hears.until(lambda told: isinstance(told[-1], Settled | Gone | Fault) if told else False)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    film = tmp_path / "film.anim"
    film.write_text(FILM)
    hears: Hears[Compiled] = Hears()
    made = Desk(film, hears, Compiling(film, tmp_path / "cache", hears))
    yield made
    made.compiling.close()


def versions(told: list[Compiled]) -> list[Version]:
    return [each for each in told if isinstance(each, Version)]


def plans(told: list[Compiled]) -> list[TierPlan]:
    return [each for each in told if isinstance(each, TierPlan)]


def shown(plan: TierPlan) -> tuple[str, ...]:
    """The recipes of what the frames show."""
    return frame_table(plan.plan, plan.columns).shown


def test_the_first_version_comes_at_once_with_its_curves_and_then_its_plans(desk: Desk) -> None:
    told = desk.after(desk.compiling.start)
    version = versions(told)[0]
    assert told[0] is version
    good = version.good
    assert good is not None
    assert (version.number, good.frames, [part.end for part in good.parts]) == (1, 16, [16])
    assert good.curves["camera.zoom"].shape == (16,)
    assert good.moving == tuple(name for name in good.curves if name in good.moving)
    assert set(good.moving) == {"swell", "camera.zoom", "coherence.blend"}
    assert tuple(good.curves)[:3] == good.moving
    assert [plan.tier for plan in plans(told)] == list(PICTURED)
    assert {plan.plan.frames for plan in plans(told)} == {16}
    assert told[-1] == Settled(1)


def test_a_mistake_is_told_with_its_line_and_the_fix_clears_it(desk: Desk) -> None:
    desk.after(desk.compiling.start)
    wrong = versions(desk.write(WRONG))[0]
    assert wrong.good is None
    assert has_errors(wrong.diagnostics)
    assert wrong.source.text == WRONG
    mended = versions(desk.write(FILM))[0]
    assert mended.good is not None
    assert not mended.diagnostics
    assert mended.number == 3


def test_a_mistake_that_shows_itself_in_the_curves_is_told_with_the_version_again(desk: Desk) -> None:
    desk.after(desk.compiling.start)
    told = desk.write(FILM.replace("blend = 0.1 * swell", "blend = 0.1 / (t - 3)"))
    first, again = versions(told)[:2]
    assert first.number == again.number == 2
    assert first.good is not None
    assert again.good is None
    assert has_errors(again.diagnostics)
    assert Tier.FINAL not in [plan.tier for plan in plans(told)]


def test_a_film_that_is_not_there_is_told_and_made_when_it_comes(desk: Desk) -> None:
    desk.film.unlink()
    gone = desk.after(desk.compiling.start)[0]
    assert isinstance(gone, Gone)
    assert "film.anim" in gone.message
    assert versions(desk.write(FILM))[0].good is not None
    desk.film.unlink()
    assert isinstance(desk.after(desk.compiling.changed)[0], Gone)
    assert versions(desk.write(FILM))[0].good is not None


def test_a_text_that_is_no_text_is_told(desk: Desk) -> None:
    desk.film.write_bytes(b"size = \xff\xfe")
    told = desk.after(desk.compiling.start)
    assert isinstance(told[0], Gone)
    assert "UTF-8" in told[0].message
    assert told[0].hint == "save it as UTF-8"


def test_the_newest_change_wins(tmp_path: Path) -> None:
    film = tmp_path / "film.anim"
    film.write_text(FILM)
    hears: Hears[Compiled] = Hears()

    def told(each: Compiled) -> None:
        hears(each)
        # while the plans of the first version are still to be made
        if isinstance(each, Version) and each.number == 1:
            film.write_text(FILM.replace("length = 2s", "length = 1s"))
            compiling.changed()
            compiling.changed()

    compiling = Compiling(film, tmp_path / "cache", told)
    compiling.start()
    all_told = hears.until(lambda told: Settled(3) in told)
    compiling.close()
    assert [each.number for each in versions(all_told)] == [1, 3]
    assert {plan.version for plan in plans(all_told)} == {3}
    assert {plan.plan.frames for plan in plans(all_told)} == {8}


def test_a_mistake_of_ours_is_told_and_the_next_change_is_made(tmp_path: Path) -> None:
    film = tmp_path / "film.anim"
    film.write_text(FILM)
    hears: Hears[Compiled] = Hears()
    broken = [True]

    def texts() -> Mapping[Path, bytes]:
        if broken.pop():
            broken.append(False)
            raise RuntimeError("nobody thought of this")
        broken.append(False)
        return {}

    desk = Desk(film, hears, Compiling(film, tmp_path / "cache", hears, texts=texts))
    fault = desk.after(desk.compiling.start)[0]
    assert isinstance(fault, Fault)
    assert "RuntimeError" in fault.message
    assert "nobody thought of this" in fault.log.read_text()
    assert versions(desk.after(desk.compiling.changed))[0].good is not None
    desk.compiling.close()


def test_whoever_listens_may_fail(tmp_path: Path) -> None:
    film = tmp_path / "film.anim"
    film.write_text(FILM)
    hears: Hears[Compiled] = Hears()

    def told(each: Compiled) -> None:
        hears(each)
        if not isinstance(each, Settled):
            raise RuntimeError("the screen has gone")

    compiling = Compiling(film, tmp_path / "cache", told)
    compiling.start()
    hears.until(lambda told: any(isinstance(each, Fault) for each in told))
    compiling.changed()
    hears.until(lambda told: any(each.version == 2 for each in told if isinstance(each, Fault)))
    compiling.close()


def test_a_model_that_is_missing_is_trouble_of_the_final_only(desk: Desk) -> None:
    desk.film.write_text(f'model = "models/none.safetensors"\n{FILM}')
    told = desk.after(desk.compiling.start)
    trouble = next(each for each in told if isinstance(each, Trouble))
    assert (trouble.version, trouble.tier) == (1, Tier.FINAL)
    assert "models/none.safetensors" in trouble.message
    assert trouble.hint
    assert [plan.tier for plan in plans(told)] == [Tier.CAMERA, Tier.DRAFT]


def test_a_seed_is_chosen_without_the_text(desk: Desk) -> None:
    by_film = plans(desk.after(desk.compiling.start))
    chosen = desk.choose(Choice(seed=77))
    assert versions(chosen)[0].choice == Choice(seed=77)
    assert plans(chosen)[-1].plan.seed == 77 != by_film[-1].plan.seed
    # moves are no matter of the seed: no frame of them is made anew
    assert shown(plans(chosen)[0]) == shown(by_film[0])
    assert shown(plans(chosen)[-1]) != shown(by_film[-1])
    assert versions(desk.choose(Choice()))[0].choice == Choice()


def test_a_variant_is_chosen_as_long_as_the_text_has_it(desk: Desk) -> None:
    desk.film.write_text(FILM + "variant { seed = [5, 6] }\n")
    desk.after(desk.compiling.start)
    second = versions(desk.choose(Choice(variant=1)))[0]
    assert second.good is not None
    assert second.good.film.seed == 6
    less = versions(desk.write(FILM))[0]
    assert less.choice.variant is None
    assert less.good is not None
    again = versions(desk.write(FILM + "variant { seed = [5, 6] }\n"))[0]
    assert again.choice.variant == 1


def test_values_for_lets_are_given_beside_the_text(tmp_path: Path) -> None:
    film = tmp_path / "film.anim"
    film.write_text(FILM)
    hears: Hears[Compiled] = Hears()
    desk = Desk(film, hears, Compiling(film, tmp_path / "cache", hears, given=("swell=0.25",)))
    good = versions(desk.after(desk.compiling.start))[0].good
    desk.compiling.close()
    assert good is not None
    assert (good.curves["swell"] == 0.25).all()


def test_an_imported_file_is_read_again(desk: Desk) -> None:
    looks = desk.film.with_name("looks.anim")
    looks.write_text("let depth = 0.3\n")
    desk.film.write_text('import "looks.anim"\n' + FILM.replace("0.1 * swell", "depth"))
    first = versions(desk.after(desk.compiling.start))[0].good
    looks.write_text("let depth = 0.4\n")
    second = versions(desk.after(desk.compiling.changed))[0].good
    assert first is not None
    assert second is not None
    assert (first.curves["coherence.blend"][0], second.curves["coherence.blend"][0]) == (0.3, 0.4)


def test_another_picture_under_the_same_name_is_another_plan(desk: Desk) -> None:
    still = desk.film.with_name("still.png")
    write_picture(still, 10)
    desk.film.write_text('image still = "still.png"; init = still\n' + FILM)
    first = plans(desk.after(desk.compiling.start))
    write_picture(still, 200)
    second = plans(desk.after(desk.compiling.changed))
    assert all(a.plan != b.plan for a, b in zip(first, second, strict=True))


def test_what_is_heard_comes_after_the_curves_and_with_them_from_then_on(desk: Desk) -> None:
    write_clicks(desk.film.with_name("song.wav"))
    text = 'audio song = "song.wav"\n' + FILM
    desk.film.write_text(text)
    told = desk.after(desk.compiling.start)
    assert told[0] == Listening(1, ("song",))
    silent, whole = versions(told)
    assert silent.number == whole.number == 1
    assert silent.good is not None
    assert whole.good is not None
    assert "bass" not in silent.good.curves
    assert {"bass", "onset", "beat", "downbeat"} <= whole.good.curves.keys()
    assert tuple(whole.good.curves)[: len(silent.good.curves)] == tuple(silent.good.curves)
    again = desk.write(text.replace("a lake", "a river"))
    assert not [each for each in again if isinstance(each, Listening)]
    (only,) = versions(again)
    assert only.good is not None
    assert "bass" in only.good.curves


def test_a_song_that_cannot_be_read_is_a_mistake_of_the_film(desk: Desk) -> None:
    desk.film.with_name("song.wav").write_bytes(b"no sound at all" * 100)
    desk.film.write_text('audio song = "song.wav"\n' + FILM.replace("0.1 * swell", "0.1 * bass"))
    version = versions(desk.after(desk.compiling.start))[-1]
    assert version.good is None
    assert has_errors(version.diagnostics)


def test_the_files_to_follow_are_told_even_where_they_are_missing(tmp_path: Path) -> None:
    film = tmp_path / "film.anim"
    film.write_text('import "looks.anim"\nimage still = "media/still.png"; init = still\n' + FILM)
    hears: Hears[Compiled] = Hears()
    followed: Hears[frozenset[Path]] = Hears()
    desk = Desk(
        film,
        hears,
        Compiling(film, tmp_path / "cache", hears, follow=lambda read: followed(frozenset(read))),
    )
    assert versions(desk.after(desk.compiling.start))[0].good is None
    desk.compiling.close()
    named = {"film.anim", "looks.anim", "media/still.png"}
    assert {tmp_path / name for name in named} <= followed.told[0]
