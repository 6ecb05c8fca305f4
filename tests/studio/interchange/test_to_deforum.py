import numpy as np
import pytest
from PIL import Image

from anim_studio.cli.exits import Stop
from anim_studio.interchange.deforum.params import PARAMS
from anim_studio.interchange.imported import Fate
from anim_studio.interchange.to_deforum.defaults import defaults

from .exporting_films import exported, read, settings_of

HEAD = 'size = 512x512; fps = 12; length = 24f; seed = 7\nmodel = "dream.safetensors"\n'


def test_every_setting_of_deforum_is_there_with_its_own_kind_of_value(tmp_path) -> None:
    settings = settings_of(tmp_path, HEAD + 'prompt = "a"')
    usual = defaults()
    assert usual.keys() <= settings.keys()
    assert len(usual) > 250
    odd = {key for key, value in usual.items() if type(settings[key]) is not type(value)}
    assert odd <= {"fps", "prompts"}
    names = {key.replace("cn_5_", "cn_1_") for key in usual if key[:5] not in ("cn_2_", "cn_3_", "cn_4_")}
    assert names - PARAMS.keys() <= {"positive_prompts", "negative_prompts"}


def test_nothing_that_a_film_does_not_say_happens_there(tmp_path) -> None:
    settings = settings_of(tmp_path, HEAD + 'prompt = "a"')
    rest = {"zoom": 1, "angle": 0, "translation_z": 0, "noise_schedule": 0, "amount_schedule": 0}
    assert {key: float(read(settings, key)[0]) for key in rest} == rest
    assert settings["color_coherence"] == "None"
    assert settings["diffusion_cadence"] == 1
    assert read(settings, "strength_schedule").tolist() == [0.5] * 24


def test_a_pasted_animation_is_given_back_as_it_was_pasted(tmp_path) -> None:
    film = """max_frames = 120; fps = 15; size = 512x448; seed = 3
        prompt { "0": "a cat"; "30": "a dog"; "max_f-40": "a coconut"; morph = cut; negative = "nsfw" }
        camera 3d {
          motion = per_frame; depth = estimated; border = replicate
          translation_x = 0: (10*sin(2*3.14*t/10)), 60: (0)
          translation_z = 0: (1.75)
          rotation_3d_y = 0: (0), 30: (-3.5)
          fov_schedule = 0: (70), 60: (40)
          flip_phi = 0: (0.1*t)
        }
        diffuse {
          sampler = "Euler a"; steps_schedule = "0: (25), 60: (30)"; clipskip_schedule = 0: (2)
          cfg_scale_schedule = 0: (7), 60: (7.5+0.1*sin(t/5))
          strength_schedule = 0: (0.65), 25: (0.55)
          seed_schedule = "0: (s), 60: (s + 5)"; seed_behavior = fixed
          noise_multiplier_schedule = 0: (1.05)
        }
        coherence {
          color = lab; cadence = 2; noise_schedule = 0: (0.065); noise_type = perlin; tween = flow
          amount_schedule = 0: (0.05); contrast_schedule = 0: (1+0.01*sin(t/9))
        }
    """
    made = settings_of(tmp_path, film)
    same = {
        "W": 512, "H": 448, "fps": 15, "max_frames": 120, "animation_mode": "3D", "sampler": "Euler a",
        "translation_x": "0: (10*sin(2*3.14*t/10)), 60: (0)", "translation_z": "0: (1.75)",
        "rotation_3d_y": "0: (0), 30: (-3.5)", "fov_schedule": "0: (70), 60: (40)",
        "perspective_flip_phi": "0: (0.1*t)", "enable_perspective_flip": True,
        "steps_schedule": "0: (25), 60: (30)", "enable_steps_scheduling": True,
        "clipskip_schedule": "0: (2)", "enable_clipskip_scheduling": True,
        "cfg_scale_schedule": "0: (7), 60: (7.5+0.1*sin(t/5))",
        "strength_schedule": "0: (0.65), 25: (0.55)",
        "seed_schedule": "0: (s), 60: (s + 5)", "seed_behavior": "schedule", "seed": 3,
        "noise_multiplier_schedule": "0: (1.05)", "noise_schedule": "0: (0.065)", "noise_type": "perlin",
        "amount_schedule": "0: (0.05)", "contrast_schedule": "0: (1+0.01*sin(t/9))",
        "color_coherence": "LAB", "diffusion_cadence": 2, "optical_flow_cadence": "DIS Medium",
        "padding_mode": "border", "use_depth_warping": True,
        "prompts": {"0": "a cat --neg nsfw", "30": "a dog --neg nsfw", "79": "a coconut --neg nsfw"},
    }  # fmt: skip
    assert {key: made[key] for key in same} == same


