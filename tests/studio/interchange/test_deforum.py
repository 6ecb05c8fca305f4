"""Deforum's settings files as films: modes, switches, prompts, files, and what people leave in the JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.staging import staged

from anim_compiler.asking import Asked
from anim_compiler.check import check
from anim_compiler.world import World
from anim_dsl.foreign import foreign
from anim_dsl.format import format_source
from anim_dsl.parse import parse
from anim_dsl.settings import ALIASES, SETTINGS
from anim_dsl.source import Source
from anim_grammar.files import read_toml
from anim_studio.interchange.deforum import looks_like, read
from anim_studio.interchange.deforum.params import GROUPS, PARAMS, RENAMED
from anim_studio.interchange.imported import Fate, Given, Imported, NotThisFormat

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
BARE: Mapping[str, Any] = {
    "animation_mode": "2D",
    "max_frames": 24,
    "prompts": {"0": "a lake"},
    "zoom": "0: (1)",
    "diffusion_cadence": 1,
    "color_coherence": "None",
    "noise_schedule": "0: (0)",
    "amount_schedule": "0: (0)",
    "strength_schedule": "0: (0.65)",
}

_FIRST = {"hybrid_use_first_frame_as_init_image": True}


def made(folder: Path, text: str | None = None, **settings: object) -> Imported:
    """A film of bare settings and these, or of a file's text; without errors it passes `check`."""
    text = json.dumps({**BARE, **settings}) if text is None else text
    found = read(Given(text.encode(), "settings.txt", folder, "film"))
    if found.text:
        document, slips = parse(Source("film.anim", found.text))
        film, errors = check(document, World.open(folder / "film.anim"))
        assert film is not None, [each.message for each in (*slips, *errors)]
        assert format_source(document.source) == found.text
    return found


def fate(found: Imported, name: str) -> Fate:
    return next(remark.fate for remark in found.remarks if remark.what == name)


