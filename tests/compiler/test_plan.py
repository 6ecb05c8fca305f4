"""Plans and their files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.compiler.film_texts import compiled

from anim_compiler.plan import PlanError, columns_path, plan_json, read_plan, write_plan

FILM = """
size = 64x64; fps = 23.976; length = 2s; seed = -1
let n = 0.5 + noise(1hz, 3) * 0.2
prompt {
  0s: "a (forest:{n})" * (1 - u) + "fire" * u
  1s: "a lake"
  negative = "blur"
}
camera 3d {
  rotation_3d_y = 0s: 0deg, 2s: 90deg with ease_in_out; translation_z = 20 per s; zoom = 1.01 per f
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


def test_what_is_no_plan_is_told(tmp_path: Path) -> None:
    path = tmp_path / "film.plan.json"
    path.write_text('{"version": 99}')
    columns_path(path).write_bytes(b"")
    with pytest.raises(PlanError):
        read_plan(path)


def test_every_column_is_described_and_used() -> None:
    made = compiled(FILM)
    assert made.plan is not None
    assert set(made.plan.columns) == set(made.columns)
    text = plan_json(made.plan.model_copy(update={"columns": {}}))
    for name in made.columns:
        assert f'"{name}"' in text or name.split(".")[0] in ("prompt", "negative"), name


def test_the_json_is_sorted_and_has_no_machine_in_it() -> None:
    made = compiled(FILM)
    assert made.plan is not None
    text = plan_json(made.plan)
    assert text.endswith("}\n")
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert str(Path.cwd()) not in text


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_same_bytes_in_every_process(seed: str, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tests.compiler.film_texts import compiled\n"
        "from anim_compiler.plan import write_plan\n"
        "made = compiled(sys.stdin.read()); write_plan(made.plan, made.columns, Path(sys.argv[1]))\n"
    )
    path = tmp_path / "film.plan.json"
    root = Path(__file__).resolve().parents[2]
    paths = [str(root), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(paths)}
    subprocess.run(
        [sys.executable, "-c", program, str(path)],
        input=FILM,
        text=True,
        check=True,
        cwd=root,
        env=environment,
    )
    here = tmp_path / "here.plan.json"
    made = compiled(FILM)
    assert made.plan is not None
    write_plan(made.plan, made.columns, here)
    assert path.read_bytes() == here.read_bytes()
    assert columns_path(path).read_bytes() == columns_path(here).read_bytes()
