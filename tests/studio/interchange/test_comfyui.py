"""ComfyUI's workflows, in both their forms."""

from __future__ import annotations

import json
from copy import deepcopy
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from tests.studio.interchange.prompt_frames import fates, film_of, given, shares

from anim_studio.interchange.comfyui import looks_like, read
from anim_studio.interchange.imported import Fate, NotThisFormat

SCHEDULE = '"0": "a {cat} --neg dog",\n"24": "a lion (x:`pw_a`) (y:`pw_b*2`)"'
API = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "seed": 88,
            "steps": 20,
            "cfg": 8.0,
            "sampler_name": "dpmpp_2m",
            "scheduler": "karras",
            "denoise": 1,
            "model": ["10", 0],
            "positive": ["6", 0],
            "negative": ["6", 1],
            "latent_image": ["5", 0],
        },
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "SD1.5\\toon.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 768, "batch_size": 48}},
    "6": {
        "class_type": "BatchPromptSchedule",
        "inputs": {
            "text": SCHEDULE,
            "max_frames": 48,
            "pre_text": "",
            "app_text": "masterpiece, best quality",
            "pw_a": ["20", 0],
            "pw_b": 0.5,
            "clip": ["12", 0],
        },
    },
    "10": {
        "class_type": "LoraLoader",
        "inputs": {
            "lora_name": "detail.safetensors",
            "strength_model": 0.7,
            "strength_clip": 0.5,
            "model": ["11", 0],
            "clip": ["4", 1],
        },
    },
    "11": {
        "class_type": "ADE_AnimateDiffLoaderWithContext",
        "inputs": {"model_name": "mm.ckpt", "model": ["4", 0]},
    },
    "12": {"class_type": "CLIPSetLastLayer", "inputs": {"stop_at_clip_layer": -2, "clip": ["10", 1]}},
    "20": {"class_type": "BatchValueSchedule", "inputs": {"text": "0:(0.5), 47:(1.5)", "max_frames": 48}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
    "9": {"class_type": "VHS_VideoCombine", "inputs": {"images": ["8", 0], "frame_rate": 8, "loop_count": 0}},
}


def link(number: int, start: int, slot: int, to: int) -> list[object]:
    return [number, start, slot, to, 0, "X"]


SCREEN = {
    "nodes": [
        {
            "id": 3,
            "type": "KSampler",
            "inputs": [
                {"name": "model", "link": 1},
                {"name": "positive", "link": 2},
                {"name": "negative", "link": 3},
                {"name": "latent_image", "link": 4},
            ],
            "widgets_values": [88, "randomize", 20, 8, "dpmpp_2m", "karras", 1],
        },
        {"id": 4, "type": "CheckpointLoaderSimple", "widgets_values": ["SD1.5\\toon.safetensors"]},
        {"id": 5, "type": "EmptyLatentImage", "widgets_values": [512, 768, 48]},
        {
            "id": 6,
            "type": "BatchPromptSchedule",
            "inputs": [{"name": "clip", "link": None}],
            "widgets_values": ['"0": "a",\n"24": "b"', 48, False, "", "best", 0, 0, 0, 0, 0, 0],
        },
        {"id": 7, "type": "CLIPTextEncode", "widgets_values": ["blurry"]},
        {"id": 9, "type": "VHS_VideoCombine", "widgets_values": {"frame_rate": 12}},
        {"id": 13, "type": "Reroute", "inputs": [{"name": "", "link": 5}]},
        {"id": 14, "type": "KSampler", "mode": 4, "widgets_values": [1, "fixed", 5, 1, "euler", "normal", 1]},
    ],
    "links": [link(1, 4, 0, 3), link(2, 13, 0, 3), link(3, 7, 0, 3), link(4, 5, 0, 3), link(5, 6, 0, 13)],
}


