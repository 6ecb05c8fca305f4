"""`anim doctor FILM`: what was measured, and what to change."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Ran

from anim_runtime.digests import run_folder
from anim_runtime.events import FigureSummary, Finished, Measured
from anim_runtime.journal import Journal
from anim_runtime.store import DEFAULT_CAP
from anim_studio.advising.telling import last_words
from anim_studio.cli.environment import Environment
from anim_studio.renders import wanted

FILM = 'size = 64x64; fps = 12; length = 1s\nprompt { 0s: "a" }\ndiffuse { strength = 0.8 }\n'


@pytest.fixture
def flickering(write_film: Callable[..., Path], fresh_cache: Path) -> Path:
    film = write_film(FILM)
    asked = wanted(film, Environment(fresh_cache, DEFAULT_CAP, False))
    with Journal(run_folder(fresh_cache, asked.plan) / "journal.jsonl") as journal:
        for frame in range(12):
            figures = {"flicker": 0.08, "drift": 0.3}
            journal.append(Measured(at=1.0, frame=frame, shown="s", version=2, figures=figures))
        mean = FigureSummary(mean=0.08, p95=0.08, most=0.08, at=0)
        journal.append(Finished(at=2.0, frames=12, reused=0, seconds=1.5, figures={"flicker": mean}))
    return film


def test_told_with_values_from_and_to(anim: Callable[..., Ran], flickering: Path) -> None:
    said = anim("doctor", flickering)
    assert said.code == 0
    assert "12 frames · 1.5 s · flicker 0.080" in said.out
    assert "⚠ flicker is 0.08 on a typical frame" in said.out
    assert "`coherence.blend` from 0% to 40%" in said.out
    assert "`coherence.color` from none to lab" in said.out
    told = json.loads(anim("doctor", flickering, "--json").out)
    assert told["rendered"]
    assert {piece["trouble"] for piece in told["advice"]} == {"flicker", "drift"}
    assert anim("doctor", "--json").code == 2


def test_a_line_a_trouble_ends_a_render(flickering: Path, fresh_cache: Path) -> None:
    asked = wanted(flickering, Environment(fresh_cache, DEFAULT_CAP, False))
    one, other = last_words(asked.plan, asked.columns, fresh_cache, flickering)
    assert one.startswith("flicker is")
    assert other.startswith("colours drift")
    assert other.endswith(f"(more: `anim doctor {flickering}`)")


def test_a_part_is_examined_as_it_was_rendered(
    anim: Callable[..., Ran], flickering: Path, fresh_cache: Path
) -> None:
    assert "it was not rendered as it stands" in anim("doctor", flickering, "--frames", "0-5").out
    assert "it was not rendered as it stands" in anim("doctor", flickering, "--seed", "5").out
    asked = wanted(flickering, Environment(fresh_cache, DEFAULT_CAP, False))
    # the command that shows more would have to name the part, so none is named
    assert "anim doctor" not in "".join(last_words(asked.plan, asked.columns, fresh_cache, None))


def test_film_that_was_not_rendered(anim: Callable[..., Ran], write_film: Callable[..., Path]) -> None:
    film = write_film(FILM)
    assert f"run `anim render {film}` first" in anim("doctor", film).out
    assert f"run `anim render {film} --seed 3` first" in anim("doctor", film, "--seed", "3").out
    assert anim("doctor", write_film("size = 3", "bad.anim")).code == 1


def test_every_variant_is_examined_as_a_render_makes_every_one(
    anim: Callable[..., Ran], write_film: Callable[..., Path]
) -> None:
    film = write_film(FILM + "variant { seed = [1, 2] }\n")
    told = [json.loads(line) for line in anim("doctor", film, "--json").out.splitlines()]
    assert [one["variant"] for one in told] == ["seed1", "seed2"]
    assert anim("doctor", film, "--variant", "2").out.startswith(f"{film} seed2\n")
