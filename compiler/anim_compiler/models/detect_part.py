"""All that is no LoRA: checkpoints, their parts, ControlNets, embeddings, depth models, upscalers."""

from __future__ import annotations

from anim_compiler.models.detect_lora import CONTEXT
from anim_compiler.models.facts import ModelFacts, ModelKind
from anim_compiler.models.tensors import PREFIX, Tensors

#: the widths of the encoders that embeddings are learned for
_EMBEDDED = {768: "sd1", 1024: "sd2"}

#: the first layer of what reads the scale of guidance, by the names of the original code and of diffusers
_GUIDED = frozenset(
    {
        "guidance_in.in_layer.weight",
        "time_text_embed.guidance_embedder.linear_1.weight",
        "time_embed.cond_proj.weight",
        "time_embedding.cond_proj.weight",
    }
)


def embedding(tensors: Tensors) -> ModelFacts | None:
    """A textual inversion: the vectors of a few invented words."""
    shapes = tensors.shapes
    if "clip_g" in shapes and "clip_l" in shapes and len(shapes) <= 4:
        return ModelFacts("", "embedding", "sd3" if "t5xxl" in shapes else "sdxl", layout="a1111")
    if "emb_params" in shapes:
        return ModelFacts("", "embedding", _EMBEDDED.get(shapes["emb_params"][-1], ""), layout="a1111")
    if len(shapes) == 1:
        ((name, shape),) = shapes.items()
        if 0 < len(shape) <= 2 and shape[-1] in _EMBEDDED and "." not in name.strip("."):
            return ModelFacts("", "embedding", _EMBEDDED[shape[-1]], layout="diffusers")
    return None


def controlnet(tensors: Tensors) -> ModelFacts | None:
    """A ControlNet: half a denoiser with layers that begin as nothing."""
    if "lora_controlnet" in tensors:
        told = "a control-LoRA: another kind of file than a ControlNet"
        return ModelFacts("", "controlnet", _of_unet(tensors), layout="original", description=told)
    if tensors.any_begins("control_model.", "input_hint_block."):
        layout = "original"
    elif "controlnet_cond_embedding.conv_in.weight" in tensors:
        layout = "diffusers"
    elif tensors.any_begins("control_all_x_embedder.", "control_layers."):
        return ModelFacts("", "controlnet", "z-image", layout="original")
    elif tensors.any_begins("controlnet_blocks.", "controlnet_x_embedder."):
        return ModelFacts("", "controlnet", _of_transformer(tensors), layout="diffusers")
    else:
        return None
    if tensors.any_holds("motion_modules"):
        return ModelFacts("", "unknown", title="SparseCtrl for AnimateDiff")
    return ModelFacts("", "controlnet", _of_unet(tensors), layout=layout)


def whole(tensors: Tensors) -> ModelFacts | None:
    """A checkpoint in the layout of its training program: denoiser, text encoders and VAE in one file."""
    if not tensors.any_begins(PREFIX):
        return None
    has_rest = tensors.any_begins(
        "first_stage_model.", "vae.", "cond_stage_model.", "conditioner.", "text_encoders."
    )
    family, steps, title = _denoiser(tensors)
    kind: ModelKind = "checkpoint" if has_rest else "unet"
    prediction = "v" if "v_pred" in tensors else ""
    return ModelFacts(
        "", kind, family, title=title, steps=steps, layout="original", prediction=prediction,
        guidance=_guidance(tensors),
    )  # fmt: skip


def denoiser(tensors: Tensors) -> ModelFacts | None:
    """A denoiser alone, as a U-Net or a transformer."""
    family, steps, title = _denoiser(tensors)
    if not family and not title:
        return None
    if title.startswith(("AnimateDiff", "IP-Adapter", "T2I")):
        return ModelFacts("", "unknown", title=title)
    diffusers = ("down_blocks.", "transformer_blocks.", "time_text_embed.", "all_x_embedder.")
    layout = "diffusers" if tensors.any_begins(*diffusers) else "original"
    guidance = _guidance(tensors)
    return ModelFacts("", "unet", family, title=title, steps=steps, layout=layout, guidance=guidance)