def test_an_api_workflow(tmp_path) -> None:
    file = given(json.dumps(API), tmp_path, "flow.json")
    assert looks_like(file)
    made = read(file)
    for line in (
        "size   = 512x768",
        "fps    = 8",
        "length = 48f",
        "seed   = 88",
        'model = "toon.safetensors"',
        '# lora detail = "detail.safetensors" { weight = 0.7 }',
        "let pw_a   = 0: 0.5, 47: 1.5",
        'sampler   = "DPM++ 2M Karras"',
        "cfg_scale = 8",
        "clip_skip = 2",
        'negative = 0: "dog", 24: ""',
    ):
        assert line in made.text, line
    assert fates(made, "ADE_AnimateDiffLoaderWithContext") == {Fate.LOST}
    assert fates(made, "strength_clip of detail.safetensors") == {Fate.CHANGED}
    film = film_of(made, tmp_path)
    assert shares(film)[24] == {"a lion (x:1.0106) (y:1) masterpiece, best quality": 1.0}


def test_a_workflow_of_the_screen(tmp_path) -> None:
    file = given(json.dumps(SCREEN), tmp_path, "flow.json")
    assert looks_like(file)
    made = read(file)
    for line in ("size   = 512x768", "fps    = 12", 'sampler   = "DPM++ 2M Karras"', 'negative = "blurry"'):
        assert line in made.text, line
    assert shares(film_of(made, tmp_path))[12] == {"a best": 0.5, "b best": 0.5}


def test_a_still_begins_with_a_loaded_picture(tmp_path) -> None:
    flow = deepcopy(API)
    flow["3"]["inputs"] |= {"denoise": 0.6, "latent_image": ["30", 0], "positive": ["31", 0]}
    flow["30"] = {"class_type": "VAEEncode", "inputs": {"pixels": ["32", 0]}}
    flow["31"] = {"class_type": "CLIPTextEncode", "inputs": {"text": ["33", 0]}}
    flow["32"] = {"class_type": "LoadImage", "inputs": {"image": "sub/photo.png"}}
    flow["33"] = {"class_type": "PrimitiveString", "inputs": {"value": "a bay"}}
    made = read(given(json.dumps(flow), tmp_path))
    assert "strength  = 0.6" in made.text
    assert '# image start = "photo.png"' in made.text
    assert shares(film_of(made, tmp_path))[0] == {"a bay": 1.0}


def test_a_sampler_that_is_put_together(tmp_path) -> None:
    flow = {
        "1": {
            "class_type": "SamplerCustomAdvanced",
            "inputs": {
                "noise": ["2", 0],
                "guider": ["3", 0],
                "sampler": ["4", 0],
                "sigmas": ["5", 0],
                "latent_image": ["6", 0],
            },
        },
        "2": {"class_type": "RandomNoise", "inputs": {"noise_seed": 7}},
        "3": {"class_type": "CFGGuider", "inputs": {"cfg": 3, "positive": ["7", 0], "model": ["8", 0]}},
        "4": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler_ancestral"}},
        "5": {"class_type": "BasicScheduler", "inputs": {"scheduler": "simple", "steps": 9, "denoise": 1}},
        "6": {"class_type": "EmptySD3LatentImage", "inputs": {"width": 256, "height": 256, "batch_size": 4}},
        "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "a bay"}},
        "8": {
            "class_type": "Power Lora Loader (rgthree)",
            "inputs": {
                "lora_1": {"on": True, "lora": "a/ink.safetensors", "strength": 0.5},
                "lora_2": {"on": False, "lora": "no.safetensors", "strength": 1},
                "model": ["9", 0],
            },
        },
        "9": {"class_type": "UNETLoader", "inputs": {"unet_name": "flux.safetensors"}},
    }
    made = read(given(json.dumps(flow), tmp_path))
    for line in ('model = "flux.safetensors"', "seed   = 7", '"Euler a"', "steps     = 9", "cfg_scale = 3"):
        assert line in made.text, line
    assert 'lora ink = "ink.safetensors" { weight = 0.5 }' in made.text
    assert "no.safetensors" not in made.text
    assert shares(film_of(made, tmp_path))[0] == {"a bay": 1.0}


def test_what_is_kept_out_can_have_a_schedule_of_its_own(tmp_path) -> None:
    flow = deepcopy(API)
    flow["3"]["inputs"]["negative"] = ["40", 0]
    flow["40"] = {
        "class_type": "BatchPromptSchedule",
        "inputs": {"text": '"0": "x", "24": "y"', "max_frames": 48},
    }
    made = read(given(json.dumps(flow), tmp_path))
    assert 'negative = 0: "x", 24: "y"' in made.text
    assert shares(film_of(made, tmp_path), "negative")[30] == {"y": 1.0}


