import json

import pytest
from PIL import Image

from anim_compiler.models.samplers import SAMPLERS, sampler_named
from anim_studio.interchange.imported import Fate
from anim_studio.interchange.to_comfyui.samplers import NEAREST, comfy_sampler, parted

from .exporting_films import exported

#: ComfyUI's nodes: their required inputs, and what they give
NODES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "CheckpointLoaderSimple": ({"ckpt_name": "str"}, ("MODEL", "CLIP", "VAE")),
    "LoraLoader": (
        {"model": "MODEL", "clip": "CLIP", "lora_name": "str", "strength_model": "float",
         "strength_clip": "float"},
        ("MODEL", "CLIP"),
    ),
    "CLIPSetLastLayer": ({"clip": "CLIP", "stop_at_clip_layer": "int"}, ("CLIP",)),
    "VAELoader": ({"vae_name": "str"}, ("VAE",)),
    "CLIPTextEncode": ({"text": "str", "clip": "CLIP"}, ("CONDITIONING",)),
    "ConditioningAverage": (
        {
            "conditioning_to": "CONDITIONING",
            "conditioning_from": "CONDITIONING",
            "conditioning_to_strength": "float",
        },
        ("CONDITIONING",),
    ),
    "BatchPromptSchedule": (
        {"text": "str", "clip": "CLIP", "max_frames": "int", "print_output": "bool", "pre_text": "str",
         "app_text": "str", "start_frame": "int", "end_frame": "int",
         "pw_a": "float", "pw_b": "float", "pw_c": "float", "pw_d": "float"},
        ("CONDITIONING",),
    ),
    "EmptyLatentImage": ({"width": "int", "height": "int", "batch_size": "int"}, ("LATENT",)),
    "LoadImage": ({"image": "str"}, ("IMAGE", "MASK")),
    "RepeatImageBatch": ({"image": "IMAGE", "amount": "int"}, ("IMAGE",)),
    "ImageScale": (
        {"image": "IMAGE", "upscale_method": "str", "width": "int", "height": "int", "crop": "str"},
        ("IMAGE",),
    ),
    "Canny": ({"image": "IMAGE", "low_threshold": "float", "high_threshold": "float"}, ("IMAGE",)),
    "VAEEncode": ({"pixels": "IMAGE", "vae": "VAE"}, ("LATENT",)),
    "RepeatLatentBatch": ({"samples": "LATENT", "amount": "int"}, ("LATENT",)),
    "ControlNetLoader": ({"control_net_name": "str"}, ("CONTROL_NET",)),
    "ControlNetApplyAdvanced": (
        {"positive": "CONDITIONING", "negative": "CONDITIONING", "control_net": "CONTROL_NET",
         "image": "IMAGE", "strength": "float", "start_percent": "float", "end_percent": "float"},
        ("CONDITIONING", "CONDITIONING"),
    ),
    "KSampler": (
        {"model": "MODEL", "positive": "CONDITIONING", "negative": "CONDITIONING", "latent_image": "LATENT",
         "seed": "int", "steps": "int", "cfg": "float", "sampler_name": "str", "scheduler": "str",
         "denoise": "float"},
        ("LATENT",),
    ),
    "VAEDecode": ({"samples": "LATENT", "vae": "VAE"}, ("IMAGE",)),
    "SaveImage": ({"images": "IMAGE", "filename_prefix": "str"}, ()),
}  # fmt: skip

FILM = """\
size = 512x768; fps = 10; length = 20f; seed = 9
model = "https://example.org/dream.safetensors"
lora grain = "https://example.org/grain.safetensors" { weight = 0f: 0.5, 10f: 1 }
lora toon = "https://example.org/toon.safetensors" { weight = 0.3 }
prompt { 0f: "a (cat:1.2), [dim]"; 10f: "a dog"; negative = "blurry" }
"""
MOVING = (
    FILM
    + """\
camera 2d { zoom = 1.1 per s }
diffuse { sampler = "DPM++ 2M Karras"; steps = 22; cfg_scale = 6.5; strength = 40%; clip_skip = 2 }
"""
)


def nodes_of(tmp_path, text: str, *ranges: tuple[int, int]) -> dict[str, dict[str, object]]:
    (data,) = exported(tmp_path, text, "comfyui", *ranges).files.values()
    nodes = json.loads(data)
    check(nodes)
    return nodes


def check(nodes: dict[str, dict]) -> None:
    """What ComfyUI looks at before it queues a workflow: classes, required inputs, kinds of links."""
    given = {}
    for number, node in nodes.items():
        wanted, gives = NODES[node["class_type"]]
        given[number] = gives
        assert node["inputs"].keys() == wanted.keys(), node["class_type"]
        for name, kind in wanted.items():
            value = node["inputs"][name]
            if kind.isupper():
                other, place = value
                assert given[other][place] == kind, (node["class_type"], name)
            else:
                assert type(value).__name__ == kind, (node["class_type"], name, value)
        assert node["_meta"]["title"]
    assert list(nodes.values())[-1]["class_type"] == "SaveImage"


def only(nodes: dict[str, dict], kind: str) -> dict:
    (found,) = [node["inputs"] for node in nodes.values() if node["class_type"] == kind]
    return found


