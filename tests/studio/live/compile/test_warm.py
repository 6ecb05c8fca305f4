"""A film made again and again in a warm process comes to what a cold one makes of it."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from tests.compiler import random_films
from tests.studio.live.films import FILM, write_picture

from anim_compiler.plan_file import columns_bytes, plan_json
from anim_studio.cli.exits import Exit, Stop
from anim_studio.live.compile.warm import WarmFilm
from anim_studio.live.tier import Tier
from anim_studio.live.version import Choice, TierPlan, Version


def made(maker: WarmFilm, choice: Choice | None = None) -> tuple[Version, list[TierPlan | None]]:
    """A version of the film as it is on the disk now, and its plans."""
    version = maker.version(maker.checked(choice or Choice(), {}), 1, 0.0, silent=False)
    return version, [maker.plan(version, tier)[0] for tier in (Tier.CAMERA, Tier.DRAFT, Tier.FINAL)]


def same(warm: Version, cold: Version) -> None:
    assert warm.diagnostics == cold.diagnostics
    assert warm.document == cold.document
    assert (warm.good is None) == (cold.good is None)
    if warm.good is None or cold.good is None:
        return
    assert (warm.good.moving, warm.good.parts) == (cold.good.moving, cold.good.parts)
    assert tuple(warm.good.curves) == tuple(cold.good.curves)
    for name, values in warm.good.curves.items():
        np.testing.assert_array_equal(values, cold.good.curves[name], err_msg=name)


def same_plan(warm: TierPlan | None, cold: TierPlan | None) -> None:
    assert (warm is None) == (cold is None)
    if warm is not None and cold is not None:
        assert plan_json(warm.plan) == plan_json(cold.plan)
        assert columns_bytes(warm.columns) == columns_bytes(cold.columns)


@pytest.mark.parametrize("seed", range(2))
def test_edits_one_after_the_other_come_to_what_a_cold_start_makes(tmp_path: Path, seed: int) -> None:
    source = random.Random(seed)
    path, cache = tmp_path / "film.anim", tmp_path / "cache"
    film, warm = random_films.film(source), WarmFilm(path, cache)
    older = [film]
    for n in range(12):
        # now and then it is wrong in between
        text = film.text if n % 4 != 3 else film.text.replace("prompt {", "prompt {{ zoom", 1)
        path.write_text(text)
        choice = Choice(seed=source.choice((None, None, 5)))
        warm_made, cold_made = made(warm, choice), made(WarmFilm(path, cache), choice)
        same(warm_made[0], cold_made[0])
        for warm_plan, cold_plan in zip(warm_made[1], cold_made[1], strict=True):
            same_plan(warm_plan, cold_plan)
        older.append(film)
        film = source.choice(older) if source.random() < 0.2 else random_films.edited(film, source)


def test_texts_that_are_known_are_not_read_from_the_disk(tmp_path: Path) -> None:
    path, looks = tmp_path / "film.anim", tmp_path / "looks.anim"
    path.write_text("half a fil")
    looks.write_text("")
    texts = {
        path: b'\xef\xbb\xbfimport "looks.anim"\n' + FILM.replace("0.1 * swell", "depth").encode(),
        looks: b"let depth = 0.3\n",
    }
    maker = WarmFilm(path, tmp_path / "cache")
    version = maker.version(maker.checked(Choice(), texts), 1, 0.0, silent=False)
    assert version.good is not None
    assert version.good.curves["coherence.blend"][0] == 0.3


def test_media_are_read_once_as_long_as_nobody_writes_them(tmp_path: Path) -> None:
    path, still = tmp_path / "film.anim", tmp_path / "still.png"
    write_picture(still, 10)
    path.write_text('image still = "still.png"; init = still\n' + FILM)
    maker = WarmFilm(path, tmp_path / "cache")
    first = made(maker)[1][-1]
    write_picture(still, 200)
    second = made(maker)[1][-1]
    assert first is not None
    assert second is not None
    assert first.plan.media != second.plan.media


def test_a_film_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Stop) as stop:
        WarmFilm(tmp_path / "film.anim", tmp_path / "cache").checked(Choice(), {})
    assert stop.value.code is Exit.USAGE


@pytest.mark.parametrize("seed", [None, 8])
def test_the_curves_are_those_of_the_plan(tmp_path: Path, seed: int | None) -> None:
    path = tmp_path / "film.anim"
    # noise depends on the seed, which this film draws from its name
    text = FILM.replace("seed = 3", "seed = -1")
    path.write_text(text.replace("strength = 0.5", "strength = 0.5 + 0.2 * noise(t)"))
    version, plans = made(WarmFilm(path, tmp_path / "cache"), Choice(seed=seed))
    final = plans[-1]
    assert final is not None
    assert version.good is not None
    np.testing.assert_array_equal(final.columns["diffuse.strength"], version.good.curves["diffuse.strength"])
