"""What draws a film, in its plan: models that change, LoRAs, embeddings, ControlNets with their hints, and
how little of a film an edit of them makes anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from tests.compiler.film_texts import compiled, film_of
from tests.staging import staged

from anim_compiler.frame_table import frame_table
from anim_compiler.plan import ChoiceRef, ColumnRef, NamedRef, Plan, PlanNode
from anim_compiler.tiers import draft_film, left_out

HEAD = 'size = 64x64; fps = 10; length = 1s; model = "null"\nprompt { 0s: "a lake" }\n'
CONTROL = 'control canny { source = photo; weight = 0.5; model = "hf:a/edges" }\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    Image.new("RGB", (64, 64)).save(tmp_path / "photo.png")
    for name in ("grain", "ink"):
        (tmp_path / f"{name}.safetensors").write_bytes(staged()["grain.safetensors"])
    (tmp_path / "soft.safetensors").write_bytes(staged()["soft.safetensors"])
    return tmp_path


def plan_of(text: str, home: Path) -> Plan:
    made = compiled(text, home)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return made.plan


def recipes(text: str, home: Path) -> tuple[str, ...]:
    made = compiled(text, home)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return frame_table(made.plan, made.columns).recipes


def drawn(plan: Plan, kind: str = "diffused", scene: int = 0) -> PlanNode:
    template = plan.scenes[scene].templates[kind]  # type: ignore[index]  # one of its kinds
    return next(node for node in template.nodes if node.op in ("diffuse", "generate"))


def anew(one: tuple[str, ...], other: tuple[str, ...]) -> list[int]:
    return [frame for frame, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]


# --- models ---


def test_a_model_that_changes_stands_at_every_frame(home: Path) -> None:
    made = compiled(HEAD.replace('"null"', '0s: "null", 0.5s: "postcard"'), home)
    assert made.plan is not None
    assert [model.reference for model in made.plan.models] == ["null", "postcard"]
    assert drawn(made.plan).args["model"] == ChoiceRef(column="film.model", texts=("null", "postcard"))
    assert made.columns["film.model"].tolist() == [0] * 5 + [1] * 5


def test_a_model_that_changes_with_the_scene_is_no_choice_in_it(home: Path) -> None:
    text = 'size = 64x64; fps = 10; model = 0s: "null", 1s: "postcard"\nprompt { 0s: "a lake" }\n'
    plan = plan_of(text + "scene one 1s { }\nscene two 1s { }\n", home)
    assert [drawn(plan, scene=scene).args["model"] for scene in (0, 1)] == ["null", "postcard"]


def test_another_model_later_makes_nothing_anew_before(home: Path) -> None:
    one = recipes(HEAD, home)
    other = recipes(HEAD.replace('"null"', '0s: "null", 0.5s: "postcard"'), home)
    assert anew(one, other) == []  # the tests tell one digest of all models
    text = HEAD.replace('"null"', '0s: "null", 0.5s: "postcard"')
    digests = {"null": "1" * 64, "postcard": "2" * 64}
    told = compiled(text, home, model_sha256=lambda reference: digests[reference])
    alone = compiled(HEAD, home, model_sha256=lambda reference: digests[reference])
    assert told.plan is not None
    assert alone.plan is not None
    tables = [frame_table(c.plan, c.columns).recipes for c in (alone, told) if c.plan is not None]
    assert anew(tables[0], tables[1]) == [5, 6, 7, 8, 9]


def test_a_decoder_makes_every_frame_anew(home: Path) -> None:
    text = HEAD + 'vae = "hf:a/decoder"\n'
    assert plan_of(text, home).vae is not None
    assert anew(recipes(HEAD, home), recipes(text, home)) == list(range(10))


# --- LoRAs ---


def test_a_lora_is_an_argument_of_what_is_drawn(home: Path) -> None:
    plan = plan_of(HEAD + 'lora grain = "grain.safetensors" { weight = 0s: 0, 1s: 1 }\n', home)
    assert [(lora.name, lora.reference) for lora in plan.loras] == [("grain", "grain.safetensors")]
    assert len(plan.loras[0].sha256) == 64
    assert drawn(plan).args["lora.grain"] == ColumnRef(column="lora.grain.weight")


def test_a_lora_of_no_weight_costs_nothing(home: Path) -> None:
    text = HEAD + 'lora grain = "grain.safetensors" { weight = 0 }\n'
    plan = plan_of(text, home)
    assert plan.loras == ()
    assert "lora.grain" not in drawn(plan).args
    assert recipes(text, home) == recipes(HEAD, home)


def test_a_curve_of_weights_changes_just_its_frames(home: Path) -> None:
    late = HEAD + 'lora grain = "grain.safetensors" { weight = where(time < 0.5, 0, 0.7) }\n'
    assert anew(recipes(HEAD, home), recipes(late, home)) == [5, 6, 7, 8, 9]
    other = late.replace("0.7", "where(time < 0.8, 0.7, 0.2)")
    assert anew(recipes(late, home), recipes(other, home)) == [8, 9]


def test_what_a_lora_is_called_makes_nothing_anew(home: Path) -> None:
    text = HEAD + 'lora grain = "grain.safetensors" { weight = 0.5 }\n'
    assert recipes(text, home) == recipes(text.replace("lora grain", "lora dust"), home)


def test_scenes_have_loras_of_their_own(home: Path) -> None:
    text = (
        'size = 64x64; fps = 10; model = "null"\nprompt { 0s: "a lake" }\n'
        'lora grain = "grain.safetensors" { weight = 0.5 }\n'
        "scene one 1s { }\n"
        'scene two 1s { lora.grain.weight = 0.9; lora ink = "ink.safetensors" }\n'
        "scene three 1s { lora grain = none }\n"
        'scene four 1s { lora grain = "hf:a/other" }\n'
    )
    plan = plan_of(text, home)
    assert [(lora.name, lora.reference) for lora in plan.loras] == [
        ("grain", "grain.safetensors"),
        ("ink", "ink.safetensors"),
        ("grain.2", "hf:a/other"),
    ]
    weights = [
        {k: v for k, v in drawn(plan, "first", s).args.items() if k.startswith("lora")} for s in range(4)
    ]
    assert weights == [{"lora.grain": 0.5}, {"lora.grain": 0.9, "lora.ink": 1.0}, {}, {"lora.grain.2": 0.5}]


# --- embeddings ---


def test_an_embedding_counts_where_a_prompt_says_it(home: Path) -> None:
    said = HEAD.replace('0s: "a lake"', '0s: "a lake", 0.5s: "a soft lake"; morph = cut')
    text = said + 'embedding soft = "soft.safetensors"\n'
    plan = plan_of(text, home)
    assert [one.name for one in plan.embeddings] == ["soft"]
    assert anew(recipes(said, home), recipes(text, home)) == [5, 6, 7, 8, 9]


def test_an_embedding_that_is_not_said_is_not_loaded(home: Path) -> None:
    text = HEAD.replace("a lake", "softly, a lake") + 'embedding soft = "soft.safetensors"\n'
    assert plan_of(text, home).embeddings == ()


# --- controls ---


def test_a_control_is_a_picture_of_what_is_drawn(home: Path) -> None:
    plan = plan_of(HEAD + 'image photo = "photo.png"\n' + CONTROL.replace("weight = 0.5", "low = 80"), home)
    node = drawn(plan, "first")
    assert node.args["hints"] == "canny"
    assert (node.args["control.canny.weight"], node.args["control.canny.end"]) == (1.0, 1.0)
    nodes = plan.scenes[0].templates["first"].nodes
    assert nodes[node.inputs[-1]].op == "hint_canny"
    assert nodes[node.inputs[-1]].args == {"low": 80.0, "high": 200.0}
    assert nodes[node.inputs[-1]].rate == "film"
    (control,) = plan.controls
    assert control == NamedRef(name="canny", kind="canny", reference="hf:a/edges", sha256=control.sha256)


@pytest.mark.parametrize(
    ("source", "first", "later"),
    [
        ("hint = photo", ["still"], ["still"]),
        ("source = photo", ["hint_canny"], ["hint_canny"]),
        ("source = previous", [], ["hint_canny"]),
        ("", [], ["hint_canny"]),
    ],
)
def test_what_a_control_looks_at(source: str, first: list[str], later: list[str], home: Path) -> None:
    text = HEAD + f'image photo = "photo.png"\ncontrol canny {{ {source}; model = "hf:a/edges" }}\n'
    plan = plan_of(text.replace("{ ;", "{"), home)
    for kind, wanted in (("first", first), ("diffused", later)):
        template = plan.scenes[0].templates[kind]  # type: ignore[index]  # one of its kinds
        node, own = drawn(plan, kind), 1 if kind == "diffused" else 0
        assert [template.nodes[i].op for i in node.inputs[own:]] == wanted


def test_noise_is_not_looked_at(home: Path) -> None:
    text = (
        HEAD
        + 'camera 2d { zoom = 1.1 per s }\ncoherence { noise = 0.05 }\ncontrol tile { model = "hf:a/b" }\n'
    )
    plan = plan_of(text, home)
    nodes = plan.scenes[0].templates["diffused"].nodes
    hint = next(node for node in nodes if node.op == "hint_tile")
    assert nodes[hint.inputs[0]].op != "add_noise"
    assert any(node.op == "add_noise" for node in nodes)


@pytest.mark.parametrize("kind", ["depth", "normal"])
def test_hints_of_space_are_made_of_depth(kind: str, home: Path) -> None:
    plan = plan_of(HEAD + f'control {kind} {{ model = "hf:a/b" }}\n', home)
    nodes = plan.scenes[0].templates["diffused"].nodes
    hint = next(node for node in nodes if node.op == f"hint_{kind}")
    assert nodes[hint.inputs[0]].op == "depth"


def test_a_control_of_a_start_that_is_noise_is_shown_what_it_names(home: Path) -> None:
    text = HEAD + 'image photo = "photo.png"\ndiffuse { strength = 1 }\n' + CONTROL
    plan = plan_of(text, home)
    node = drawn(plan)
    assert node.op == "generate"
    assert node.args["hints"] == "canny"
    assert plan.scenes[0].templates["diffused"].batch == 0


def test_a_control_that_rests_costs_nothing(home: Path) -> None:
    plain = HEAD + 'image photo = "photo.png"\n'
    text = plain + CONTROL.replace("0.5", "0")
    assert plan_of(text, home).controls == ()
    assert not any(
        node.op.startswith("hint") for node in plan_of(text, home).scenes[0].templates["diffused"].nodes
    )
    assert recipes(text, home) == recipes(plain, home)


def test_a_curve_of_a_control_changes_just_its_frames(home: Path) -> None:
    plain = HEAD + 'image photo = "photo.png"\n'
    late = plain + CONTROL.replace("0.5", "where(time < 0.5, 0, 0.7)")
    assert anew(recipes(plain, home), recipes(late, home)) == [5, 6, 7, 8, 9]
    edges = late.replace("weight", "low = where(time < 0.8, 60, 90); weight")
    thinner = edges.replace("60, 90", "60, 70")
    assert anew(recipes(edges, home), recipes(thinner, home)) == [8, 9]


def test_two_controls_of_one_kind_stand_beside_each_other(home: Path) -> None:
    text = HEAD + 'image photo = "photo.png"\n' + CONTROL + CONTROL.replace("canny", "canny fine")
    node = drawn(plan_of(text, home))
    assert node.args["hints"] == "canny fine"
    assert len(node.inputs) == 3
    assert len(set(node.inputs)) == 2, "their hints are one picture"


# --- how it runs ---


def test_what_is_not_said_is_no_argument(home: Path) -> None:
    plain, said = plan_of(HEAD, home), plan_of(HEAD + "diffuse { clip_skip = 1; precision = auto }\n", home)
    names = {"eta", "clip_skip", "noise_multiplier", "precision", "tiling", "large", "model", "hints"}
    assert names.isdisjoint(drawn(plain).args)
    assert names.isdisjoint(drawn(said).args)


@pytest.mark.parametrize(
    ("said", "name", "value"),
    [
        ("eta = 0.5", "eta", 0.5),
        ("clip_skip = 2", "clip_skip", 2),
        ("noise_multiplier = 1.05", "noise_multiplier", 1.05),
        ("precision = float32", "precision", "float32"),
        ("tiling = on", "tiling", True),
        ("large = two_stage", "large", "two_stage"),
    ],
)
def test_what_is_said_is_one(said: str, name: str, value: object, home: Path) -> None:
    text = HEAD + f"diffuse {{ {said} }}\n"
    assert drawn(plan_of(text, home)).args[name] == value
    assert anew(recipes(HEAD, home), recipes(text, home)) == list(range(10))


def test_a_schedule_that_comes_to_nothing_first_makes_nothing_anew_there(home: Path) -> None:
    text = HEAD + "diffuse { clip_skip = where(time < 0.5, 1, 2) }\n"
    assert anew(recipes(HEAD, home), recipes(text, home)) == [5, 6, 7, 8, 9]


# --- rougher ---


def test_a_draft_leaves_out_what_fits_another_model_and_says_so(home: Path) -> None:
    text = HEAD.replace('"null"', '"hf:a/b"') + 'lora grain = "grain.safetensors"\nvae = "hf:c/d"\n' + CONTROL
    film = film_of(text.replace("source = photo", "low = 80"), home)
    draft = draft_film(film)
    assert (draft.model, draft.vae, draft.shots[0].loras, draft.shots[0].controls) == (None, None, (), ())
    assert left_out(film) == (
        "a draft is drawn by the built-in model, which the film's LoRAs, controls and the `vae` do not fit:"
        " they are left out"
    )


def test_a_draft_by_the_film_s_own_model_keeps_all(home: Path) -> None:
    film = film_of(HEAD.replace('; model = "null"', "") + 'lora grain = "grain.safetensors"\n', home)
    assert draft_film(film).shots[0].loras == film.shots[0].loras
    assert left_out(film) == ""
    assert left_out(film_of(HEAD.replace('"null"', '"hf:a/b"'))) == ""