def test_a_frame_has_the_numbers_that_the_film_has_there(tmp_path) -> None:
    nodes = nodes_of(tmp_path, MOVING, (5, 6))
    sampler = only(nodes, "KSampler")
    said = {name: sampler[name] for name in ("seed", "steps", "cfg", "sampler_name", "scheduler", "denoise")}
    assert said == {
        "seed": 14, "steps": 8, "cfg": 6.5, "sampler_name": "dpmpp_2m", "scheduler": "karras",
        "denoise": 0.4,
    }  # fmt: skip
    loras = [node["inputs"] for node in nodes.values() if node["class_type"] == "LoraLoader"]
    assert [(one["lora_name"], one["strength_model"]) for one in loras] == [
        ("grain.safetensors", 0.75), ("toon.safetensors", 0.3),
    ]  # fmt: skip
    assert only(nodes, "CheckpointLoaderSimple")["ckpt_name"] == "dream.safetensors"
    assert only(nodes, "CLIPSetLastLayer")["stop_at_clip_layer"] == -2
    assert only(nodes, "ConditioningAverage")["conditioning_to_strength"] == 0.5
    texts = [node["inputs"]["text"] for node in nodes.values() if node["class_type"] == "CLIPTextEncode"]
    assert texts == ["a (cat:1.2), (dim:0.909)", "a dog", "blurry"]
    assert only(nodes, "LoadImage")["image"] == "film-00004.png"
    assert only(nodes, "ImageScale")["crop"] == "center"


def test_the_first_frame_is_from_noise(tmp_path) -> None:
    nodes = nodes_of(tmp_path, MOVING, (0, 1))
    assert only(nodes, "EmptyLatentImage") == {"width": 512, "height": 768, "batch_size": 1}
    assert only(nodes, "KSampler")["denoise"] == 1.0


def test_a_tween_is_told_and_the_next_frame_that_is_drawn_is_given(tmp_path) -> None:
    film = MOVING + "coherence { cadence = 4 }"
    made = exported(tmp_path, film, "comfyui", (5, 6))
    assert "frame 5" in {remark.what for remark in made.remarks}
    (nodes,) = map(json.loads, made.files.values())
    assert only(nodes, "KSampler")["seed"] == 9 + 2
    assert only(nodes, "LoadImage")["image"] == "film-00004.png"


def test_controls_stand_one_behind_the_other(tmp_path) -> None:
    Image.new("RGB", (64, 48), (90, 120, 30)).save(tmp_path / "photo.png")
    film = (
        FILM
        + """
        image photo = "photo.png"
        init = photo
        control canny { source = photo; weight = 0f: 0.5, 10f: 1; end = 80%; low = 51; high = 153 }
        control depth far { source = init; start = 10% }
    """
    )
    made = exported(tmp_path, film, "comfyui", (0, 1))
    (nodes,) = map(json.loads, made.files.values())
    check(nodes)
    first, second = [
        node["inputs"] for node in nodes.values() if node["class_type"] == "ControlNetApplyAdvanced"
    ]
    assert (first["strength"], first["end_percent"], second["start_percent"]) == (0.5, 0.8, 0.1)
    assert nodes[second["positive"][0]]["inputs"] is first
    assert only(nodes, "KSampler")["positive"][0] != only(nodes, "KSampler")["negative"]
    assert only(nodes, "Canny")["low_threshold"] == 0.2
    assert only(nodes, "KSampler")["denoise"] == 0.5
    assert {remark.what for remark in made.remarks if "control" in remark.what} == {
        "control `canny`", "control `far`",
    }  # fmt: skip


def test_a_segment_is_a_batch_with_a_schedule_of_its_prompts(tmp_path) -> None:
    made = exported(tmp_path, MOVING, "comfyui", (4, 16))
    (nodes,) = map(json.loads, made.files.values())
    check(nodes)
    schedule = only(nodes, "BatchPromptSchedule")
    assert json.loads("{" + schedule["text"] + "}") == {
        "0": "(a (cat:1.2), (dim:0.909):1.2), (a dog:0.8)", "6": "a dog",
    }  # fmt: skip
    assert schedule["max_frames"] == 12
    assert only(nodes, "EmptyLatentImage")["batch_size"] == 12
    lost = {remark.what for remark in made.remarks if remark.fate is Fate.LOST}
    assert {"frames", "camera", "lora.grain.weight"} <= lost


@pytest.mark.parametrize(("frames", "repeats"), [(64, "RepeatLatentBatch"), (65, "RepeatImageBatch")])
def test_a_picture_is_repeated_as_often_as_comfyui_lets(tmp_path, frames: int, repeats: str) -> None:
    Image.new("RGB", (64, 48), (90, 120, 30)).save(tmp_path / "photo.png")
    film = f"""length = {frames}f; model = "https://example.org/a.safetensors"; prompt = "a"
        image photo = "photo.png"
        init = photo
        diffuse {{ strength = 0.25; steps = 20 }}"""
    nodes = nodes_of(tmp_path, film)
    assert only(nodes, repeats)["amount"] == frames
    # ComfyUI takes all the steps that it is told
    assert (only(nodes, "KSampler")["denoise"], only(nodes, "KSampler")["steps"]) == (0.25, 5)


def test_a_prompt_that_never_changes_needs_no_other_nodes(tmp_path) -> None:
    nodes = nodes_of(tmp_path, 'length = 4f; model = "https://example.org/a.safetensors"; prompt = "a"')
    assert "BatchPromptSchedule" not in {node["class_type"] for node in nodes.values()}


@pytest.mark.parametrize("name", SAMPLERS)
def test_every_sampler_has_a_name_that_means_it(name: str) -> None:
    sampler, scheduler = comfy_sampler(name)
    base, spacing = parted(name)
    if base in NEAREST:
        return
    spaced = f"{sampler} {scheduler}" if spacing else sampler
    assert sampler_named(spaced) == name