def media(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_bytes(staged()[name])
    return folder


# --- the film ----------------------------------------------------------------------------------


def test_a_film_is_short_and_in_its_order(tmp_path: Path) -> None:
    text = made(tmp_path, zoom="0:(1.02), 12:(1.0+0.01*sin(t/5))", angle="0: (0)", seed=7).text
    assert text == (
        "# From `settings.txt`: settings of Deforum, mode 2D.\n"
        "# What the file does not say is as Deforum has it.\n"
        "\n"
        "size   = 512x512\nfps    = 15\nlength = 24f\nseed   = 7\n"
        "\n"
        'prompt {\n  0: "a lake"\n}\n'
        "\n"
        "camera 2d {\n"
        "  motion = per_frame\n"
        "  zoom   = 0: 1.02, 12: 1.0 + 0.01 * sin(t / 5)\n"
        "  border = replicate\n"
        "}\n"
        "\n"
        "diffuse {\n"
        '  sampler           = "Euler a"\n'
        "  steps             = 25\n"
        "  cfg_scale         = 7\n"
        "  strength_schedule = 0.65\n"
        "  noise_multiplier  = 1.05\n"
        "}\n"
        "\n"
        'output "film.mp4"\n'
    )


@pytest.mark.parametrize(
    ("settings", "holds"),
    [
        (
            {"animation_mode": "3D", "translation_z": "0:(2)", "padding_mode": "zeros"},
            "border        = black",
        ),
        ({"animation_mode": "3D", "translation_z": "0:(2)"}, "depth         = estimated"),
        ({"animation_mode": "Interpolation"}, "frame = grade(generate())"),
        ({"seed_behavior": "ladder"}, "seed_mode         = ladder"),
        ({"seed_iter_N": 3, "diffusion_cadence": 2}, "seed              = s + ceil(t / 6)"),
        ({"seed": 5, "seed_behavior": "schedule", "seed_schedule": "0:(s), 9:(s+t)"}, "0: s hold, 9: s + t"),
        (
            {"seed_behavior": "schedule", "seed_schedule": "0:(1), 4:(-1), 9:(3)"},
            "floor((0: 1, 4: -1, 9: 3))",
        ),
        (
            {"enable_subseed_scheduling": True, "subseed_strength_schedule": "0:(0), 9:(1)"},
            "s + (0: 0, 9: 1)",
        ),
        ({"zoom": "0:(0)"}, "zoom   = 0.01\n"),
        ({"n_batch": 1, "zoom": "0:(1.02), 9:(1),\n"}, "zoom   = 0: 1.02, 9: 1\n"),
        (
            {"use_init": True, "strength": 0.4},
            "strength_schedule = 0.65  # of `init`, which is the first frame,",
        ),
        ({"sd_model_name": "deep\\sea.ckpt [0a1b2c3d4e]"}, '# model = "sea.ckpt"'),
        ({"enable_steps_scheduling": True, "steps_schedule": "0:(9.5), 9:(30)"}, "floor((0: 9.5, 9: 30))"),
        ({"cfg_scale_schedule": "0:(7), 9:(80)"}, "clamp((0: 7, 9: 80), 0, 50)"),
        ({"sampler": "euler_ancestral"}, 'sampler           = "Euler a"'),
        ({"sampler": "DPM++ 2M", "scheduler": "Karras"}, '"DPM++ 2M Karras"'),
        ({"noise_schedule": "0: (0.05)", "noise_type": "perlin"}, "noise_type = perlin"),
        ({"diffusion_cadence": "3", "optical_flow_cadence": True}, "tween       = flow"),
        ({"color_coherence": "Match Frame 0 HSV"}, "color        = hsv\n  color_method = histogram\n"),
        ({"contrast_schedule": "0: (0.98)"}, "contrast = 0.98  # about middle grey; Deforum multiplies,"),
        ({"color_force_grayscale": True}, "saturation = 0"),
        ({"make_gif": True}, 'output "film.gif"'),
        ({"skip_video_creation": True}, 'output "film/{frame:05}.png"'),
        ({"frame_interpolation_engine": "FILM", "frame_interpolation_x_amount": 3}, "interpolate = 3"),
        ({"r_upscale_video": True, "r_upscale_factor": "x3"}, "upscale = 3"),
        ({"flip_2d_perspective": True, "perspective_flip_phi": "0:(1)"}, "flip_phi = 1"),
        ({"cn_1_enabled": True, "cn_1_model": "control_canny [1]", "cn_1_weight": 0.5}, "control canny {"),
        ({"W": 770, "H": "513"}, "size   = 768x512"),
        ({"scale": 12}, "cfg_scale         = 7"),
    ],
)
def test_what_a_setting_becomes(tmp_path: Path, settings: dict[str, Any], holds: str) -> None:
    if "scale" in settings:
        holds = "cfg_scale         = 12"
    assert holds in made(tmp_path, **settings).text


@pytest.mark.parametrize(
    ("settings", "name", "wanted"),
    [
        ({"zoom": "0: (1.1)", "animation_mode": "3D"}, "zoom", Fate.IGNORED),
        ({"near_schedule": "0: (5)"}, "near_schedule", Fate.IGNORED),
        ({"steps_schedule": "0: (5)"}, "steps_schedule", Fate.IGNORED),
        ({"restore_faces": True}, "restore_faces", Fate.LOST),
        ({"restore_faces": False}, "restore_faces", Fate.IGNORED),
        ({"diffusion_redo": "2"}, "diffusion_redo", Fate.LOST),
        ({"batch_name": "x"}, "batch_name", Fate.OBSOLETE),
        ({"contrast_schedule": "0: (1.1)"}, "contrast_schedule", Fate.CHANGED),
        ({"no_such_thing": 1}, "no_such_thing", Fate.IGNORED),
        ({"use_mask": True, "overlay_mask": False}, "overlay_mask", Fate.CHANGED),
        ({"video_mask_path": "x.mp4"}, "video_mask_path", Fate.IGNORED),
        ({"hybrid_motion": "Affine", **_FIRST}, "hybrid_use_first_frame_as_init_image", Fate.CHANGED),
        ({"hybrid_composite": "Normal", **_FIRST}, "hybrid_use_first_frame_as_init_image", Fate.MAPPED),
        ({"sampler_name": "ddim", "sampler": "Euler"}, "sampler_name", Fate.IGNORED),
        ({"sd_model_name": "a.safetensors"}, "sd_model_name", Fate.CHANGED),
        ({"animation_mode": "3D", "translation_x": "0:(1)", "aspect_ratio_schedule": "0:(2)"},
         "aspect_ratio_schedule", Fate.LOST),
    ],
)  # fmt: skip
def test_what_becomes_of_one(tmp_path: Path, settings: dict[str, Any], name: str, wanted: Fate) -> None:
    assert fate(made(tmp_path, **settings), name) is wanted


def test_every_parameter_of_a_file_is_told(tmp_path: Path) -> None:
    every = {name: row.default for name, row in PARAMS.items() if name not in ("prompts", "init_images")}
    found = made(tmp_path, json.dumps({**BARE, **every, "animation_mode": "3D", "max_frames": 12}))
    assert {*every, "prompts"} <= {remark.what for remark in found.remarks}


# --- prompts -----------------------------------------------------------------------------------


def test_prompts_negatives_and_loras(tmp_path: Path) -> None:
    media(tmp_path, "grain.safetensors")
    text = made(
        tmp_path,
        prompts={"0": "a (cat:`t/max_f`) {x} <lora:grain:0.5>", "12": "b AND c :0.5 --neg d"},
        animation_prompts_positive="fine,",
        animation_prompts_negative="text",
    ).text
    assert r'0:  "fine, a (cat:{t/max_f}) \{x\}"' in text
    assert '12: "fine, b" * 1 + "c" * 0.5' in text
    assert 'negative = 0: "text", 12: "d text"' in text
    assert 'lora grain = "grain.safetensors" { weight = 0: 0.5, 12: 0 with hold }' in text


def test_prompts_that_begin_between_diffused_frames_are_told(tmp_path: Path) -> None:
    given: dict[str, Any] = {"prompts": {"0": "a", "5": "b", "8": "c"}}
    told = [remark.says for remark in made(tmp_path, diffusion_cadence=4, **given).remarks]
    assert sum(says.startswith("frame 5, where a prompt begins") for says in told) == 1
    assert not any("where a prompt begins" in remark.says for remark in made(tmp_path, **given).remarks)


def test_what_only_formulas_of_prompts_can_call(tmp_path: Path) -> None:
    media(tmp_path, "grain.safetensors")
    text = made(
        tmp_path, prompts={"0": "(a:`where((t>5)&(t<9),t,1)+1`) <lora:grain:`where(t>3,1,0)`:1>"}
    ).text
    assert '0: "(a:{where(t > 5 and t < 9, t, 1)+1})"' in text
    assert "weight = where(t > 3, 1, 0) }" in text


def test_what_is_older_than_a_parameter_does_not_have_its_default(tmp_path: Path) -> None:
    given = {"noise_schedule": "0: (0.1)"}
    assert {"perlin", "noise_multiplier"} <= set(made(tmp_path, **given).text.split())
    assert not {"perlin", "noise_multiplier"} & set(made(tmp_path, outdir="/content", **given).text.split())


def test_a_lora_waits_for_its_model(tmp_path: Path) -> None:
    media(tmp_path, "grain.safetensors", "model.safetensors")
    given: dict[str, Any] = {"prompts": {"0": "a <lora:grain:1>"}}
    assert "# lora grain = " in made(tmp_path, **given, sd_model_name="other.safetensors").text
    text = made(tmp_path, **given, sd_model_name="model.safetensors").text
    assert 'model = "model.safetensors"\n' in text
    assert '\nlora grain = "grain.safetensors"\n' in text


def test_words_for_every_prompt_that_stand_in_it_already_are_not_said_twice(tmp_path: Path) -> None:
    text = made(tmp_path, prompts={"0": "a --neg photo, text"}, negative_prompts="text").text
    assert 'negative = "photo, text"' in text


def _vectors() -> list[Any]:
    path = DATA / "deforum_vectors.json"
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [v for v in found if {"--prompts", "--interp-prompts"} & set(v["args"])]


@pytest.mark.parametrize("vector", _vectors(), ids=lambda vector: vector["id"])
def test_measured_prompts(vector: Any, tmp_path: Path) -> None:
    text, frames, which = vector["args"]
    mode = "Interpolation" if which == "--interp-prompts" else "2D"
    found = made(tmp_path, prompts=json.loads(text), max_frames=int(frames), animation_mode=mode)
    if "values" not in vector and mode == "2D":
        assert (found.text, len(found.diagnostics)) == ("", 1)
        return
    film, _ = check(parse(Source("film", found.text))[0], World(Path(), Path()))
    assert film is not None
    curves = Asked(film, World(Path(), Path()))
    positive, negative = (curves.words(name) or () for name in ("prompt", "prompt.negative"))
    for frame, value in enumerate(vector.get("values", ())):
        if isinstance(value, dict):
            # a whole number has no `.0` here
            assert positive[frame] == f'"{value["positive"].replace(".0)", ")")}"'
            assert negative[frame] == f'"{" ".join(value["negative"].split())}"'
        elif " AND " not in value:
            assert value == f"{positive[frame][1:-1]} --neg {negative[frame][1:-1]}"
        else:
            weight = float(value.partition("):")[2].partition(" ")[0])
            assert positive[frame].startswith(f"{weight:.0%} ")
    # the screen puts `--neg` into every prompt, without which interpolation would stop
    assert positive


# --- files -------------------------------------------------------------------------------------


def test_files_that_are_here_are_named_and_others_are_comments(tmp_path: Path) -> None:
    media(tmp_path, "photo.png", "clip.mp4", "song.ogg")
    given: dict[str, Any] = {
        "use_init": True,
        "init_image": "https://somewhere/photo.png?size=1",
        "video_init_path": r"C:\films\clip.mp4",
        "hybrid_motion": "Optical Flow",
        "hybrid_composite": "Normal",
        "hybrid_comp_alpha_schedule": "0:(0.5), 6:(0.2)",
        "add_soundtrack": "File",
        "soundtrack_path": "song.ogg",
    }
    text = made(tmp_path, **given).text
    assert 'image photo = "photo.png"' in text
    assert 'video clip  = "clip.mp4" { speed = 125% }' in text
    assert "length = 12f" in text
    assert "followed = follow(previous, clip)" in text
    assert "composite(followed, clip, opacity = (0: 0.5, 6: 0.2))" in text
    bare = made(tmp_path / "elsewhere", **given)
    assert '# video clip = "clip.mp4"  # not here: it was C:\\films\\clip.mp4' in bare.text
    assert "# init = photo" in bare.text
    assert "# pipeline {" in bare.text
    assert fate(bare, "init_image") is Fate.CHANGED


def test_paths_are_told_from_the_films_folder(tmp_path: Path) -> None:
    inside = tmp_path / "pictures"
    inside.mkdir()
    media(inside, "photo.png")
    for path in (str(inside / "photo.png"), "pictures/photo.png", r"pictures\photo.png"):
        assert 'image photo = "pictures/photo.png"' in made(tmp_path, use_init=True, init_image=path).text
    outside = made(tmp_path, use_init=True, init_image="/etc/hosts")
    assert '# image photo = "hosts"' in outside.text


def test_guided_images_and_a_mask(tmp_path: Path) -> None:
    media(tmp_path, "photo.png", "sky.png", "mask.png")
    text = made(
        tmp_path,
        use_looper=True,
        init_images='{"0": "photo.png", "max_f/2": "sky.png"}',
        use_mask=True,
        mask_file="mask.png",
        invert_mask=True,
    ).text
    assert "guide = 0: guide_1, 11: guide_2 with hold" in text
    assert "guide_weight = 0.35" in text
    assert "mask outside = not painted" in " ".join(text.split())
    assert "guided = guide(crisp)" in text
    assert "diffuse(noised, mask = outside)" in text


def test_what_the_built_in_model_cannot_be_controlled_by_is_a_comment(tmp_path: Path) -> None:
    text = made(tmp_path, cn_2_enabled=True, cn_2_model="control_v11p_sd15_openpose").text
    assert "# control pose  # no ControlNet for `pose`" in text


# --- the JSON ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '// mine\n{"animation_mode": "2D", "max_frames": 24,, "zoom": "0:(1.02)", # a comment\n}',
        "{'animation_mode': '2D', 'max_frames': '24.0', 'zoom': '0:(1.02)', 'tiling': True, 'x': None}",
        '{"animation_mode": "2D", "max_frames": 24, V\n "zoom": "0:(1.02)", V\n "fps": NaN}',
        '{"animation_mode": "2D", "max_frames": 24, "zoom": "0:(1.02)", "video_init_path": "C:\\new\\x.mp4"}',
        '\ufeff{"animation_mode": "2D"\n "max_frames": 24\n "zoom": 1.02}',
    ],
)
def test_json_as_people_leave_it(text: str, tmp_path: Path) -> None:
    found = made(tmp_path, text)
    assert "zoom   = 1.02" in found.text
    assert "length = 24f" in found.text


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ('{"animation_mode": "2D",\n "zoom": "0:(1), 5:(2b)"}', "E1063", 2, 21),
        ('{"animation_mode": "2D",\n "zoom": "0:(1),\\n 5:(2b)"}', "E1063", 2, 23),
        ('{"animation_mode": "2D",\n "fov_schedule": "5:(1)"}', "E1066", 2, 19),
        ('{"max_frames": 9, "prompts": {"0": "a",\n "max_f/2": "b"}}', "E1064", 2, 13),
        ('{"max_frames": 9, "prompts": {"0":\n "`tan(t)`"}}', "E1065", 2, 2),
        ('{"animation_mode": "2D",\n "zoom": "0:(1)', "E1092", 2, 10),
        ('{"animation_mode": "2D",\n "zoom": "0:(1),"}', "E1061", 2, 16),
        ('{"animation_mode": "2D",\n "mask_schedule": ""}', "E1061", 2, 20),
        ('{"animation_mode": "2D",\n "max_frames": 0}', "E1092", 2, 16),
    ],
)
def test_where_deforum_stops_the_place_is_told(
    text: str, code: str, line: int, column: int, tmp_path: Path
) -> None:
    found = made(tmp_path, text)
    assert found.text == ""
    (error,) = found.diagnostics
    place = error.source.place(error.span.start)
    assert (error.code, place.line, place.column) == (code, line, column)
    assert error.hint