def test_a_formula_that_deforum_holds_and_a_film_does_not_is_not_given_as_it_was_written(tmp_path) -> None:
    film = HEAD + 'prompt = "a"\ndiffuse { seed = 0: (s), 12: (s + 6); seed_mode = fixed }'
    settings = settings_of(tmp_path, film)
    seeds = np.trunc(read(settings, "seed_schedule")) + read(settings, "subseed_strength_schedule")
    np.testing.assert_allclose(seeds, 7 + np.minimum(np.arange(24), 12) / 2)


def test_a_cut_begins_anew_from_noise_at_a_frame_that_is_diffused(tmp_path) -> None:
    film = """fps = 10; size = 64x64; model = "a.safetensors"
        coherence { cadence = 2 }
        diffuse { strength = 30% }
        scene one 5f { prompt = "a"; camera 2d { zoom = 1.1 per s } }
        scene two 9f { prompt = "b" }
        scene three 6f { prompt = "c"; transition = continue }
    """
    settings = settings_of(tmp_path, film)
    strength = read(settings, "strength_schedule")
    assert strength[6] == 0.0
    assert np.flatnonzero(strength == 0.0).tolist() == [6]
    np.testing.assert_allclose(np.delete(strength, 6), 0.7)
    np.testing.assert_allclose(read(settings, "zoom"), [1.1**0.1] * 5 + [1.0] * 15, atol=1e-9)
    assert settings["prompts"] == {"0": "a --neg", "5": "b --neg", "14": "c --neg"}


def test_a_scene_that_continues_takes_no_step_to_its_first_frame(tmp_path) -> None:
    film = """fps = 10; size = 64x64; model = "a.safetensors"; prompt = "a"
        scene one 3f { camera 2d { zoom = 1.1 per f } }
        scene two 3f { transition = continue; camera 2d { motion = per_frame; angle = 1 + t } }
        scene three 3f { transition = continue; camera 2d { angle = 10deg * t } }
    """
    settings = settings_of(tmp_path, film)
    np.testing.assert_allclose(read(settings, "zoom")[1:], [1.1] * 2 + [1.0] * 6, atol=1e-8)
    np.testing.assert_allclose(read(settings, "angle"), [0, 0, 0, 0, 2, 3, 0, 10, 10], atol=1e-8)
    assert not (read(settings, "strength_schedule") == 0.0).any()


def test_what_scenes_say_each_for_itself_is_told_where_deforum_has_it_once(tmp_path) -> None:
    Image.new("RGB", (64, 48), (90, 120, 30)).save(tmp_path / "photo.png")
    film = """fps = 10; size = 64x64; model = "a.safetensors"; prompt = "a"
        image photo = "photo.png"
        scene one 3f { coherence { color = lab; color_method = histogram; noise_type = gaussian } }
        scene two 3f { coherence { color = hsv; color_method = histogram }; control canny { source = photo } }
        scene three 3f { control depth { source = photo; weight = 0.4 } }
    """
    made = exported(tmp_path, film, "deforum")
    once = {one.what for one in made.remarks if "one for the whole run" in one.says}
    assert once == {"coherence.color"}
    settings = settings_of(tmp_path, film)
    assert read(settings, "cn_1_weight").tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0]
    np.testing.assert_allclose(read(settings, "cn_2_weight"), [0] * 6 + [0.4] * 3)


def test_prompts_melt_where_nothing_else_moves(tmp_path) -> None:
    film = HEAD + 'prompt { 0f: "a"; 12f: "b" hold; 20f: "c"; negative = "x" }\ndiffuse { strength = 1 }'
    settings = settings_of(tmp_path, film)
    assert settings["animation_mode"] == "Interpolation"
    assert settings["prompts"] == {
        "0": "a --neg x", "12": "b --neg x", "19": "b --neg x", "20": "c --neg x",
    }  # fmt: skip