def test_a_loader_that_has_everything(tmp_path) -> None:
    flow = {
        "1": {
            "class_type": "KSampler (Efficient)",
            "inputs": {"seed": 1, "positive": ["8", 0], "negative": ["15", 2], "latent_image": ["15", 3]},
        },
        "8": {
            "class_type": "BatchPromptSchedule",
            "inputs": {"text": '"0": "a", "6": "b"', "max_frames": 16, "app_text": "0", "clip": ["15", 5]},
        },
        "15": {
            "class_type": "Efficient Loader",
            "inputs": {
                "ckpt_name": "dream.safetensors",
                "vae_name": "Baked VAE",
                "clip_skip": -2,
                "lora_name": "SD1.5/ink.safetensors",
                "lora_model_strength": 0.8,
                "lora_clip_strength": 0.8,
                "positive": "not this",
                "negative": "ugly",
                "empty_latent_width": 512,
                "empty_latent_height": 256,
                "batch_size": 16,
            },
        },
    }
    made = read(given(json.dumps({"prompt": flow}), tmp_path))
    for line in ("size   = 512x256", "length = 16f", "clip_skip = 2", 'negative = "ugly"', "weight = 0.8"):
        assert line in made.text, line
    assert "vae" not in made.text
    assert shares(film_of(made, tmp_path))[3] == {"a": 0.5, "b": 0.5}


def test_a_png_that_carries_one(tmp_path) -> None:
    info = PngInfo()
    info.add_text("prompt", json.dumps(API))
    info.add_text("workflow", "{}")
    data = BytesIO()
    Image.new("RGB", (8, 8)).save(data, "PNG", pnginfo=info)
    assert "toon.safetensors" in read(given(data.getvalue(), tmp_path, "a.png")).text


def test_a_slip_in_a_schedule_is_told(tmp_path) -> None:
    flow = deepcopy(API)
    flow["6"]["inputs"]["text"] = '"0": "a"\n"5": "b"'
    made = read(given(json.dumps(flow), tmp_path, "flow.json"))
    assert [(found.code, found.source.name) for found in made.diagnostics] == [("E1095", "flow.json: node 6")]


@pytest.mark.parametrize(
    "flow",
    [
        {
            "1": {
                "class_type": "KSampler",
                "inputs": {"positive": ["1", 0], "negative": ["9", 0], "seed": ["1", 0]},
            }
        },
        {"1": {"class_type": "KSampler", "inputs": None}},
        {
            "1": {
                "class_type": "KSampler",
                "inputs": {"steps": 1e400, "cfg": True, "seed": -5, "sampler_name": "no"},
            }
        },
        {
            "nodes": [{"id": 1, "type": "KSampler", "widgets_values": None, "inputs": [None, {"link": 7}]}],
            "links": [1],
        },
        {"nodes": [{"id": 1, "type": "BatchPromptSchedule", "widgets_values": ['"0": "a"']}]},
    ],
)
def test_odd_workflows_do_no_harm(flow, tmp_path) -> None:
    made = read(given(json.dumps(flow), tmp_path))
    film_of(made, tmp_path)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"nodes": []}', '{"a": 1}', '{"1": {"class_type": "Note"}}']
)
def test_what_is_no_workflow(text, tmp_path) -> None:
    with pytest.raises(NotThisFormat):
        read(given(text, tmp_path))


def node(kind: str, **inputs: object) -> dict[str, object]:
    return {"class_type": kind, "inputs": inputs}


TWO = {
    "9": node("SaveImage", images=["8", 0]),
    "8": node("VAEDecode", samples=["7", 0], vae=["2", 0]),
    "7": node(
        "KSampler",
        seed=9,
        steps=5,
        latent_image=["6", 0],
        model=["1", 0],
        positive=["4", 0],
        negative=["5", 0],
    ),
    "6": node(
        "KSampler",
        seed=1,
        steps=20,
        latent_image=["3", 0],
        model=["1", 0],
        positive=["11", 0],
        negative=["11", 1],
    ),
    "11": node("ControlNetApplyAdvanced", positive=["10", 0], negative=["10", 1], strength=0.8),
    "10": node("ControlNetApplyAdvanced", positive=["4", 0], negative=["5", 0], strength=0.8),
    "5": node("CLIPTextEncode", text="blurry", clip=["1", 1]),
    "4": node("CLIPTextEncode", text="a fox", clip=["1", 1]),
    "3": node("EmptyLatentImage", width=512, height=512, batch_size=1),
    "2": node("VAELoader", vae_name="other.safetensors"),
    "1": node("CheckpointLoaderSimple", ckpt_name="m.safetensors"),
}