def test_a_request_to_its_api_holds_settings(tmp_path: Path) -> None:
    text = json.dumps({"deforum_settings": [{**BARE, "max_frames": 7}], "options_overrides": {}})
    assert "length = 7f" in made(tmp_path, text).text


def test_what_is_deforums_is_known_by_its_content(tmp_path: Path) -> None:
    def given(text: str) -> Given:
        return Given(text.encode(), "x.json", tmp_path, "x")

    assert looks_like(given(json.dumps({**BARE})))
    assert looks_like(given(json.dumps({"deforum_settings": [{**BARE}]})))
    assert looks_like(given('{"animation_mode": "2D", "max_frames": 3'))
    assert not looks_like(given('{"prompts": {}, "max_frames": 3}'))
    assert not looks_like(given('{"1": {"inputs": {"animation_mode": "2D", "max_frames": 3}}}'))
    assert not looks_like(Given(b"\xff\xfe", "x", tmp_path, "x"))
    with pytest.raises(NotThisFormat):
        read(given('{"a": 1}'))


# --- the table ---------------------------------------------------------------------------------


def test_the_table_and_the_hints_agree_on_what_there_is() -> None:
    known = {*PARAMS, *RENAMED}
    hints = read_toml("foreign")
    for name in (*hints["Deforum"], *hints["Forge's Deforum"]):
        family = name.removesuffix("*")
        assert any(each.startswith(family) for each in known) if name.endswith("*") else name in known, name
    ours = {name for _, name in (*SETTINGS, *ALIASES)}
    for group in list(GROUPS)[:6]:
        for row in GROUPS[group]:
            assert foreign(row.name) or row.name in ours, row.name