def test_texts_that_are_blended_and_melt_stand_in_one_prompt(tmp_path) -> None:
    film = HEAD + 'prompt { 0f: "a" * 0.5 + "b" * 0.5; 12f: "at 16:9" }\ndiffuse { strength = 1 }'
    made = exported(tmp_path, film, "deforum")
    settings = settings_of(tmp_path, film)
    assert settings["animation_mode"] == "Interpolation"
    assert settings["prompts"] == {"0": "(a:1), (b:1) --neg", "12": "at 16:9 --neg"}
    assert {"prompts with weights", "a prompt that ends as in `16:9`"} <= {one.what for one in made.remarks}


def test_prompts_are_cut_where_a_camera_moves_and_that_is_said(tmp_path) -> None:
    film = HEAD + 'prompt { 0f: "a"; 12f: "b" }\ncamera 2d { zoom = 1.1 per s }'
    made = exported(tmp_path, film, "deforum")
    assert "prompt.morph" in {remark.what for remark in made.remarks if remark.fate is Fate.CHANGED}
    assert settings_of(tmp_path, film)["prompts"] == {"0": "a --neg", "12": "b --neg"}


def test_loras_blends_and_inserted_numbers_stand_in_the_prompts(tmp_path) -> None:
    film = HEAD + (
        'lora grain = "https://example.org/film%20grain.safetensors" '
        "{ weight = 0f: 0.5, 12f: 0.5 hold, 13f: 0.8 }\n"
        'prompt = "a (b:{1 if t < 20 else 1.5})" * 0.25 + "c" * 0.75'
    )
    prompts = settings_of(tmp_path, film)["prompts"]
    assert prompts == {
        "0": "a (b:1) :0.25 AND c :0.75 <lora:film%20grain:0.5> --neg",
        "13": "a (b:1) :0.25 AND c :0.75 <lora:film%20grain:0.8> --neg",
        "20": "a (b:1.5) :0.25 AND c :0.75 <lora:film%20grain:0.8> --neg",
    }


def test_fractions_of_seeds_are_subseeds(tmp_path) -> None:
    film = HEAD + 'prompt = "a"\ndiffuse { seed = 0f: 10, 20f: 12; seed_mode = fixed }'
    settings = settings_of(tmp_path, film)
    seeds = np.trunc(read(settings, "seed_schedule"))
    mixed = read(settings, "subseed_strength_schedule")
    assert settings["enable_subseed_scheduling"] is True
    np.testing.assert_allclose(seeds + mixed, np.minimum(10 + np.arange(24) / 10, 12), atol=1e-9)
    np.testing.assert_allclose(read(settings, "subseed_schedule"), seeds + 1)


@pytest.mark.parametrize("mode", ["iter", "fixed", "ladder", "alternate", "random"])
def test_seed_modes_have_deforums_names(tmp_path, mode: str) -> None:
    settings = settings_of(tmp_path, HEAD + f'prompt = "a"\ndiffuse {{ seed_mode = {mode} }}')
    assert (settings["seed_behavior"], settings["seed"]) == (mode, 7)


def test_what_is_lost_is_said(tmp_path) -> None:
    film = (
        HEAD
        + """prompt = "a"
        camera 2d { shear_x = 0s: 0, 1s: 0.2; border = wrap }
        coherence { blend = 20%; color = hsv }
        grade { contrast = 1.2 }
        layer title { text = "x" }
        diffuse { sampler = "DEIS" }
    """
    )
    made = exported(tmp_path, film, "deforum")
    lost = {remark.what for remark in made.remarks if remark.fate is Fate.LOST}
    assert {"camera.shear", "coherence.blend", "grade", "layer", "sampler `DEIS`"} == lost


def test_a_part_of_a_film_counts_from_its_own_first_frame(tmp_path) -> None:
    film = HEAD + 'prompt { 0f: "a"; 12f: "b" }\ncamera 2d { motion = per_frame; zoom = 1+t/100 }'
    settings = settings_of(tmp_path, film, (10, 16))
    assert settings["max_frames"] == 6
    assert settings["prompts"] == {"0": "a --neg", "2": "b --neg"}
    np.testing.assert_allclose(read(settings, "zoom"), 1 + np.arange(10, 16) / 100)
    with pytest.raises(Stop, match="one range"):
        exported(tmp_path, film, "deforum", (0, 2), (4, 6))


