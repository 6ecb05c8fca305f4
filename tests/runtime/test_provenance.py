"""What a file says of itself, as other programs read it."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.runtime.hand_films import film
from tests.runtime.running import run

from anim_compiler.plan import OutputSpec, Weighted
from anim_runtime.provenance import FrameTexts, chapters, metadata
from anim_runtime.told import Told


def spec(**said: object) -> OutputSpec:
    return OutputSpec.model_validate({"path": "film.mp4", **said})


def test_a_picture_says_how_it_was_made(tmp_path: Path) -> None:
    """In the text that web UIs for Stable Diffusion write into their pictures and read from them."""
    plan, columns = film(frames=3, size=(32, 24), outputs=("f/{frame}.png",))
    done, _ = run((plan, columns), tmp_path)
    assert done.exit_code == 0
    with Image.open(tmp_path / "f" / "0.png") as image:
        first = image.info["parameters"].split("\n")
        record = json.loads(image.info["anim"])
    assert first[:2] == ["a mountain lake at dawn", "Negative prompt: blurry"]
    assert first[2].startswith(
        "Steps: 10, Sampler: Euler a, CFG scale: 5, Seed: 7, Size: 32x24, Model hash: 0000000000"
    )
    assert "Denoising strength" not in first[2]
    assert record["frame"] == 0
    with Image.open(tmp_path / "f" / "1.png") as image:
        later = image.info["parameters"]
    assert later.startswith("a mountain lake at dawn :0.5 AND a mountain lake at night :0.5\n")
    assert "Denoising strength: 0.45" in later


def test_what_stands_in_it_is_read_by_the_usual_pattern() -> None:
    """Those web UIs read the last line with this pattern."""
    plan, columns = film(frames=2, model="hf:some/model, the first")
    text = FrameTexts(plan, columns).at(1)["parameters"]
    found = dict(re.findall(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)', text.split("\n")[-1]))
    assert found["Steps"] == "10"
    assert found["Model"] == '"hf:some/model, the first"'
    assert found["Seed"] == "8"


def test_prompts_in_other_scripts_stay_what_they_are(tmp_path: Path) -> None:
    plan, columns = film(frames=1, size=(32, 24), outputs=("f{frame}.png",))
    texts = (("夜の海",), ("夜の海",), ("",))
    run(
        (plan.model_copy(update={"prompts": plan.prompts.model_copy(update={"texts": texts})}), columns),
        tmp_path,
    )
    with Image.open(tmp_path / "f0.png") as image:
        assert image.info["parameters"].startswith("夜の海\n")


def test_weights_are_those_of_both_sides() -> None:
    plan, columns = film(frames=3)
    rows = ((Weighted(text=0, weight=3.0), Weighted(text=1)), (Weighted(text=1),), (Weighted(text=2),))
    blend = plan.model_copy(update={"prompts": plan.prompts.model_copy(update={"conditionings": rows})})
    columns["prompt.mix"] = np.array([0.0, 0.5, 1.0])
    told = Told(blend, columns)
    dawn, night = "a mountain lake at dawn", "a mountain lake at night"
    assert told.weights(1) == {dawn: 1.5, night: 1.0}
    assert told.weights(2) == {night: 1.0}
    assert told.at(0).prompt == f"{dawn} :0.75 AND {night} :0.25"
    assert told.weights(0, "nothing") == {}


def test_a_tween_tells_only_what_it_is_told() -> None:
    plan, columns = film(frames=5, cadence=2)
    facts = Told(plan, columns).at(1)
    assert facts.steps is None
    assert facts.prompt
    assert "Steps" not in FrameTexts(plan, columns).at(1)["parameters"]


def test_metadata_names_the_film_its_plan_and_its_maker() -> None:
    plan = film(frames=3)[0].model_copy(update={"author": "the studio"})
    tags = metadata(plan, spec())
    assert tags["title"] == "test"
    assert tags["artist"] == "the studio"
    assert re.fullmatch(r"anim \S+ film 0{64} plan [0-9a-f]{64} seed 7", tags["comment"])
    assert metadata(plan, spec(metadata=False)) == {}


@pytest.mark.parametrize(("speed", "starts"), [("1", [0, Fraction(1, 4)]), ("1/2", [0, Fraction(1, 2)])])
def test_chapters_are_scenes_in_the_files_own_time(speed: str, starts: list[Fraction]) -> None:
    plan = film(frames=6, starts=(0, 3))[0]
    end = Fraction(6, 12) / Fraction(speed)
    found = chapters(plan, spec(speed=speed), end)
    assert [(c.name, c.start) for c in found] == list(zip(["s0", "s1"], starts, strict=True))
    assert found[-1].end == end
    assert chapters(film(frames=6)[0], spec(), end) == ()
