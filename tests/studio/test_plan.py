"""`anim plan` says what `anim render` then does."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.staging import staged

from anim_runtime.events import FrameDone, Planned
from anim_runtime.journal import read_journal

FILM = """\
size = 64x64
fps = 8
model = "null"
prompt { 0s: "a lake at dawn"; 1s: "a lake at night" }
coherence { cadence = 2; blend = 20%; noise = 2%; color = lab }
grade { exposure = 0.1 * u }
diffuse { steps = 6; strength = 0s: 0, 0.5s: 0.5 hold, 1s: 0.7; cfg_scale = 3 }
scene near 1s { camera 2d { zoom = 0s: 1, 1s: 1.2 } }
scene far 1s { transition = crossfade(0.5s); camera 3d { pan = 10deg per s; depth = estimated } }
scene still 0.5s { diffuse { strength = 1; sampler = "Heun"; cfg_scale = 1 } }
output "film.mp4"
"""

#: frames that do not wait for each other, so that the runtime makes groups of them
FREE = """\
size = 64x64
fps = 8
length = 2s
model = "null"
prompt { 0s: "a lake at dawn" }
diffuse { steps = 6; strength = 1; batch = 4 }
"""


def told(anim, film: Path, *words: str) -> dict[str, Any]:
    said = anim("plan", film, "--json", "--device", "cpu", *words)
    assert said.code == 0, said.err
    (one,) = json.loads(said.out)
    assert one["version"] == 1
    return one


def rendered(cache: Path) -> list[FrameDone]:
    """The frames of the newest render in a cache."""
    journals = sorted((cache / "runs").glob("*/journal.jsonl"), key=lambda path: path.stat().st_mtime_ns)
    events = read_journal(journals[-1])
    begin = max(i for i, event in enumerate(events) if isinstance(event, Planned))
    return [event for event in events[begin:] if isinstance(event, FrameDone)]


def test_what_is_planned_is_what_is_done(anim, write_film, fresh_cache) -> None:
    film = write_film(FILM)
    plan = told(anim, film)
    assert anim("render", film, "--device", "cpu", "--quiet").code == 0
    done = rendered(fresh_cache)
    hows, work = Counter(event.how for event in done), plan["work"]
    assert work["made"] == len(done) == 24
    assert work["reused"] == hows["reused"] == 0
    assert [work[kind] for kind in ("first", "diffused", "fresh", "tweens")] == [
        hows[kind] for kind in ("first", "diffused", "fresh", "tween")
    ]
    assert sum(scene["made"] for scene in plan["scenes"]) == work["made"]
    assert plan["nothing_to_do"] is False


def test_the_passes_are_those_of_the_journal(anim, write_film, fresh_cache) -> None:
    # one scene of each kind of sampler counts its steps in the journal, and its calls in the plan
    film = write_film(FILM.replace('; sampler = "Heun"', ""))
    work = told(anim, film)["work"]
    assert anim("render", film, "--device", "cpu", "--quiet").code == 0
    assert work["denoiser_pictures"] == sum(event.passes for event in rendered(fresh_cache)) > 0


def test_a_sampler_of_second_order_asks_twice(anim, write_film) -> None:
    twice, once = (
        told(anim, write_film(text))["scenes"][2]["denoiser_steps"]
        for text in (FILM, FILM.replace('; sampler = "Heun"', ""))
    )
    assert once % 6 == 0
    assert twice == once * 11 / 6


def test_after_a_render_there_is_nothing_to_do(anim, write_film, fresh_cache) -> None:
    film = write_film(FILM)
    assert anim("plan", film, "--detailed-exitcode", "--device", "cpu").code == 2
    assert anim("render", film, "--device", "cpu", "--quiet").code == 0
    said = anim("plan", film, "--detailed-exitcode", "--device", "cpu")
    assert said.code == 0
    assert "nothing to do" in said.out
    plan = told(anim, film)
    assert plan["work"]["reused"] == plan["work"]["made"]
    assert plan["work"]["denoiser_steps"] == 0
    assert plan["outputs"][0]["state"] == "done"


def test_files_that_are_missing_or_others_are_work(anim, write_film, fresh_cache, tmp_path) -> None:
    film, video = write_film(FILM), tmp_path / "out" / "film.mp4"
    assert anim("render", film, "--device", "cpu", "--quiet").code == 0
    video.write_bytes(video.read_bytes() + b"more")
    assert told(anim, film)["outputs"][0]["state"] == "other"
    video.unlink()
    assert told(anim, film)["outputs"][0]["state"] == "new"
    assert anim("plan", film, "--detailed-exitcode", "--device", "cpu").code == 2
    assert told(anim, film, "-o", "else.mp4")["outputs"][0]["path"].endswith("/else.mp4")


def test_a_sequence_is_there_if_all_its_pictures_are(anim, write_film, fresh_cache, tmp_path) -> None:
    film, pattern = write_film(FILM), "f/{frame:04}.png"
    folder = tmp_path / "seen"

    def state() -> str:
        return str(told(anim, film, "-o", folder / pattern)["outputs"][0]["state"])

    assert state() == "new"
    assert anim("render", film, "--device", "cpu", "--quiet", "-o", folder / pattern).code == 0
    assert state() == "done"
    asked = ("--device", "cpu", "-o", folder / pattern)
    assert anim("plan", film, "--detailed-exitcode", *asked).code == 0
    (folder / "f" / "0003.png").unlink()
    assert state() == "other"


def test_an_edit_leaves_what_went_before(anim, write_film, fresh_cache) -> None:
    film = write_film(FILM)
    assert anim("render", film, "--device", "cpu", "--quiet").code == 0
    film = write_film(FILM.replace("pan = 10deg", "pan = 20deg"))
    plan = told(anim, film)
    assert anim("render", film, "--device", "cpu", "--quiet").code == 0
    hows = Counter(event.how for event in rendered(fresh_cache))
    assert plan["work"]["reused"] == hows["reused"]
    assert plan["unchanged_frames"] >= 8
    reused = [scene["reused"] == scene["made"] for scene in plan["scenes"]]
    assert reused == [True, False, True]


def test_calls_are_the_runtimes_groups(anim, write_film, fresh_cache) -> None:
    film = write_film(FREE)
    work = told(anim, film)["work"]
    assert anim("render", film, "--device", "cpu", "--quiet").code == 0
    (schedule,) = fresh_cache.glob("runs/*/schedule.json")
    groups = json.loads(schedule.read_text("utf-8"))["groups"]
    assert len(groups) < 16
    assert work["denoiser_calls"] == 6 * len(groups)
    assert work["denoiser_steps"] == 6 * 16


def test_it_touches_nothing(anim, write_film, fresh_cache, tmp_path) -> None:
    film = write_film(FILM)
    assert anim("render", film, "--device", "cpu", "--quiet").code == 0

    def files() -> dict[str, tuple[int, int]]:
        found = (path for path in tmp_path.rglob("*") if path.is_file() and path.name != "models.json")
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in found}

    before = files()
    for words in ((), ("--json",), ("--steps", "3"), ("--size", "96x64")):
        assert anim("plan", film, "--device", "cpu", *words).code == 0
    assert files() == before


def test_time_is_told_from_earlier_renders_only(anim, write_film, fresh_cache) -> None:
    film = write_film(FILM)
    said = anim("plan", film, "--device", "cpu")
    assert "no render with this model on this machine yet" in said.out
    assert told(anim, film)["estimate"] is None
    assert anim("render", film, "--device", "cpu", "--quiet").code == 0
    guess = told(anim, film, "--steps", "3")["estimate"]
    assert (guess["from_frames"], guess["from_renders"], guess["scaled_from_pixels"]) == (24, 1, None)
    assert 0 < guess["low"] <= guess["seconds"] <= guess["high"]
    assert sum(guess["parts"].values()) == pytest.approx(guess["seconds"], abs=0.01)
    assert told(anim, film, "--size", "96x64")["estimate"]["scaled_from_pixels"] == 64 * 64


def test_lines_fit_a_terminal(anim, write_film, fresh_cache) -> None:
    film = write_film('title = "a title that goes on and on for a while"\n' + FILM)
    for _ in range(2):
        lines = anim("plan", film, "--device", "cpu").out.splitlines()
        assert all(len(line) <= 80 for line in lines)
        assert {line.split()[0] for line in lines[1:]} >= {"diffuse", "tween", "denoise", "near", "memory"}
        assert anim("render", film, "--device", "cpu", "--quiet", "--frames", "0-9").code == 0


def test_a_film_with_variants_is_all_of_them(anim, write_film) -> None:
    film = write_film(FREE + "variant { seed = [1, 2] }\n")
    said = anim("plan", film, "--json", "--device", "cpu")
    one, other = json.loads(said.out)
    assert one["outputs"][0]["path"] != other["outputs"][0]["path"]
    assert len(json.loads(anim("plan", film, "--json", "--variant", "2", "--device", "cpu").out)) == 1


@pytest.mark.parametrize("text", ["sizes = 1", FREE.replace('"null"', '"nowhere/model.safetensors"')])
def test_mistakes_end_with_1_under_detailed_exitcode(anim, write_film, text: str) -> None:
    film = write_film(text)
    assert anim("plan", film, "--detailed-exitcode").code == 1
    assert anim("plan", film).code in (1, 7)


def test_memory_says_what_is_counted(anim, write_film) -> None:
    plan = told(anim, write_film(FREE))
    memory = plan["memory"]
    assert memory["total"] == memory["pictures"] + memory["carries"] + memory["weights"]
    # four frames at once, each a picture of three planes of float32
    assert memory["pictures"] == 4 * 3 * 64 * 64 * 4
    # no frame reads another's: the eight that were made last
    assert memory["carries"] == 8 * 64 * 64 * 12
    assert memory["weights"] == 0
    built_in = told(anim, write_film(FREE.replace('model = "null"\n', "")))
    assert built_in["memory"]["weights"] > 10_000_000


def test_the_videos_that_a_film_reads_are_named(anim, write_film) -> None:
    text = 'size = 64x64\nmodel = "null"\nprompt { 0s: "a" }\nvideo clip = "clip.mp4"\nsource = clip\n'
    film = write_film(text)
    (film.parent / "clip.mp4").write_bytes(staged()["clip.mp4"])
    said = anim("plan", film, "--device", "cpu")
    assert said.code == 0, said.err
    assert "  video       clip.mp4" in said.out
    assert told(anim, film)["frames"] == 24


def test_no_model_is_loaded(anim, write_film, monkeypatch: pytest.MonkeyPatch) -> None:
    from anim_runtime.diffusion import loading

    def refuse(*_: object) -> None:
        raise AssertionError("a plan loads no model")

    monkeypatch.setattr(loading, "load_model", refuse)
    film = write_film(FREE.replace('model = "null"\n', ""))
    assert anim("plan", film, "--device", "cpu").code == 0
    # what the test itself stands on: a render would load it
    assert anim("render", film, "--device", "cpu", "--quiet").code != 0


def test_pictures_that_are_the_same_are_made_once(anim, write_film, fresh_cache) -> None:
    film = write_film(FREE.replace("strength = 1;", "strength = 1; seed_mode = fixed;"))
    work = told(anim, film)["work"]
    assert anim("render", film, "--device", "cpu", "--quiet").code == 0
    made = [event for event in rendered(fresh_cache) if event.spent]
    assert (work["made"], work["alike"]) == (16, 16 - len(made))
    assert len(made) == 1
    assert work["denoiser_pictures"] == made[0].passes


def test_a_plan_tells_what_draws_besides_the_model(anim, write_film, fresh_cache) -> None:
    film = write_film(
        'size = 64x64; length = 1s\nmodel = "null"\nprompt { 0s: "a lake" }\n'
        'lora soft = "grain.safetensors" { weight = 0s: 0, 1s: 1 }\n'
        'lora idle = "ink.safetensors" { weight = 0 }\n'
    )
    for name in ("grain.safetensors", "ink.safetensors"):
        (film.parent / name).write_bytes(staged()[name])
    (row,) = told(anim, film)["drawn_with"]
    assert (row["kind"], row["name"], row["reference"]) == ("lora", "soft", "grain.safetensors")
    assert f"  lora        soft  grain.safetensors ({row['sha256'][:8]})\n" in anim("plan", film).out