def test_a_film_of_cameras_in_2d_and_3d_is_in_3d(tmp_path) -> None:
    film = """fps = 10; size = 128x64; model = "https://x.org/a.safetensors"
        scene one 5f { prompt = "a"; camera 2d { motion = per_frame; zoom = 1.1; flip_phi = 2 } }
        scene two 5f { prompt = "b"; camera 3d { motion = per_frame; translation_z = 4; fov = 50deg } }
        scene three 2f { prompt = "c" }
    """
    made = exported(tmp_path, film, "deforum")
    settings = settings_of(tmp_path, film)
    assert settings["animation_mode"] == "3D"
    focal = 1 / np.tan(np.radians(35))
    nearer = (1 - 1 / 1.1) / (focal + 1 - 1 / 1.1) * 200
    steps = read(settings, "translation_z")
    np.testing.assert_allclose(steps, [nearer] * 5 + [0] + [4] * 4 + [0, 0], atol=1e-9)
    assert read(settings, "perspective_flip_phi").tolist() == [2] * 5 + [0] * 7
    assert read(settings, "fov_schedule").tolist() == [70] * 5 + [50] * 5 + [70] * 2
    assert "2d cameras of `one`" in {remark.what for remark in made.remarks}


def test_frames_that_are_drawn_by_themselves_are_an_interpolation(tmp_path) -> None:
    film = HEAD + 'prompt { 0f: "a"; 12f: "b"; morph = cut }\npipeline { frame = grade(generate()) }'
    made = exported(tmp_path, film, "deforum")
    settings = settings_of(tmp_path, film)
    assert settings["animation_mode"] == "Interpolation"
    # texts that stand have a second key, because that mode always melts
    assert list(settings["prompts"]) == ["0", "11", "12"]  # type: ignore[call-overload]
    assert not made.remarks


def test_models_and_samplers_that_change_have_schedules_of_texts(tmp_path) -> None:
    film = """fps = 12; length = 24f; prompt = "a"
        model = 0f: "https://x.org/a.safetensors", 12f: "https://x.org/b.safetensors"
        diffuse { sampler = 0f: "Euler a", 6f: "DDIM"; eta = 0.5 }
    """
    settings = settings_of(tmp_path, film)
    assert settings["checkpoint_schedule"] == '0: ("a.safetensors"), 12: ("b.safetensors")'
    assert settings["sampler_schedule"] == '0: ("Euler a"), 6: ("DDIM")'
    assert settings["enable_checkpoint_scheduling"] is settings["enable_sampler_scheduling"] is True
    assert settings["ancestral_eta_schedule"] == "0: (0.5)"


def test_files_have_their_places_in_the_settings(tmp_path) -> None:
    Image.new("RGB", (64, 48), (90, 120, 30)).save(tmp_path / "photo.png")
    film = (
        HEAD
        + """prompt = "a"
        image photo = "photo.png"
        init = photo
        control canny { source = photo; weight = 0: (1), 12: (0.5); low = 51; high = 153 }
        control depth { hint = photo; start = 10% }
        output "a.mp4" { interpolate = 2; upscale = 2 }
        output "a.gif"
    """
    )
    settings = settings_of(tmp_path, film)
    said = {
        "use_init": True, "init_image": "photo.png", "make_gif": True,
        "frame_interpolation_engine": "FILM", "frame_interpolation_x_amount": 2,
        "r_upscale_video": True, "r_upscale_factor": "x2",
        "cn_1_enabled": True, "cn_1_module": "canny", "cn_1_weight": "0: (1), 12: (0.5)",
        "cn_1_threshold_a": 51, "cn_1_threshold_b": 153, "cn_1_vid_path": "photo.png",
        "cn_2_enabled": True, "cn_2_module": "none", "cn_2_guidance_start": "0: (0.1)", "cn_3_enabled": False,
    }  # fmt: skip
    assert {key: settings[key] for key in said} == said
