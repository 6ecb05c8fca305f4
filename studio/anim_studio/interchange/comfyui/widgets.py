"""The names of the values that a workflow of the screen keeps in order only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: by class: what its widgets are called, from above
_NAMES: Mapping[str, tuple[str, ...]] = {
    "KSampler": ("seed", "", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerAdvanced": (
        "add_noise",
        "noise_seed",
        "",
        "steps",
        "cfg",
        "sampler_name",
        "scheduler",
        "start_at_step",
        "end_at_step",
        "return_with_leftover_noise",
    ),
    "KSampler (Efficient)": ("seed", "", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerSelect": ("sampler_name",),
    "BasicScheduler": ("scheduler", "steps", "denoise"),
    "RandomNoise": ("noise_seed",),
    "CFGGuider": ("cfg",),
    "EmptySD3LatentImage": ("width", "height", "batch_size"),
    "PrimitiveNode": ("value",),
    "Efficient Loader": (
        *("ckpt_name", "vae_name", "clip_skip", "lora_name", "lora_model_strength", "lora_clip_strength"),
        *("positive", "negative", "token_normalization", "weight_interpretation"),
        *("empty_latent_width", "empty_latent_height", "batch_size"),
    ),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "CheckpointLoaderSimpleWithNoiseSelect": ("ckpt_name", "beta_schedule"),
    "CheckpointLoader": ("config_name", "ckpt_name"),
    "UNETLoader": ("unet_name", "weight_dtype"),
    "LoraLoader": ("lora_name", "strength_model", "strength_clip"),
    "LoraLoaderModelOnly": ("lora_name", "strength_model"),
    "VAELoader": ("vae_name",),
    "CLIPTextEncode": ("text",),
    "CLIPTextEncodeSDXL": (*("",) * 6, "text_g", "text_l"),
    "CLIPSetLastLayer": ("stop_at_clip_layer",),
    "EmptyLatentImage": ("width", "height", "batch_size"),
    "ADE_EmptyLatentImageLarge": ("width", "height", "batch_size"),
    "LoadImage": ("image",),
    "VHS_VideoCombine": ("frame_rate", "loop_count"),
    "ADE_AnimateDiffCombine": ("frame_rate", "loop_count"),
}
_PROMPT = ("pre_text", "app_text")
#: for SDXL: sizes first, then a text for each of its encoders
_SIZES = ("",) * 6
_WIDE_SCHEDULES: Mapping[str, tuple[str, ...]] = {
    "BatchPromptScheduleEncodeSDXL": (*_SIZES, "text_g", "text_l", "max_frames"),
    "PromptScheduleEncodeSDXL": (*_SIZES, "text_g", "text_l", "max_frames"),
    "BatchPromptScheduleEncodeSDXLLatentInput": (*_SIZES, "text_g", "text_l"),
}
_WEIGHTS = ("pw_a", "pw_b", "pw_c", "pw_d")


def named(kind: str, values: Sequence[object]) -> dict[str, object]:
    """The values of a node's widgets by their names; by numbers where a class is not known."""
    if "Schedule" in kind and values and isinstance(values[0], str):
        return _scheduled(kind, values)
    if kind in _WIDE_SCHEDULES and len(values) > len(_WIDE_SCHEDULES[kind]):
        first = _WIDE_SCHEDULES[kind]
        return {name: value for name, value in zip(first, values, strict=False) if name} | _wide_rest(
            values[len(first) :]
        )
    names = _NAMES.get(kind, ())
    result = {name: value for name, value in zip(names, values, strict=False) if name}
    return result or {str(number): value for number, value in enumerate(values)}


def _wide_rest(values: Sequence[object]) -> dict[str, object]:
    """What stands behind the texts and the length: words around them, and weights."""
    texts = [each for each in values if isinstance(each, str)]
    numbers = [each for each in values if isinstance(each, int | float) and not isinstance(each, bool)]
    names = ("pre_text_G", "app_text_G", "pre_text_L", "app_text_L")
    result: dict[str, object] = dict(zip(names, texts[-4:], strict=False))
    if len(numbers) >= len(_WEIGHTS):
        result |= dict(zip(_WEIGHTS, numbers[-len(_WEIGHTS) :], strict=True))
    return result


def _scheduled(kind: str, values: Sequence[object]) -> dict[str, object]:
    """A schedule's, whose order changed from version to version: told apart by what they are."""
    result: dict[str, object] = {"text": values[0]}
    rest = list(values[1:])
    numbers = [each for each in rest if isinstance(each, int | float) and not isinstance(each, bool)]
    if "Latent" not in kind and numbers:
        result["max_frames"] = numbers[0]
    if "Value" in kind:
        return result
    # `print_output` is a text in some versions: "" before the two that are meant
    texts = [each for each in rest if isinstance(each, str)]
    result |= dict(zip(_PROMPT, texts[-2:], strict=False))
    if len(numbers) >= len(_WEIGHTS):
        result |= dict(zip(_WEIGHTS, numbers[-len(_WEIGHTS) :], strict=True))
    return result