def _denoiser(tensors: Tensors) -> tuple[str, int | None, str]:
    """Family, steps and a title of what is no model of a family here."""
    names = tensors.bare
    if tensors.any_holds("motion_modules."):
        return "", None, "AnimateDiff motion module"
    if tensors.any_begins("ip_adapter.", "image_proj."):
        return "", None, "IP-Adapter"
    if tensors.any_begins("adapter.body.", "body.0.resnets."):
        return "", None, "T2I-Adapter"
    if names & {"input_blocks.0.0.weight", "conv_in.weight"} and names & {
        "time_embed.0.weight", "time_embedding.linear_1.weight",
    }:  # fmt: skip
        return _of_unet(tensors), None, _odd_unet(tensors)
    family = _of_transformer(tensors)
    # Flux without an input for its scale of guidance is the distilled one
    return family, 4 if family == "flux" and not _guidance(tensors) else None, ""


def _guidance(tensors: Tensors) -> str:
    """`embedded` if there is an input for the scale of guidance: in Flux.1 dev, and in U-Nets for few steps
    (LCM)."""
    return "embedded" if tensors.bare & _GUIDED else ""


def _of_unet(tensors: Tensors) -> str:
    """The family of a U-Net or half of one, by how wide the states are that it attends to."""
    widths = tensors.widths("attn2.to_k.", endings=("to_k.weight",))
    told = next((CONTEXT[width] for width in sorted(widths) if width in CONTEXT), "")
    # of a width that nobody trained at, what stands beside the layers tells
    has_size = tensors.any_holds("add_embedding.linear_1.", "label_emb.0.0.", "conditioner.embedders.1.")
    return told or _by_encoder(tensors, has_size)


def _by_encoder(tensors: Tensors, has_size: bool) -> str:
    """The family of a checkpoint by its text encoder; one that is told the picture's size is an SDXL."""
    if 1280 in tensors.widths("attn2.to_k.", endings=("to_k.weight",)):
        return ""
    if has_size:
        return "sdxl"
    if tensors.any_begins("cond_stage_model.transformer."):
        return "sd1"
    return "sd2" if tensors.any_begins("cond_stage_model.model.") else ""


def _odd_unet(tensors: Tensors) -> str:
    """What a U-Net is that only its first layer tells; "" for an ordinary one."""
    inputs = tensors.shape("input_blocks.0.0.weight", "conv_in.weight")
    if 1280 in tensors.widths("attn2.to_k.", endings=("to_k.weight",)):
        return "SDXL refiner"
    called = {9: "inpainting model", 8: "instruct-pix2pix model", 7: "upscaler by four"}
    return called.get(inputs[1], "") if len(inputs) > 1 else ""


def _of_transformer(tensors: Tensors) -> str:
    names = tensors.bare
    if names & {"distilled_guidance_layer.in_proj.bias", "single_stream_modulation.lin.weight",
                "early_stream_modulations.image.lin.weight"}:  # fmt: skip
        return ""  # Chroma and the later Flux models: the names of Flux, other models
    if any(name.startswith(("double_blocks.", "single_blocks.", "single_transformer_blocks.",
                            "controlnet_single_blocks.")) for name in names):  # fmt: skip
        return "flux"
    if any(name.startswith("joint_blocks.") for name in names):
        return "sd3"
    if any(
        name.startswith(("transformer_blocks.0.img_mlp.", "transformer_blocks.0.img_mod.")) for name in names
    ):
        return "qwen-image"
    if "layers.0.adaLN_modulation.0.weight" in names:
        return "z-image"
    if not any(name.startswith("transformer_blocks.0.") for name in names):
        return ""
    if names & {"pos_embed.proj.weight", "pos_embed_input.proj.weight"}:
        return "sd3"
    return "flux" if names & {"x_embedder.weight", "controlnet_x_embedder.weight"} else ""


