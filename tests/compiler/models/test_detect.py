"""What a model is, by its header: kinds and families by the names and shapes that the programs write."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from tests.weights import SD1, SD2, SDXL, VAE, Shapes, header_of, kohya, peft, sd1_lora, sdxl_lora, unet

from anim_compiler.models.detect import detected
from anim_compiler.models.facts import ModelFacts

FLUX = {
    "double_blocks.0.img_attn.norm.key_norm.scale": (128,),
    "double_blocks.0.img_attn.qkv.weight": (9216, 3072),
    "single_blocks.0.linear1.weight": (21504, 3072),
    "img_in.weight": (3072, 64),
}
FLUX_DEV = {**FLUX, "guidance_in.in_layer.weight": (3072, 256)}
SD3 = {
    "model.diffusion_model.joint_blocks.0.context_block.adaLN_modulation.1.bias": (9216,),
    "model.diffusion_model.pos_embed": (1, 36864, 1536),
    "first_stage_model.decoder.conv_in.weight": (512, 16, 3, 3),
    "text_encoders.clip_l.transformer.text_model.embeddings.position_embedding.weight": (77, 768),
}
QWEN = {
    "transformer_blocks.0.img_mlp.net.0.proj.weight": (12288, 3072),
    "transformer_blocks.0.attn.add_q_proj.weight": (3072, 3072),
    "img_in.weight": (3072, 64),
    "txt_in.weight": (3072, 3584),
}
Z_IMAGE = {
    "layers.0.adaLN_modulation.0.weight": (15360, 256),
    "layers.0.attention.qkv.weight": (11520, 3840),
    "cap_embedder.0.weight": (2560,),
}
CONTROL = {
    "control_model.input_hint_block.0.weight": (16, 3, 3, 3),
    "control_model.zero_convs.0.0.weight": (320, 320, 1, 1),
    "control_model.input_blocks.0.0.weight": (320, 4, 3, 3),
    "control_model.time_embed.0.weight": (1280, 320),
}
CONTROL_IN_DIFFUSERS = {
    "controlnet_cond_embedding.conv_in.weight": (16, 3, 3, 3),
    "controlnet_mid_block.weight": (1280, 1280, 1, 1),
    "conv_in.weight": (320, 4, 3, 3),
    "time_embedding.linear_1.weight": (1280, 320),
}
_CROSS = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.weight"
_CONTROL_CROSS = "control_model.input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight"
UNET_IN_DIFFUSERS = {
    "conv_in.weight": (320, 4, 3, 3),
    "time_embedding.linear_1.weight": (1280, 320),
    "down_blocks.0.resnets.0.conv1.weight": (320, 320, 3, 3),
}

#: header, kind, family, layout
MODELS: Mapping[str, tuple[Mapping[str, tuple[int, ...]], str, str, str]] = {
    "SD 1.5": (SD1, "checkpoint", "sd1", "original"),
    "SD 2.1": (SD2, "checkpoint", "sd2", "original"),
    "SDXL": (SDXL, "checkpoint", "sdxl", "original"),
    "SD 3": (SD3, "checkpoint", "sd3", "original"),
    "SD 1.5, the U-Net": (unet(768), "unet", "sd1", "original"),
    "SDXL, the U-Net in diffusers": ({**UNET_IN_DIFFUSERS, _CROSS: (640, 2048)}, "unet", "sdxl", "diffusers"),
    "the U-Net of postcard": ({**UNET_IN_DIFFUSERS, _CROSS: (112, 128)}, "unet", "postcard", "diffusers"),
    "Flux, the transformer": (FLUX_DEV, "unet", "flux", "original"),
    "Flux, with a VAE": (
        {f"model.diffusion_model.{k}": v for k, v in FLUX_DEV.items()}
        | {"vae.decoder.conv_in.weight": (512, 16, 3, 3)},
        "checkpoint",
        "flux",
        "original",
    ),
    "Qwen-Image": (QWEN, "unet", "qwen-image", "diffusers"),
    "Z-Image": (Z_IMAGE, "unet", "z-image", "original"),
    "a ControlNet of SD 1.5": ({**CONTROL, _CONTROL_CROSS: (640, 768)}, "controlnet", "sd1", "original"),
    "a ControlNet of SD 2": ({**CONTROL, _CONTROL_CROSS: (640, 1024)}, "controlnet", "sd2", "original"),
    "a ControlNet of SDXL": (
        {**CONTROL_IN_DIFFUSERS, _CROSS: (640, 2048)}, "controlnet", "sdxl", "diffusers",
    ),
    "a small ControlNet of SDXL": (
        {**CONTROL_IN_DIFFUSERS, "add_embedding.linear_1.weight": (1280, 2816)},
        "controlnet", "sdxl", "diffusers",
    ),
    "a ControlNet of Flux": (
        {"controlnet_x_embedder.weight": (3072, 64), "controlnet_blocks.0.weight": (3072, 3072),
         "transformer_blocks.0.attn.add_q_proj.weight": (3072, 3072)},
        "controlnet", "flux", "diffusers",
    ),
    "a ControlNet of Qwen-Image": (
        {"controlnet_x_embedder.weight": (3072, 64), "controlnet_blocks.0.weight": (3072, 3072), **QWEN},
        "controlnet", "qwen-image", "diffusers",
    ),
    "a VAE": ({k.removeprefix("first_stage_model."): v for k, v in VAE.items()}, "vae", "", "original"),
    "a VAE in diffusers": (
        {"encoder.conv_in.weight": (128, 3, 3, 3), "decoder.conv_in.weight": (512, 4, 3, 3),
         "encoder.down_blocks.0.resnets.0.conv1.weight": (128, 128, 3, 3)},
        "vae", "", "diffusers",
    ),
    "the VAE of Qwen-Image": (
        {"encoder.conv_in.weight": (96, 3, 3, 3, 3), "decoder.conv_in.weight": (384, 16, 3, 3, 3)},
        "vae", "qwen-image", "original",
    ),
    "TAESD": (
        {"encoder.layers.0.weight": (64, 3, 3, 3), "decoder.layers.1.weight": (64, 4, 3, 3)},
        "vae", "", "diffusers",
    ),
    "an embedding": ({"emb_params": (2, 768)}, "embedding", "sd1", "a1111"),
    "an embedding of SD 2": ({"emb_params": (8, 1024)}, "embedding", "sd2", "a1111"),
    "an embedding of SDXL": ({"clip_g": (4, 1280), "clip_l": (4, 768)}, "embedding", "sdxl", "a1111"),
    "an embedding in diffusers": ({"<neon>": (768,)}, "embedding", "sd1", "diffusers"),
    "CLIP": (
        {"text_model.encoder.layers.0.mlp.fc1.weight": (3072, 768),
         "text_model.embeddings.token_embedding.weight": (49408, 768)},
        "text encoder", "", "",
    ),
    "T5": ({"encoder.block.0.layer.0.SelfAttention.q.weight": (4096, 4096)}, "text encoder", "", ""),
    "ESRGAN": ({"model.1.sub.0.RDB1.conv1.0.weight": (32, 64, 3, 3)}, "upscaler", "", ""),
    "Real-ESRGAN": ({"params.body.0.rdb1.conv1.weight": (32, 64, 3, 3)}, "upscaler", "", ""),
    "Depth Anything": (
        {"neck.reassemble_stage.layers.0.projection.weight": (48, 384, 1, 1),
         "backbone.embeddings.cls_token": (1, 1, 384)},
        "depth", "", "diffusers",
    ),
    "a motion module": (
        {"down_blocks.0.motion_modules.0.temporal_transformer.norm.weight": (320,)}, "unknown", "", "",
    ),
    "anything": ({"weight": (3, 3)}, "unknown", "", ""),
    "nothing": ({}, "unknown", "", ""),
}  # fmt: skip

_OLD = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.processor.to_k_lora"
_FLUX_BLOCK = "transformer.single_transformer_blocks.0.attn.to_q"
_DOUBLE = "transformer.transformer_blocks.{}.attn.to_q"
LORAS: Mapping[str, tuple[Mapping[str, tuple[int, ...]], str, str]] = {
    "SD 1.5, kohya": (sd1_lora(), "sd1", "kohya"),
    "SD 1.5, its text encoder alone": (
        kohya("lora_te_text_model_encoder_layers_0_self_attn_q_proj", 768), "sd1", "kohya"),
    "SD 2, its text encoder alone": (
        kohya("lora_te_text_model_encoder_layers_0_self_attn_q_proj", 1024), "sd2", "kohya"),
    "SD 1.5, diffusers": (
        peft("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k", 768), "sd1", "diffusers"),
    "SD 1.5, old diffusers": (
        {f"{_OLD}.down.weight": (4, 768), f"{_OLD}.up.weight": (320, 4)},
        "sd1", "diffusers"),
    "SD 2, kohya": (
        kohya("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k", 1024), "sd2", "kohya"),
    "SDXL, kohya": (sdxl_lora(), "sdxl", "kohya"),
    "SDXL, its second encoder": (
        kohya("lora_te2_text_model_encoder_layers_0_self_attn_q_proj", 1280), "sdxl", "kohya"),
    "SDXL, self-attention alone": (
        kohya("lora_unet_middle_block_1_transformer_blocks_9_attn1_to_q", 1280), "sdxl", "kohya"),
    "SDXL, diffusers": (
        peft("unet.down_blocks.2.attentions.1.transformer_blocks.7.attn2.to_v", 2048), "sdxl", "diffusers"),
    "Flux, kohya": (kohya("lora_unet_double_blocks_0_img_attn_qkv", 3072), "flux", "kohya"),
    "Flux, kohya, with text encoders": (
        {**kohya("lora_unet_single_blocks_3_linear1", 3072),
         **kohya("lora_te1_text_model_encoder_layers_0_mlp_fc1", 768)}, "flux", "kohya"),
    "Flux, diffusers": (peft(_FLUX_BLOCK, 3072), "flux", "diffusers"),
    "Flux, diffusers, double blocks alone": (peft(_DOUBLE.format(3), 3072), "flux", "diffusers"),
    "Flux, original": (peft("diffusion_model.double_blocks.0.img_attn.qkv", 3072), "flux", "original"),
    "SD 3, kohya": (kohya("lora_unet_joint_blocks_0_x_block_attn_qkv", 1536), "sd3", "kohya"),
    "SD 3, diffusers": (peft(_DOUBLE.format(3), 1536), "sd3", "diffusers"),
    "Qwen-Image, diffusers": (peft(_DOUBLE.format(59), 3072), "qwen-image", "diffusers"),
    "Qwen-Image, its feed-forward": (
        peft("transformer_blocks.0.img_mlp.net.2", 12288), "qwen-image", "diffusers"),
    "Z-Image": (peft("diffusion_model.layers.0.attention.to_q", 3840), "z-image", "original"),
    "postcard": (
        peft("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k", 128),
        "postcard", "diffusers"),
    "of one of two encoders": (
        kohya("lora_te1_text_model_encoder_layers_0_self_attn_q_proj", 768), "", "kohya"),
    "another model": (peft("transformer.blocks.0.attn.q", 5120), "", "diffusers"),
}  # fmt: skip


def of(shapes: Mapping[str, tuple[int, ...]], name: str = "", **metadata: str) -> ModelFacts:
    return detected(header_of(shapes, metadata), name)


@pytest.mark.parametrize("what", MODELS)
def test_a_model_is_told_by_its_tensors(what: str) -> None:
    shapes, *expected = MODELS[what]
    found = of(shapes)
    assert [found.kind, found.family, found.layout] == expected


@pytest.mark.parametrize("what", LORAS)
def test_a_lora_is_told_with_its_base(what: str) -> None:
    shapes, *expected = LORAS[what]
    found = of(shapes)
    assert [found.kind, found.family, found.layout] == ["lora", *expected]


@pytest.mark.parametrize(
    ("ending", "says"),
    [("hada_w1_a", "LoHa"), ("lokr_w1", "LoKr"), ("oft_blocks", "OFT"), ("dora_scale", "")],
)
def test_kin_of_loras_are_called_by_their_names(ending: str, says: str) -> None:
    shapes = {f"lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.{ending}": (4, 768)}
    found = of(shapes)
    assert found.kind == "lora"
    assert says in found.description
    assert found.layout == (says or "kohya")


def test_parts_that_no_plain_lora_has_are_told() -> None:
    assert of(sd1_lora() | {"lora_unet_conv_in.diff": (320, 4, 3, 3)}).layout == "LoRA with whole layers"
    # a whole model may have such a name
    assert of(VAE | {"decoder.a1.weight": (4,)}).kind == "vae"


def test_a_lora_of_xlabs_is_told() -> None:
    shapes = {
        "double_blocks.0.processor.qkv_lora1.down.weight": (16, 3072),
        "double_blocks.0.processor.qkv_lora1.up.weight": (9216, 16),
    }
    assert (of(shapes).kind, of(shapes).family) == ("lora", "flux")


def test_tensors_are_believed_before_words() -> None:
    found = of(
        sd1_lora(), "sdxl-neon.safetensors", **{"modelspec.architecture": "stable-diffusion-xl-v1-base/lora"}
    )
    assert found.family == "sd1"
    assert of(VAE | {"encoder.conv_in.weight": (1,)}, "sdxl_vae.safetensors").family == "sdxl"


@pytest.mark.parametrize(
    ("name", "control"),
    [
        ("control_v11p_sd15_openpose.safetensors", "pose"),
        ("control_v11f1p_sd15_depth_fp16.safetensors", "depth"),
        ("control_v11p_sd15s2_lineart_anime.safetensors", "lineart"),
        ("controlnet-canny-sdxl-1.0.safetensors", "canny"),
        ("control_v11f1e_sd15_tile.safetensors", "tile"),
        ("control_v11p_sd15_normalbae.safetensors", "normal"),
        ("control_v11p_sd15_softedge.safetensors", "softedge"),
        ("control_sd15_hed.safetensors", "softedge"),
        ("control_v11p_sd15_scribble.safetensors", "scribble"),
        ("diffusion_pytorch_model.safetensors", ""),
    ],
)
def test_a_controlnet_is_told_by_its_name(name: str, control: str) -> None:
    assert of({**CONTROL, _CONTROL_CROSS: (640, 768)}, name).control == control


@pytest.mark.parametrize(
    ("shapes", "name", "steps"),
    [
        (SD1, "dreamshaper_8.safetensors", None),
        (SD3, "sd3.5_large_turbo.safetensors", 4),
        (SD1, "dreamshaper_8LCM_lcm.safetensors", 4),
        (SD2, "sd_turbo.safetensors", 1),
        (SDXL, "sdxl_lightning_8step.safetensors", 8),
        (SDXL, "Hyper-SDXL-1step.safetensors", 1),
        (sdxl_lora(), "Hyper-SDXL-4steps-lora.safetensors", 4),
        (sd1_lora(), "lcm-lora-sdv1-5.safetensors", 4),
        (FLUX, "flux.safetensors", 4),
        (FLUX_DEV, "flux1-dev.safetensors", None),
        (Z_IMAGE, "z_image_turbo_bf16.safetensors", 8),
    ],
)
def test_distilled_models_say_their_steps(shapes: Shapes, name: str, steps: int | None) -> None:
    assert of(shapes, name).steps == steps


def test_what_a_training_script_tells_of_a_lora() -> None:
    tags = {"10_neonstyle": {"neon lights": 19, "1girl": 20, "city": 4, "neonstyle": 20}}
    found = of(
        sd1_lora(),
        ss_tag_frequency=json.dumps(tags),
        ss_dataset_dirs=json.dumps({"10_neonstyle": {"n_repeats": 10, "img_count": 20}}),
        ss_output_name="Neon v2",
        ss_resolution="(512, 512)",
    )
    assert found.title == "Neon v2"
    assert found.trigger_words == ("neonstyle", "neon lights")
    assert found.resolution_px == 512


def test_a_folder_tells_the_trigger_word_where_no_tag_does() -> None:
    told = json.dumps({"5_zxc person": {"red hair": 3, "blue sky": 3, "smile": 3}})
    assert of(sd1_lora(), ss_tag_frequency=told).trigger_words == ("zxc person",)


def test_what_modelspec_tells() -> None:
    found = of(
        sdxl_lora(),
        **{
            "modelspec.title": "Neon\x1b[2J",
            "modelspec.author": "somebody",
            "modelspec.license": "CC0",
            "modelspec.trigger_phrase": "neon, city lights",
            "modelspec.resolution": "1024x1024",
            "modelspec.description": "x" * 5000,
        },
    )
    assert (found.title, found.author, found.licence) == ("Neon\\x1b[2J", "somebody", "CC0")
    assert found.trigger_words == ("neon", "city lights")
    assert found.resolution_px == 1024
    assert len(found.description) == 1000


@pytest.mark.parametrize(
    "metadata",
    [
        {"ss_tag_frequency": "["},
        {"ss_tag_frequency": "[1]"},
        {"ss_tag_frequency": '{"a": 7}'},
        {"ss_tag_frequency": '{"a": {"b": "c"}}', "ss_dataset_dirs": "7"},
        {"ss_tag_frequency": '{"x": {"y": -1}}', "ss_dataset_dirs": '{"x": {"img_count": true}}'},
        {"ss_tag_frequency": '{"a":' + "[" * 100_000},
        {"modelspec.resolution": "9" * 5000},
    ],
)
def test_metadata_that_are_odd_tell_nothing(metadata: dict[str, str]) -> None:
    assert of(sd1_lora(), **metadata).trigger_words == ()


def test_a_model_that_embeds_guidance_says_so() -> None:
    assert of(FLUX_DEV).guidance == "embedded"
    assert of(FLUX).guidance == ""
    told = {**SDXL, "model.diffusion_model.time_embed.cond_proj.weight": (320, 256)}
    assert of(told).guidance == "embedded"


def test_a_model_of_v_prediction_says_so() -> None:
    assert of({**SDXL, "v_pred": ()}).prediction == "v"
    assert of(SD2, **{"modelspec.prediction_type": "v"}).prediction == "v"


@pytest.mark.parametrize(
    ("inputs", "title"), [(4, ""), (9, "inpainting model"), (8, "instruct-pix2pix model")]
)
def test_a_u_net_for_something_else_is_told_by_its_inputs(inputs: int, title: str) -> None:
    assert of({**SD1, **unet(768, inputs=inputs)}).title == title
