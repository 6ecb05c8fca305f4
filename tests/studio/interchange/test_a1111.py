"""The parameters that A1111 writes into pictures, and pictures that mean harm."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from tests.studio.interchange.prompt_frames import fates, film_of, given, shares

from anim_studio.interchange.a1111 import looks_like, read
from anim_studio.interchange.film_text import checked
from anim_studio.interchange.imported import Fate, NotThisFormat, TooMuch
from anim_studio.interchange.picture_text import texts_of

TEXT = """\
portrait of a (cat:1.2), <lora:detail_tweaker:0.8>, a\\(b\\)
second {line}
Negative prompt: blurry, (bad:1.4)
and "worse"
Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 123456789, Size: 512x768, \
Model hash: abcdef1234, Model: dreamshaper_8, Clip skip: 2, \
Lora hashes: "detail_tweaker: 0123, x: 4", Version: v1.9.3
"""


def png(**texts: str) -> bytes:
    info = PngInfo()
    for name, text in texts.items():
        info.add_text(name, text)
    data = BytesIO()
    Image.new("RGB", (8, 8)).save(data, "PNG", pnginfo=info)
    return data.getvalue()


def with_comment(kind: str, comment: bytes) -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = comment
    data = BytesIO()
    Image.new("RGB", (8, 8)).save(data, kind, exif=exif)
    return data.getvalue()


def test_the_text_itself(tmp_path) -> None:
    file = given(TEXT, tmp_path)
    assert looks_like(file)
    made = read(file)
    for line in (
        "size   = 512x768",
        "length = 1f",
        "seed   = 123456789",
        'model = "dreamshaper_8.safetensors"  # its hash began with abcdef1234',
        '# lora detail_tweaker = "detail_tweaker.safetensors" { weight = 0.8 }',
        'sampler   = "DPM++ 2M Karras"',
        "steps     = 28",
        "cfg_scale = 7.5",
        "clip_skip = 2",
        "# camera 3d {",
    ):
        assert line in made.text, line
    film = film_of(made, tmp_path)
    assert film.plan.frames == 1
    assert shares(film)[0] == {"portrait of a (cat:1.2), , a\\(b\\) second {line}": 1.0}
    assert shares(film, "negative")[0] == {'blurry, (bad:1.4) and "worse"': 1.0}


def test_the_move_in_its_comment_is_a_film(tmp_path) -> None:
    text = read(given(TEXT, tmp_path)).text
    for old, new in (
        ("length = 1f", "length = 4s"),
        ("strength  = 1", "strength = 0.45"),
        ("# camera", "camera"),
    ):
        assert old in text
        text = text.replace(old, new)
    assert [each.code for each in checked(text, tmp_path) if each.severity.value == "error"] == []


@pytest.mark.parametrize(
    "data",
    [
        png(parameters=TEXT),
        with_comment("JPEG", b"UNICODE\0" + TEXT.encode("utf-16-be")),
        with_comment("JPEG", b"UNICODE\0" + TEXT.encode("utf-16-le")),
        with_comment("WEBP", b"ASCII\0\0\0" + TEXT.encode()),
    ],
    ids=["png", "jpeg", "jpeg, little end", "webp"],
)
def test_pictures_that_carry_it(data, tmp_path) -> None:
    file = given(data, tmp_path, "a.png")
    assert looks_like(file)
    assert read(file).text == read(given(TEXT, tmp_path)).text


def test_a_lora_that_is_here_is_loaded(tmp_path) -> None:
    (tmp_path / "detail_tweaker.safetensors").write_bytes(b"")
    made = read(given(TEXT, tmp_path))
    assert "detail_tweaker" in made.text
    assert not [each for each in checked(made.text, tmp_path) if each.severity.value == "error"]


def test_a_second_pass_and_a_picture_of_a_picture(tmp_path) -> None:
    base = "a\nSteps: 20, Sampler: Euler a, Seed: 1, Denoising strength: 0.4"
    made = read(given(base, tmp_path))
    assert "strength = 0.4" in made.text.replace("  =", " =")
    made = read(given(f"{base}, Hires upscale: 2", tmp_path))
    assert "= 0.4\n" not in made.text
    assert fates(made, "Hires upscale") == {Fate.LOST}


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


HEAD = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2**30, 2**30, 8, 2, 0, 0, 0))


@pytest.mark.parametrize(
    "data",
    [
        HEAD + chunk(b"zTXt", b"parameters\0\0" + zlib.compress(b"a" * (64 << 20), 9)),
        HEAD + chunk(b"iTXt", b"parameters\0\1\0\0\0" + zlib.compress(b"Steps: 1, " * 10**6)),
        HEAD + chunk(b"zTXt", b"parameters\0\0no zlib"),
        HEAD + chunk(b"iTXt", b"parameters"),
        HEAD + struct.pack(">I", 2**32 - 1) + b"tEXtparameters\0Steps: 1, Sampler: x",
        HEAD + b"\0\0\0\0junk\0\0\0\0" * 200_000,
        HEAD,
        b"\xff\xd8\xff\xe1\x00\x10Exif\0\0broken",
        b"RIFF\xff\xff\xff\xffWEBPVP8 ",
    ],
    ids=["bomb", "long", "no zlib", "cut off", "lies", "many chunks", "no end", "broken exif", "broken webp"],
)
def test_pictures_that_mean_harm_are_none(data, tmp_path) -> None:
    file = given(data, tmp_path, "evil.png")
    assert not looks_like(file)
    with pytest.raises(NotThisFormat, match="carries no `parameters`"):
        read(file)


def test_a_text_behind_the_pixels_is_found(tmp_path) -> None:
    data = HEAD + chunk(b"IDAT", b"x" * 100) + chunk(b"tEXt", b"parameters\0" + TEXT.encode("latin-1"))
    assert texts_of(data, ("parameters",)) == {"parameters": TEXT}


def test_what_stands_in_it_cannot_become_statements(tmp_path) -> None:
    text = 'a" ; output "/etc/x" # \u202e\x1b[2J {seed} ```\nNegative prompt: }\nlength = 9\n'
    text += 'Steps: 5, Sampler: "x\\"y", Seed: 99999999999999999999, Size: 99999x1, CFG scale: nan, '
    text += "Model: ../../etc/passwd\x00, Model hash: x\ny"
    made = read(given(text, tmp_path))
    film_of(made, tmp_path)
    assert "\x1b" not in made.text
    assert not [line for line in made.text.splitlines() if line.startswith(("output", "length = 9"))]


@pytest.mark.parametrize("text", ["", "Steps: 20", "a film\nlength = 1s", "Steps: x, Sampler: y"])
def test_other_texts_are_not_taken_for_it(text, tmp_path) -> None:
    assert not looks_like(given(text, tmp_path))


CIVITAI = (
    "a fox\nNegative prompt: text\nSteps: 25, Sampler: Euler a, CFG scale: 7, Seed: 3, Size: 832x1216, "
    'Civitai resources: [{"modelName":"Pony, V6: XL","modelVersionName":"Steps: 99, CFG scale: 1"}], '
    'Civitai metadata: {"remixOfId": 1}, ADetailer prompt: "Seed: 9, \\"b\\"", Clip skip: 2'
)


def test_what_stands_in_brackets_and_quotes_is_no_parameter(tmp_path) -> None:
    made = read(given(CIVITAI, tmp_path))
    for line in ("steps     = 25", "cfg_scale = 7", "seed   = 3", "clip_skip = 2"):
        assert line in made.text, line
    assert fates(made, "Civitai resources") == {Fate.LOST}
    assert fates(made, "Civitai metadata") == {Fate.OBSOLETE}


def test_a_line_of_parameters_without_end_is_not_read(tmp_path) -> None:
    assert not looks_like(given("a\nSteps: 20, " + "a " * 200_000, tmp_path))
    assert not looks_like(given("\n" * 50_000 + "x", tmp_path))
    made = read(given("a\nSteps: 20, " + "a " * 20_000 + ", Seed: 4", tmp_path))
    assert "seed   = 4" in made.text


@pytest.mark.parametrize(
    ("model", "file"),
    [
        ("sd_xl_base_1.0", "sd_xl_base_1.0.safetensors"),
        ("SDXL\\juggernaut", "juggernaut.safetensors"),
        ("../../x.gguf", "x.gguf"),
    ],
)
def test_a_model_is_called_by_its_file(model, file, tmp_path) -> None:
    assert f'model = "{file}"' in read(given(f"a\nSteps: 1, Sampler: Euler, Model: {model}", tmp_path)).text


def test_the_sampler_counts_for_more_than_its_spacing(tmp_path) -> None:
    made = read(given("a\nSteps: 1, Sampler: Euler, Schedule type: Beta", tmp_path))
    assert 'sampler  = "Euler"  # it was Euler Beta' in made.text
    assert fates(made, "Sampler") == {Fate.CHANGED}


def test_the_negative_prompt_begins_at_its_first_mark(tmp_path) -> None:
    text = "a\nNegative prompt: b\nNegative prompt: c\nSteps: 1, Sampler: Euler\nTemplate: {a|b}\nmore"
    made = read(given(text, tmp_path))
    assert 'negative = "b c"' in made.text
    assert (fates(made, "Template"), fates(made, "more")) == ({Fate.OBSOLETE}, {Fate.LOST})


def test_numbers_that_are_none_are_told(tmp_path) -> None:
    made = read(given("a\nSteps: 5, Sampler: Euler, CFG scale: nan, Seed: 5x, Clip skip: two", tmp_path))
    for what in ("CFG scale", "Seed", "Clip skip"):
        assert fates(made, what) == {Fate.LOST}
    assert Fate.LOST not in fates(read(given(f"a\nSteps: 5, Seed: {2**64 - 1}", tmp_path)), "Seed")


def test_characters_that_films_may_not_have(tmp_path) -> None:
    film = film_of(
        read(
            given(
                "a\x1b \u202eb\x85c\ud83dd\nSteps: 1, Sampler: Euler".encode("utf-16", "surrogatepass"),
                tmp_path,
            )
        ),
        tmp_path,
    )
    assert shares(film)[0] == {"a \u202eb c\ufffdd": 1.0}


def test_a_text_that_is_too_much_for_a_film(tmp_path) -> None:
    with pytest.raises(TooMuch, match="MiB"):
        read(given("a" * (1 << 20) + "\nSteps: 1, Sampler: Euler", tmp_path))