def test_switches_and_older_names_are_parameters() -> None:
    assert {row.switch for row in PARAMS.values() if row.switch} <= set(PARAMS)
    assert set(RENAMED.values()) <= set(PARAMS)
    assert not set(RENAMED) & set(PARAMS)
    assert sum(len(GROUPS[name]) for name in list(GROUPS)[:3]) >= 166


def _manifest(**more: Any) -> str:
    keys = [
        {"frame": 0, "zoom": 1, "angle": 0, "angle_i": "sin(p=2b, a=30)", "strength": 0.5},
        {"frame": 30, "zoom": 2},
    ]
    fields = ["zoom", "angle", "strength"]
    options = {"output_fps": 24, "bpm": 120, "cadence": 3}
    made = {"prompts": {"positive": "a fox"}, "options": options, "managedFields": fields, "keyframes": keys}
    return json.dumps({**made, **more})


@pytest.mark.parametrize("keeps_clock", [False, True])
def test_a_parseq_document_in_it_rules(keeps_clock: bool, tmp_path: Path) -> None:
    settings: dict[str, Any] = {"translation_x": "0: (2*t)", "zoom": "0: (9)", "steps": 31, "fps": 15}
    found = made(
        tmp_path, **settings, parseq_manifest=_manifest(), parseq_non_schedule_overrides=not keeps_clock
    )
    film, _ = check(parse(Source("film.anim", found.text))[0], World(tmp_path, tmp_path))
    assert film is not None
    asked, frames = Asked(film, World(tmp_path, tmp_path)), 24 if keeps_clock else 31
    drawn = [30 * math.sin(f * math.tau / 24) for f in range(frames)]
    turns = [drawn[0], *(b - a for a, b in pairwise(drawn))]
    assert asked.curve("camera.angle").tolist() == pytest.approx(turns, abs=1e-6)
    assert asked.curve("camera.zoom").tolist() == pytest.approx([1] + [1 + 1 / 30] * (frames - 1))
    assert asked.curve("camera.translation_x").tolist() == [2 * f for f in range(frames)]
    words = " ".join(found.text.split())
    for line in (f"fps = {15 if keeps_clock else 24}", '0: "a fox"', "steps = 31"):
        assert line in words
    assert fate(found, "zoom") is fate(found, "prompts") is Fate.IGNORED
    assert fate(found, "parseq_manifest") is Fate.MAPPED


def test_what_parseq_stops_at_stops_the_settings_too(tmp_path: Path) -> None:
    keys = [{"frame": 0, "zoom_i": "1 / 0"}, {"frame": 9}]
    (error,) = made(tmp_path, parseq_manifest=_manifest(keyframes=keys)).diagnostics
    assert error.code == "E1090"
    assert error.source.name == "settings.txt: parseq_manifest"


def test_parseq_s_tables_stand_beside_the_film(tmp_path: Path) -> None:
    keys = [{"frame": 0, "angle_i": "prev_computed_value*0.9 + rand(seed=2)"}, {"frame": 90}]
    manifest = _manifest(keyframes=keys, managedFields=["angle"])
    given = Given(json.dumps({**BARE, "parseq_manifest": manifest}).encode(), "s.txt", tmp_path, "film")
    found = read(given)
    assert list(found.beside) == ["film.parseq.csv"]
    assert "angle = step(parseq.angle)" in " ".join(found.text.split())