def of(graph: object, folder: Path):
    return read(given(json.dumps(graph), folder, "w.json"))


def test_the_first_pass_is_the_one_that_nothing_is_drawn_before(tmp_path) -> None:
    made = of(TWO, tmp_path)
    for line in ("seed   = 1", "steps     = 20", 'vae   = "other.safetensors"', 'negative = "blurry"'):
        assert line in made.text, line
    assert fates(made, "KSampler 7") == {Fate.LOST}


def test_a_negative_that_is_nothing(tmp_path) -> None:
    graph = {**TWO, "5": node("ConditioningZeroOut", conditioning=["4", 0])}
    assert "negative" not in of(graph, tmp_path).text


def test_numbers_by_a_value_schedule(tmp_path) -> None:
    graph = deepcopy(TWO)
    graph["6"]["inputs"] |= {
        "denoise": ["20", 0],
        "steps": ["21", 1],
        "positive": ["22", 0],
        "negative": ["22", 1],
    }
    graph["20"] = node("ValueSchedule", text="0:(0.4), 19:(0.8),", max_frames=20)
    graph["21"] = node("ValueSchedule", text="0:(10.5), 19:(20)", max_frames=20)
    graph["22"] = node(
        "PromptSchedule", text='"0": "a", "9": "(b:`pw_a`)"', max_frames=20, pw_a=["20", 0], pw_b=["20", 0]
    )
    made = of(graph, tmp_path)
    assert "strength  = 0: 0.4, 19: 0.8" in made.text
    assert "steps     = floor((0: 10.5, 19: 20))" in made.text
    assert made.text.count("let pw_") == 1
    film_of(made, tmp_path)


def test_both_texts_of_sdxl_have_their_own_words_around_them(tmp_path) -> None:
    texts = ["BEFORE", "BEHIND", "", ""]
    wide = {
        "id": 1,
        "type": "BatchPromptScheduleEncodeSDXL",
        "widgets_values": [
            1024,
            1024,
            0,
            0,
            1024,
            1024,
            '"0": "a"',
            '"0": "b"',
            30,
            False,
            *texts,
            0,
            0,
            0,
            0,
        ],
    }
    made = of({"nodes": [wide], "links": []}, tmp_path)
    assert "length = 30f" in made.text
    assert '0: "BEFORE a BEHIND"' in made.text
    assert fates(made, "text_l") == {Fate.LOST}


def test_numbers_without_end_and_none_at_all(tmp_path) -> None:
    text = json.dumps(TWO).replace('"seed": 1,', f'"seed": 1{"0" * 400}, "cfg": NaN, "denoise": 1e999,')
    made = read(given(text, tmp_path))
    assert "cfg_scale" not in made.text
    assert "seed   =" not in made.text


def test_where_an_animated_webp_keeps_it(tmp_path) -> None:
    exif = Image.Exif()
    exif[0x0110] = f"prompt:{json.dumps(TWO)}"
    data = BytesIO()
    Image.new("RGB", (8, 8)).save(data, "WEBP", exif=exif)
    assert read(given(data.getvalue(), tmp_path)).text == of(TWO, tmp_path).text


def test_an_average_of_two_texts_is_a_weighted_sum(tmp_path) -> None:
    graph = {**TWO, "5": node("ConditioningAverage", conditioning_to=["4", 0], conditioning_from=["12", 0])}
    graph["5"]["inputs"]["conditioning_to_strength"] = 0.25
    graph["12"] = node("CLIPTextEncode", text="a lake", clip=["1", 1])
    made = of(graph, tmp_path)
    assert 'negative = "a fox" * 0.25 + "a lake" * 0.75' in made.text
    assert shares(film_of(made, tmp_path), "negative") == [{"a fox": 0.25, "a lake": 0.75}]
    graph["12"] = graph["5"]  # which is made of itself
    assert looks_like(given(json.dumps(graph), tmp_path))
    assert of(graph, tmp_path).text
