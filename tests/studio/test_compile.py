import pytest
from tests.json_schema import faults

FILM = """\
size = 64x64
fps = 12
length = 1s
prompt { 0s: "a lake at dawn"; 0.5s: "a lake at night" }
camera 3d { rotation_3d_y = 0s: 0, 1s: 30 }
coherence { cadence = 2 }
diffuse { steps = 2 }
"""


def test_the_plan_is_the_same_bytes_on_every_run(anim, anim_process, tmp_path, write_film) -> None:
    film = write_film(FILM)
    first, second = tmp_path / "a" / "one.plan.json", tmp_path / "b" / "one.plan.json"
    assert anim("compile", film, "-o", first).code == 0
    assert anim_process("compile", film, "-o", second).code == 0
    names = sorted(path.name for path in first.parent.iterdir())
    assert names == sorted(path.name for path in second.parent.iterdir())
    assert len(names) == 2
    assert all((first.parent / name).read_bytes() == (second.parent / name).read_bytes() for name in names)
    assert str(tmp_path) not in first.read_text(encoding="utf-8")


def test_the_plan_lies_beside_the_user_by_default(anim, tmp_path, write_film) -> None:
    said = anim("compile", write_film(FILM, "films/lake.anim"))
    assert said.code == 0, said.err
    assert (tmp_path / "lake.plan.json").is_file()
    assert "12 frames" in said.out


def test_the_command_line_wins_over_the_film(anim, tmp_path, write_film) -> None:
    from anim_compiler.plan_file import read_plan

    path = tmp_path / "p.plan.json"
    said = anim(
        "compile",
        write_film(FILM),
        "-o",
        path,
        "--size",
        "96x64",
        "--seed",
        "9",
        "--frames",
        "0-5",
        "--fps",
        "29.97",
    )
    assert said.code == 0, said.err
    plan, _ = read_plan(path)
    assert (plan.width, plan.height, plan.seed, plan.frames, plan.fps) == (96, 64, 9, 6, "30000/1001")


@pytest.mark.parametrize("model", ["nowhere/model.safetensors", "sd-turbo"])
def test_a_model_that_is_not_here_has_its_own_code(anim, write_film, model: str) -> None:
    said = anim("compile", write_film(f'model = "{model}"\n' + FILM))
    assert said.code == 7, said
    assert model in said.err


def test_the_schema_is_that_of_the_plans_that_are_written(anim, tmp_path, write_film) -> None:
    import json

    said = anim("compile", "--schema")
    assert said.code == 0, said.err
    schema = json.loads(said.out)
    path = tmp_path / "p.plan.json"
    assert anim("compile", write_film(FILM), "-o", path).code == 0
    plan = json.loads(path.read_text(encoding="utf-8"))
    assert list(faults(plan, schema)) == []
    for wrong in ({"frames": "many"}, {"version": 2}, {"mood": "calm"}, {"scenes": [{}]}):
        assert list(faults({**plan, **wrong}, schema)), wrong
    del plan["columns"]
    assert list(faults(plan, schema)) == ["columns is missing"]


def test_a_film_and_the_schema_are_two_questions(anim, write_film) -> None:
    assert anim("compile", write_film(FILM), "--schema").code == 2
    assert anim("compile").code == 2
