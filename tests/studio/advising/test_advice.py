"""Advice follows what was measured, and names the value that the film has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from anim_compiler.plan import Columns, Plan
from anim_runtime.events import Event, Failed, FrameDone, Measured, Planned, Unmet, Warned
from anim_runtime.store import DEFAULT_CAP
from anim_studio.advising import Advice, advice
from anim_studio.cli.environment import Environment
from anim_studio.renders import wanted

FRAMES = 24
HEAD = "size = 128x128; fps = 12; length = 2s\n"
PROMPT = 'prompt { 0s: "a forest" }\n'
MORPH = 'prompt { 0s: "a forest, by day"; 1s: "a forest, at night" }\n'

Plans = Callable[..., tuple[Plan, Columns]]


@pytest.fixture
def planned(write_film: Callable[..., Path], tmp_path: Path) -> Plans:
    environment = Environment(tmp_path / "cache", DEFAULT_CAP, False)

    def plan(*lines: str) -> tuple[Plan, Columns]:
        asked = wanted(write_film(HEAD + "\n".join(lines)), environment)
        return asked.plan, asked.columns

    return plan


def measured(**figures: float | Sequence[float]) -> list[Event]:
    """Events of a film of `FRAMES` frames whose figures are these, all along or frame by frame."""
    calm = {"flicker": 0.01, "drift": 0.01, "sharpness": 0.6, "luma": 0.5}
    found: list[Event] = []
    for frame in range(FRAMES):
        own = {
            name: value if isinstance(value, float | int) else value[frame]
            for name, value in (calm | figures).items()
        }
        found.append(Measured(at=1.0, frame=frame, shown="s", version=2, figures=own))
    return found


def began(device: str = "cpu") -> Planned:
    return Planned(
        at=0.0,
        name="film",
        frames=FRAMES,
        width=128,
        height=128,
        fps="12",
        reused=0,
        diffused=FRAMES,
        tweens=0,
        model="postcard",
        device=device,
    )


def changes(given: Sequence[Advice]) -> list[tuple[str, str, str, str]]:
    return [(piece.trouble, piece.setting, piece.now, piece.then) for piece in given]


def test_calm_film_gets_none(planned: Plans) -> None:
    assert advice(*planned(PROMPT), measured()) == ()
    assert advice(*planned(PROMPT), ()) == ()


def test_flicker(planned: Plans) -> None:
    plan = planned(PROMPT, "diffuse { strength = 0.85 }")
    given = advice(*plan, measured(flicker=[0.06] * 5 + [0.2] + [0.06] * 18))
    assert changes(given) == [
        ("flicker", "coherence.blend", "0%", "40%"),
        ("flicker", "coherence.cadence", "1", "2"),
        ("flicker", "diffuse.strength", "85%", "55%"),
    ]
    assert given[0].found == "flicker is 0.06 on a typical frame, 0.2 at frame 5"
    # a remedy that the film has taken already is not named again
    careful = planned(PROMPT, "diffuse { strength = 0.4 }", "coherence { blend = 0.4; cadence = 2 }")
    assert advice(*careful, measured(flicker=0.06)) == ()


def test_strobes_and_what_the_measure_cannot_follow_are_no_trouble(planned: Plans) -> None:
    strobe = [0.3 if frame % 4 == 0 else 0.01 for frame in range(FRAMES)]
    assert advice(*planned(PROMPT), measured(flicker=strobe)) == ()
    titled = planned(PROMPT, 'layer title { text = "a"; size = 20px }')
    assert advice(*titled, measured(flicker=0.08)) == ()


def test_settings_that_move_count_by_their_mean(planned: Plans) -> None:
    plan = planned(
        PROMPT, "diffuse { strength = 0s: 0.6, 2s: 0.8 }", "coherence { blend = 0.2; cadence = 2 }"
    )
    given = advice(*plan, measured(flicker=0.06))
    assert changes(given) == [
        ("flicker", "coherence.blend", "20%", "60%"),
        ("flicker", "diffuse.strength", "70%", "40%"),
    ]


def test_colours_that_run_away_only_while_the_prompt_stays(planned: Plans) -> None:
    away = [frame / 50 for frame in range(FRAMES)]
    assert changes(advice(*planned(PROMPT), measured(drift=away))) == [
        ("drift", "coherence.color", "none", "lab")
    ]
    held = planned(PROMPT, "coherence { color = lab }", "diffuse { strength = 0.7; cfg_scale = 12 }")
    assert changes(advice(*held, measured(drift=away))) == [
        ("drift", "diffuse.strength", "70%", "50%"),
        ("drift", "diffuse.cfg_scale", "12", "6"),
    ]
    assert advice(*planned(MORPH), measured(drift=away)) == ()


def test_prompts_that_change_nothing(planned: Plans) -> None:
    plan = planned(MORPH, "diffuse { strength = 0.2; cfg_scale = 1.5 }", "coherence { color = lab }")
    calm = {"drift": 0.004, "flicker": 0.004}
    assert changes(advice(*plan, measured(**calm))) == [
        ("prompt", "diffuse.strength", "20%", "55%"),
        ("prompt", "diffuse.cfg_scale", "1.5", "6"),
        ("prompt", "coherence.color", "lab", "none"),
    ]
    running_away = {"drift": 0.07, "flicker": 0.007}
    assert [piece.trouble for piece in advice(*plan, measured(**running_away))] == ["prompt"] * 3
    assert advice(*plan, measured(drift=0.07, flicker=0.04)) == ()
    assert advice(*plan, measured(drift=0.3, flicker=0.01)) == ()
    assert advice(*planned(PROMPT, "diffuse { strength = 0.2 }"), measured(**calm)) == ()


def test_soft_and_dark(planned: Plans) -> None:
    soft = [0.6 - 0.02 * frame for frame in range(FRAMES)]
    found = changes(advice(*planned(PROMPT, "coherence { blend = 0.7 }"), measured(sharpness=soft)))
    assert found == [
        ("soft", "coherence.blend", "70%", "40%"),
        ("soft", "coherence.noise", "0%", "2%"),
        ("soft", "coherence.sharpen", "0", "0.3"),
    ]
    assert changes(advice(*planned(PROMPT), measured(luma=0.045))) == [("dark", "grade.exposure", "0", "2")]
    assert advice(*planned(PROMPT), measured(luma=0.0)) == ()


def test_out_of_memory(planned: Plans) -> None:
    failed = Failed(at=1.0, message="there is not enough memory for frame 3", exit_code=5)
    assert changes(advice(*planned(PROMPT), (began(), failed))) == [("memory", "size", "128x128", "88x88")]
    fewer = [
        Warned(at=1.0, message=f"there is not enough memory for {n} frames at once: they are drawn {said}")
        for n, said in ((16, "8 at a time from here on"), (8, "4 at a time from here on"))
    ]
    free = planned(PROMPT, "diffuse { strength = 1 }")
    (piece,) = advice(*free, (began(), *fewer))
    assert (piece.setting, piece.now, piece.then) == ("diffuse.batch", "as many as fit", "4")
    # what an earlier render had to do is over
    assert advice(*free, (began(), *fewer, began())) == ()


def test_slow(planned: Plans) -> None:
    spent = {"diffuse": 8.0, "warp": 0.5}
    done = [
        FrameDone(at=1.0, frame=frame, how="diffused", recipe="r", spent=spent) for frame in range(FRAMES)
    ]
    plan = planned(PROMPT, "diffuse { steps = 40 }")
    given = advice(*plan, (began(), *done))
    assert changes(given) == [("slow", "coherence.cadence", "1", "2"), ("slow", "diffuse.steps", "40", "15")]
    assert given[0].found == "a frame takes 8.5 s, 94% of it in the model, on cpu"
    quick = [event.model_copy(update={"spent": {"diffuse": 0.5}}) for event in done]
    assert advice(*plan, (began(), *quick)) == ()


def test_expectation_that_failed_brings_its_advice(planned: Plans) -> None:
    plan = planned(PROMPT, "expect flicker < 1%")
    unmet = Unmet(
        at=1.0,
        frame=3,
        seconds=0.25,
        figure="flicker",
        value=0.02,
        op="<",
        bound=0.01,
        says="expect flicker < 1%",
        file="film.anim",
        line=3,
    )
    assert advice(*plan, measured(flicker=0.02)) == ()
    assert {piece.trouble for piece in advice(*plan, (began(), *measured(flicker=0.02), unmet))} == {
        "flicker"
    }


def test_what_the_null_engine_draws_is_no_trouble(planned: Plans) -> None:
    plan = planned(PROMPT, 'model = "null"')
    assert advice(*plan, measured(flicker=0.3, drift=0.5)) == ()
