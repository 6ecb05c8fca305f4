"""The built-in model's generator, wordings, codec and shipped folder."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from tools.postcard import captions, wordings
from tools.postcard.noise import Array
from tools.postcard.scenes import Picture, draw, picture
from tools.postcard.spec import PLACES, PRODUCTS, STYLES, WEATHERS, Landscape, Product, Spec, random_spec
from tools.postcard.styles import grey
from tools.postcard.tokens import LENGTH, UNK, encode, vocabulary, words
from transformers import PreTrainedTokenizerFast

from anim_runtime.builtin import POSTCARD, card
from anim_runtime.builtin.codec import PostcardCodec

LIMIT_BYTES = 15_000_000


def scene(place: str, time: str, weather: str = "clear", style: str = "photo", seed: int = 3) -> Picture:
    spec = Spec(Landscape(place, time, weather), style)
    return draw(np.random.default_rng(seed), spec, 64, 64)


def mean_light(image: Array) -> float:
    return float(grey(image).mean())


def test_a_seed_draws_the_same_picture_and_another_seed_another() -> None:
    first, again, other = picture(5), picture(5), picture(6)
    assert np.array_equal(first.rgb, again.rgb)
    assert first.caption == again.caption
    assert not np.array_equal(first.rgb, other.rgb)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_keeps_to_the_range_and_the_size(style: str) -> None:
    drawn = draw(np.random.default_rng(1), Spec(Landscape("lake", "dawn", "snow"), style), 48, 80)
    assert drawn.rgb.shape == (48, 80, 3)
    assert drawn.depth.shape == (48, 80)
    assert drawn.rgb.dtype == np.float32
    assert 0 <= drawn.rgb.min() < drawn.rgb.max() <= 1


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("style", STYLES)
def test_night_is_darker_than_dusk_and_dusk_than_day(place: str, style: str) -> None:
    night, sunset, day = (mean_light(scene(place, t, style=style).rgb) for t in ("night", "sunset", "day"))
    assert night < sunset < day


def test_snow_is_paler_and_autumn_redder_than_a_clear_day() -> None:
    clear, snow, autumn = (scene("forest", "day", w).rgb[32:] for w in ("clear", "snow", "autumn"))
    assert mean_light(snow) > mean_light(clear) + 0.1
    assert (autumn[..., 0] - autumn[..., 2]).mean() > (clear[..., 0] - clear[..., 2]).mean() + 0.2


def test_fog_has_less_contrast_than_a_clear_day() -> None:
    assert scene("city", "day", "fog").rgb.std() < 0.7 * scene("city", "day").rgb.std()


def test_the_sky_is_farther_than_the_ground() -> None:
    depth = scene("mountains", "day").depth
    assert depth[:4].min() > depth[-4:].max()


@pytest.mark.parametrize("thing", PRODUCTS)
def test_a_product_stands_out_from_its_backdrop(thing: str) -> None:
    drawn = draw(np.random.default_rng(2), Spec(Product(thing, "red", "white"), "photo"), 64, 64)
    red = drawn.rgb[..., 0] - drawn.rgb[..., 1]
    assert 0.03 < (red > 0.3).mean() < 0.6


def said(text: str, phrases: tuple[str, ...]) -> bool:
    return any(" ".join(words(p)) in " ".join(words(text)) for p in phrases)


def test_captions_name_what_is_drawn_and_never_another_trait() -> None:
    rng = np.random.default_rng(0)
    named = 0
    for weather in WEATHERS:
        for _ in range(40):
            spec = Spec(Landscape("city", "night", weather), "neon")
            text = captions.caption(rng, spec)
            named += said(text, wordings.PLACE["city"]) and said(text, wordings.TIME["night"])
            assert not said(text, wordings.PLACE["desert"])
            assert not said(text, wordings.TIME["sunset"])
            assert not said(text, wordings.STYLE["watercolor"])
    assert named >= 170


def test_every_caption_word_is_in_the_shipped_tokenizer() -> None:
    shipped = json.loads((POSTCARD / "tokenizer" / "tokenizer.json").read_text())["model"]["vocab"]
    rng = np.random.default_rng(0)
    seen = {w for i in range(1500) for w in words(picture_caption(rng))}
    assert seen <= shipped.keys()
    assert list(shipped) == vocabulary()


def picture_caption(rng: np.random.Generator) -> str:
    return captions.caption(rng, random_spec(rng)) + ", " + captions.empty_caption(rng)


@pytest.mark.parametrize(
    "prompt",
    [
        "cinematic landscape, film grain",
        "Volumetric lighting; long exposure!",
        "dramatic, same landscape",
        "at night",
    ],
)
def test_words_that_users_write_are_known(prompt: str) -> None:
    tokenizer = shipped_tokenizer()
    ids = tokenizer(prompt)["input_ids"]
    assert UNK not in ids
    assert ids == [i for i in encode({w: i for i, w in enumerate(vocabulary())}, prompt) if i]


def shipped_tokenizer() -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast.from_pretrained(POSTCARD / "tokenizer", local_files_only=True)


def test_long_prompts_are_cut_and_short_ones_padded_to_one_length() -> None:
    rows = shipped_tokenizer()(["night " * 60, "night"], padding="max_length", truncation=True)["input_ids"]
    assert [len(row) for row in rows] == [LENGTH, LENGTH]


def psnr(made: torch.Tensor, wanted: torch.Tensor) -> float:
    return float(-10 * torch.log10((made - wanted).square().mean()))


@pytest.mark.parametrize(
    ("height", "width", "grid"), [(128, 128, (16, 16)), (128, 200, (16, 25)), (256, 256, (16, 16))]
)
@torch.no_grad()
def test_the_codec_brings_pictures_back(height: int, width: int, grid: tuple[int, int]) -> None:
    codec = PostcardCodec.load(POSTCARD / "codec")
    images = torch.from_numpy(np.stack([picture(900 + i, height, width).rgb for i in range(6)])).permute(
        0, 3, 1, 2
    )
    latents = codec.encode(images)
    assert latents.shape == (6, codec.channels, *grid)
    assert codec.latent_size(height, width) == grid
    back = codec.decode(latents, height, width)
    assert back.shape == images.shape
    assert 0 <= back.min() <= back.max() <= 1
    assert psnr(back, images) > 24
    assert 0.5 < float(latents.std()) < 2


@torch.no_grad()
def test_the_learned_decoder_beats_the_linear_one() -> None:
    codec = PostcardCodec.load(POSTCARD / "codec")
    images = torch.from_numpy(np.stack([picture(950 + i).rgb for i in range(8)])).permute(0, 3, 1, 2)
    latents = codec.encode(images)
    assert (
        psnr(codec.decode(latents, 128, 128), images)
        > psnr(codec.linear_decode(latents).clamp(0, 1), images) + 1
    )


def files() -> list[Path]:
    return [p for p in POSTCARD.rglob("*") if p.is_file()]


def test_the_shipped_folder_is_small_and_half_precision() -> None:
    from safetensors import safe_open

    assert sum(p.stat().st_size for p in files()) <= LIMIT_BYTES
    weights = [p for p in files() if p.suffix == ".safetensors"]
    assert {p.parent.name for p in weights} == {"unet", "text_encoder", "codec"}
    for path in weights:
        with safe_open(path, "pt") as tensors:
            assert {str(tensors.get_slice(k).get_dtype()) for k in list(tensors.keys())} == {"F16"}, path.name


def test_the_card_carries_the_fingerprint_of_the_files() -> None:
    from tools.postcard.export import fingerprint

    assert card()["sha256"] == fingerprint(POSTCARD)
    assert {"name", "version", "training", "evaluation"} <= card().keys()


def test_no_config_names_a_path_of_the_machine_that_made_it() -> None:
    for path in files():
        if path.suffix == ".json":
            text = path.read_text()
            assert "/tmp" not in text
            assert "_name_or_path" not in text