def vae(tensors: Tensors) -> ModelFacts | None:
    """A VAE, whole or tiny; those of SD 1, SD 2 and SDXL are alike, as are those of SD 3 and Flux."""
    if tensors.any_begins("decoder.middle.0.residual."):
        return ModelFacts("", "vae", "qwen-image", layout="original", title="VAE of Wan and Qwen-Image")
    if "encoder.layers.0.weight" in tensors and tensors.any_begins("decoder.layers."):
        return ModelFacts("", "vae", title="TAESD", layout="diffusers")
    shape = tensors.shape("decoder.conv_in.weight", "first_stage_model.decoder.conv_in.weight",
                          "vae.decoder.conv_in.weight")  # fmt: skip
    if not shape or not tensors.any_holds("encoder.conv_in.weight"):
        return _taesd(tensors)
    layout = "diffusers" if tensors.any_holds("encoder.down_blocks.") else "original"
    return ModelFacts("", "vae", "qwen-image" if len(shape) == 5 else "", layout=layout)


def _taesd(tensors: Tensors) -> ModelFacts | None:
    """Half of a tiny VAE as its author publishes it: numbered layers and nothing else."""
    is_numbered = all(name.split(".")[0].isdigit() for name in tensors.shapes)
    has_blocks = tensors.any_ends(".conv.0.weight") and tensors.any_ends(".conv.4.weight")
    return ModelFacts("", "vae", title="TAESD, one half") if is_numbered and has_blocks else None


def text_encoder(tensors: Tensors) -> ModelFacts | None:
    """A text encoder alone: CLIP, OpenCLIP, T5 or Qwen's."""
    flat = "embeddings.token_embedding.weight"
    if flat in tensors or tensors.any_holds("text_model.encoder.layers.0.", "transformer.resblocks.0."):
        width = tensors.shape(f"text_model.{flat}", flat, "token_embedding.weight")
        title = {768: "CLIP-L", 1024: "OpenCLIP-H", 1280: "OpenCLIP-G"}.get(width[-1] if width else 0, "CLIP")
        return ModelFacts("", "text encoder", title=title)
    if tensors.any_holds("encoder.block.0.layer.0.SelfAttention.q."):
        return ModelFacts("", "text encoder", title="T5")
    if tensors.any_holds("layers.0.self_attn.q_proj.") and tensors.any_holds("embed_tokens."):
        return ModelFacts("", "text encoder", title="Qwen")
    return None


def depth(tensors: Tensors) -> ModelFacts | None:
    """An estimator of depth: Depth Anything, DPT or MiDaS."""
    holds = tensors.any_holds
    if holds("neck.reassemble_stage.", "depth_head.", "scratch.refinenet", "relative_head."):
        layout = "diffusers" if holds("neck.reassemble_stage.") else "original"
        return ModelFacts("", "depth", title="Depth Anything or DPT", layout=layout)
    return None


def upscaler(tensors: Tensors) -> ModelFacts | None:
    """A model that enlarges pictures: ESRGAN and the layouts that came after it."""
    marks = (
        ("ESRGAN", ("model.1.sub.0.RDB1.conv1.0.weight", "RRDB_trunk.0.RDB1.conv1.weight",
                    "body.0.rdb1.conv1.weight")),
        ("SwinIR", ("layers.0.residual_group.blocks.0.norm1.weight",)),
        ("DAT", ("layers.0.blocks.0.norm1.weight",)),
        ("SPAN", ("block_1.c1_r.sk.weight",)),
    )  # fmt: skip
    for title, names in marks:
        if any(name in tensors or f"params.{name}" in tensors for name in names):
            return ModelFacts("", "upscaler", title=title)
    flat = all(name.split(".")[0] in ("body", "params") for name in tensors.shapes)
    if flat and len(tensors.shape("body.0.weight")) == 4:
        return ModelFacts("", "upscaler", title="Real-ESRGAN, compact")
    return None
