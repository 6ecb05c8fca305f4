"""Plans and their files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.compiler.film_texts import compiled, frames_of

from anim_compiler.plan import Plan
from anim_compiler.plan_file import PlanError, columns_path, plan_json, read_plan, write_plan
from anim_compiler.ranges import read_ranges

FILM = """
size = 64x64; fps = 23.976; length = 2s; seed = -1
let n = 0.5 + noise(1hz, 3) * 0.2
prompt {
  0s: "a (forest:{n})" * (1 - u) + "fire" * u
  1s: "a lake"
  negative = "blur"
}
camera 3d {
  rotation_3d_y = 0s: 0deg, 2s: 90deg with ease_in_out; translation_z = 20 per s; zoom = 1.001 per f
}
diffuse { steps = 8; strength = 0.5; cfg_scale = 0:(7.0), 12:(7.5+0.1*sin(t/5)) }
coherence { color = lab; cadence = 3; blend = 0.2 }
"""


def test_round_trip(tmp_path: Path) -> None:
    made = compiled(FILM)
    assert made.plan is not None
    path = tmp_path / "film.plan.json"
    write_plan(made.plan, made.columns, path)
    plan, columns = read_plan(path)
    assert plan == made.plan
    assert set(columns) == set(made.columns)
    assert all(np.array_equal(columns[name], column) for name, column in made.columns.items())


def test_a_column_that_was_changed_is_noticed(tmp_path: Path) -> None:
    made = compiled(FILM)
    assert made.plan is not None
    path = tmp_path / "film.plan.json"
    write_plan(made.plan, {**made.columns, "tween.mix": made.columns["tween.mix"] + 1}, path)
    with pytest.raises(PlanError, match=r"tween\.mix"):
        read_plan(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"version": 2, "kinds": ["first"]}', "version 2, and this reads version 5"),
        ('{"version": 99}', "version 99"),
        ('{"version": 5}', "not a plan of this version"),
        ('{"frames": 3}', "names no version"),
        ("[]", "names no version"),
        ("a film", "no JSON"),
    ],
)
def test_what_is_no_plan_is_told(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "film.plan.json"
    path.write_text(text)
    columns_path(path).write_bytes(b"")
    with pytest.raises(PlanError, match=told):
        read_plan(path)


def test_every_column_is_described_and_used() -> None:
    made = compiled(FILM)
    assert made.plan is not None
    assert set(made.plan.columns) == set(made.columns)
    text = plan_json(made.plan.model_copy(update={"columns": {}}))
    for name in made.columns:
        assert f'"{name}"' in text or name.split(".")[0] in ("prompt", "negative", "frames"), name


def test_the_json_has_the_models_order_and_no_machine_in_it() -> None:
    made = compiled(FILM)
    assert made.plan is not None
    text = plan_json(made.plan)
    assert text.endswith("}\n")
    fields = list(Plan.model_fields)
    assert list(json.loads(text)) == [name for name in fields if name in json.loads(text)]
    assert list(made.plan.columns) == sorted(made.plan.columns)
    assert str(Path.cwd()) not in text


def test_the_json_does_not_grow_with_the_film() -> None:
    """Nothing a frame stands in it, and what is a default does not either."""
    short, long = (compiled(FILM.replace("length = 2s", f"length = {n}s")).plan for n in (4, 40))
    assert short is not None
    assert long is not None
    assert len(plan_json(long)) - len(plan_json(short)) < 200
    assert '"rate": "image"' not in plan_json(short)


def test_an_edit_shows_in_few_lines() -> None:
    lines = [
        plan_json(made.plan).splitlines()
        for made in (compiled(FILM), compiled(FILM.replace("blend = 0.2", "blend = 0.3")))
        if made.plan is not None
    ]
    changed = [a for a, b in zip(*lines, strict=True) if a != b]
    # the film's hash, the op, the digests of the frames that are made by it or from it
    assert 3 <= len(changed) <= 8, changed


def test_segments_say_what_the_model_is_told() -> None:
    made = compiled(FILM)
    assert made.plan is not None
    rows = made.plan.prompts.segments
    assert [(row.schedule, row.frames, row.says) for row in rows] == [
        (
            "prompt",
            "0-23",
            "a (forest:{prompt.text.0}) ([prompt.weight.1]) + fire ([prompt.weight.2]) → a lake",
        ),
        ("prompt", "24-47", "a lake"),
        ("negative", "0-47", "blur"),
    ]


def test_a_template_says_which_frames_it_makes() -> None:
    made = compiled(FILM)
    assert made.plan is not None
    table = frames_of(made)
    (scene,) = made.plan.scenes
    for kind, template in scene.templates.items():
        rows = read_ranges(template.frames)
        assert {table.kinds[row] for row in rows} == {kind}
        assert len(template.releases) in (0, len(template.nodes))
    assert sum(len(read_ranges(t.frames)) for t in scene.templates.values()) == made.plan.made


def test_a_templates_digest_changes_with_its_frames() -> None:
    """The prompt after 1 s: the first frame stays, what is diffused later does not."""
    plans = [compiled(FILM.replace('"a lake"', lake)).plan for lake in ('"a lake"', '"a sea"')]
    digests = [{kind: t.digest for kind, t in plan.scenes[0].templates.items()} for plan in plans if plan]
    assert digests[0]["first"] == digests[1]["first"]
    assert digests[0]["diffused"] != digests[1]["diffused"]


PROGRAM = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[2]]
from PIL import Image
from tests.compiler.film_texts import compiled, frames_of
from anim_compiler.plan_file import write_plan
folder = Path(sys.argv[3])
made = compiled((folder / "film.anim").read_text(encoding="utf-8"), folder)
write_plan(made.plan, made.columns, Path(sys.argv[1]))
"""


@pytest.mark.parametrize(
    ("seed", "flags"),
    [("0", []), ("1", ["-X", "utf8=0"]), ("4294967295", ["-O", "-B"]), ("random", ["-X", "dev", "-bb"])],
)
def test_the_same_bytes_in_every_process(seed: str, flags: list[str], tmp_path: Path) -> None:
    """Whatever the hash seed, the interpreter's options, the working folder and the project's place."""
    text = FILM + 'image coast = "coast.png"\ninit = coast\n'
    written: list[bytes] = []
    for name in ("here", "far/away/über"):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / "film.anim").write_text(text, encoding="utf-8")
        Image.new("RGB", (8, 8), "red").save(folder / "coast.png")
        path = folder / "out" / "film.plan.json"
        if name == "here":
            made = compiled(text, folder)
            assert made.plan is not None
            write_plan(made.plan, made.columns, path)
        else:
            root = Path(__file__).resolve().parents[2]
            environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Kathmandu", "LC_ALL": "C"}
            command = [sys.executable, *flags, "-c", PROGRAM, str(path), str(root), str(folder)]
            subprocess.run(command, check=True, cwd=folder, env=environment)
        written.append(path.read_bytes() + columns_path(path).read_bytes())
    assert written[0] == written[1]
