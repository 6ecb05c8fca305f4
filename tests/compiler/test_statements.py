"""Statements about pictures and models, and the examples of the tables."""

from __future__ import annotations

import hashlib
import re
from fractions import Fraction
from importlib import resources
from pathlib import Path

import pytest
from tests.compiler.film_texts import checked
from tests.compiler.statement_files import BASE, LOOSE, MEDIA, clean, mistakes, shot, stage

from anim_compiler.check import check
from anim_compiler.colors import CSS
from anim_compiler.constants import constant
from anim_compiler.controls import KINDS
from anim_compiler.film import MaskJoin, MaskOf, WordSchedule
from anim_compiler.layers import TEXT_ONLY
from anim_compiler.typed import KeyCurve
from anim_compiler.world import World
from anim_dsl.parse import parse
from anim_dsl.settings import ALIASES, SETTINGS, SettingSpec
from anim_dsl.source import Source
from anim_dsl.words import WORDS, WordSpec


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage(tmp_path_factory.mktemp("films"))


# --- the tables ---

_SONG = 'audio song = "song.ogg" { bpm = 120bpm }\n'
_CAMERAS = "camera closeup 2d { zoom = 1.05 per s }\n"


def in_its_block(spec: SettingSpec) -> str:
    """A film that holds a setting's example where it belongs."""
    block, example = spec.block, spec.example
    prompt = (
        "" if (block, spec.name) in (("film", "prompt"), ("prompt", "negative")) else 'prompt { 0s: "a" }\n'
    )
    length = "" if spec.name == "length" and block == "film" else "length = 4s\n"
    cameras = _CAMERAS if "closeup" in example else ""
    start = length + prompt + MEDIA + cameras
    match block:
        case "film":
            # what the edition is stands first, before anything else
            return f"{example}\n{_SONG}{start}"
        case "audio":
            taps = 'markers taps = "labels.txt"\n' if "taps" in example else ""
            return f'{taps}audio song = "song.ogg" {{ {example} }}\n{start}'
        case "image":
            return f'{start}image extra = "photo.png" {{ {example} }}\ninit = extra'
        case "video":
            # what is said of a source that ends before the film is not what this is about
            start = start.replace("length = 4s", "length = 1s")
            return f'{start}video extra = "clip.mp4" {{ {example} }}\nsource = extra'
        case "mask":
            return f'{start}mask extra = "mask.png" {{ {example} }}\ncoherence {{ noise_mask = extra }}'
        case "lyrics":
            return f'{start}lyrics words = "song.lrc" {{ {example} }}\nlayer over {{ text = words }}'
        case "markers" | "midi" | "series":
            file = {"markers": "labels.txt", "midi": "song.mid", "series": "data.csv"}[block]
            return f'{start}{block} told = "{file}" {{ {example} }}'
        case "lora":
            return f'{start}lora grain = "grain.safetensors" {{ {example} }}'
        case "control":
            return f"{start}init = photo\ncontrol canny {{ {example} }}"
        case "prompt":
            return f'{length}{MEDIA}prompt {{ 0s: "a"; 2s: "b"; {example} }}'
        case "layer":
            shown = "" if spec.name in ("source", "text") else _shown(spec.name)
            return f"{start}layer over {{ {shown}{example} }}"
        case "scene":
            rest = "" if spec.name == "prompt" else '; prompt { 0s: "a" }'
            return (
                f'{MEDIA}{cameras}scene one 2s {{ prompt {{ 0s: "a" }} }}\nscene two 2s {{ {example}{rest} }}'
            )
        case "output":
            file = _FILES.get(spec.name, "film.mp4")
            also = "; upscale = 2" if spec.name == "upscale_model" else ""
            return f'{_SONG}{start}output "{file}" {{ {example}{also} }}'
        case "camera 2d" | "camera 3d" if spec.name in _MOVED_BY:
            return f"{start}{block} {{ {example}; {_MOVED_BY[spec.name]} }}"
        case _:
            return f"{start}{block} {{ {example} }}"


#: the files whose settings an `.mp4` does not have
_FILES = {"bits": "film-{frame}.png", "loop": "film.gif"}
#: settings that mean something only beside a move
_MOVED_BY = {
    "center_x": "zoom = 1.1 per s",
    "center_y": "zoom = 1.1 per s",
    "flip_fov": "flip_phi = 5deg per s",
}


def _shown(name: str) -> str:
    return 'text = "a"; ' if name in TEXT_ONLY else "source = photo; "


#: what the example of a setting says rightly, because nothing in its film needs the setting
_SAID = {
    ("film", "loop_time"): {"W6110"},
    ("camera 3d", "near"): {"W6005"},
    ("camera 3d", "far"): {"W6005"},
    ("camera 3d", "depth_smooth"): {"W6005"},
    ("camera 3d", "target"): {"W6100"},
    ("coherence", "fill_strength"): {"W6101"},
    ("coherence", "guide_weight"): {"W6005"},
    ("coherence", "reference"): {"W6005"},
    ("coherence", "color_method"): {"W6005"},
    ("coherence", "flow_method"): {"W6005"},
    ("coherence", "flow_preset"): {"W6005"},
}


@pytest.mark.parametrize("spec", SETTINGS.values(), ids=lambda spec: f"{spec.block}.{spec.name}")
def test_every_example_of_a_setting_is_right(spec: SettingSpec, folder: Path) -> None:
    assert re.match(rf"{spec.name}\b", spec.example), "an example begins with the setting's name"
    film, found = checked(in_its_block(spec), folder)
    wrong = [d for d in found if d.code not in LOOSE]
    allowed = _SAID.get((spec.block, spec.name), set())
    assert [f"{d.code} {d.message}" for d in wrong if d.code not in allowed] == []
    assert film is not None


_AROUND = {
    "scene": 'scene day 2s { prompt { 0s: "a street" } }\n',
    "control": "init = photo\n",
    "pipeline": "camera 2d { zoom = 1.1 per s }\n",
    "use": "template sway(amount = 2deg) { roll += amount * noise(0.5hz) }\n",
}


@pytest.mark.parametrize("word", WORDS.values(), ids=lambda word: word.name)
def test_every_example_of_a_statement_is_right(word: WordSpec, folder: Path) -> None:
    assert word.example.startswith(word.name)
    own = {"image": MEDIA.replace('image photo = "photo.png"\n', ""), "video": MEDIA.partition("video")[0]}
    media = own.get(word.name, MEDIA)
    prompt = "" if word.name == "prompt" else 'prompt { 0s: "a" }\n'
    length = "" if word.name == "scene" else "length = 4s\n"
    example = f"camera 2d {{ {word.example} }}" if word.name == "use" else word.example
    film, found = checked(f"{length}{prompt}{media}{_AROUND.get(word.name, '')}{example}", folder)
    wrong = [d.code for d in found if d.code not in LOOSE]
    assert wrong == [], [d.message for d in found]
    assert film is not None


def test_choices_are_explained_in_their_order() -> None:
    told = [spec for spec in SETTINGS.values() if spec.choices_help]
    assert len(told) >= 12
    for spec in told:
        assert tuple(choice for choice, _ in spec.choices_help) == spec.choices
        assert all(text and not text.endswith(".") for _, text in spec.choices_help)


def test_every_statement_says_where_it_stands() -> None:
    known = {"film", *WORDS}
    top = {name for name, word in WORDS.items() if word.blocks == ("film",)}
    assert {"scene", "output", "import", "template", "variant", "audio", "image", "video", "mask"} <= top
    for word in WORDS.values():
        assert set(word.blocks) <= known
        assert word.help
        assert not word.help.endswith(".")


def test_the_design_names_no_setting_that_the_table_lacks() -> None:
    design = {
        "film": "size fps length seed init source model vae bpm beats_per_bar clock loop title author",
        "diffuse": "sampler steps cfg_scale strength seed seed_mode clip_skip eta noise_multiplier batch"
        " precision tiling",
        "coherence": "color color_method reference flow flow_factor blend cadence tween noise noise_type"
        " noise_mask sharpen sharpen_radius sharpen_threshold contrast fill",
        "grade": "exposure contrast saturation hue temperature tint gamma lift gain vignette grain bloom"
        " sharpen lut",
        "output": "codec quality fps size audio interpolate upscale metadata",
        "video": "start end speed loop",
        "audio": "bpm offset gain beats_per_bar",
        "layer": "source x y scale angle opacity mode mask text font size color",
        "control": "source hint weight start end",
        "prompt": "negative morph morph_time",
        "camera 2d": "zoom angle translation_x translation_y center_x center_y shear_x shear_y flip_theta"
        " flip_phi flip_gamma flip_fov border motion truck pedestal roll",
        "camera 3d": "translation_x translation_y translation_z rotation_3d_x rotation_3d_y rotation_3d_z"
        " zoom fov flip_theta flip_phi flip_gamma flip_fov near far depth depth_warp"
        " orbit orbit_tilt orbit_distance target border motion"
        " truck pedestal dolly pan tilt roll",
    }
    lacking = [f"{b}.{n}" for b, names in design.items() for n in names.split() if (b, n) not in SETTINGS]
    assert lacking == []
    assert {("diffuse", "strength_schedule"), ("coherence", "noise_schedule")} <= set(ALIASES)


# --- code pages ---

_CODES = resources.files("anim_grammar").joinpath("codes")
_PAGES = sorted(
    page.name for page in _CODES.iterdir() if re.fullmatch(r"E20[7-9]\d\.md|E30[34]\d\.md", page.name)
)


@pytest.mark.parametrize("page", _PAGES)
def test_every_page_shows_its_mistake_and_how_to_mend_it(page: str, folder: Path) -> None:
    text = _CODES.joinpath(page).read_text(encoding="utf-8")
    code = page.removesuffix(".md")
    wrong, right = (re.search(rf"```anim {kind}\n(.*?)```", text, re.DOTALL) for kind in ("wrong", "right"))
    assert wrong is not None
    assert right is not None
    assert text.startswith(f"# {code}: ")
    assert [d.code for d in mistakes(wrong[1], folder)] == [code]
    assert mistakes(right[1], folder) == []


def test_every_code_of_these_statements_has_a_page() -> None:
    source = resources.files("anim_compiler")
    used = {
        code
        for file in source.iterdir()
        if file.name.endswith(".py")
        for code in re.findall(r'"(E20[7-9]\d|E30[34]\d)"', file.read_text(encoding="utf-8"))
    }
    assert used == {page.removesuffix(".md") for page in _PAGES}


# --- media ---


def test_a_clip_is_the_part_that_is_written(folder: Path) -> None:
    text = (
        BASE + 'video clip = "clip.mp4" { start = 25%; end = 0.75s; speed = 50%; loop = on }\nsource = clip'
    )
    clip = clean(text, folder).clips[0]
    assert (clip.width, clip.height, clip.seconds) == (64, 48, Fraction(1))
    assert (clip.start, clip.end, clip.speed, clip.loop) == (Fraction(1, 4), Fraction(3, 4), 0.5, True)


def test_a_whole_clip_has_no_end(folder: Path) -> None:
    clip = clean(BASE.replace("4s", "1s") + 'video clip = "clip.mp4"\nsource = clip', folder).clips[0]
    assert (clip.start, clip.end, clip.speed, clip.loop) == (Fraction(0), None, 1.0, False)


def test_a_clip_without_a_picture_names_what_it_is(folder: Path) -> None:
    for name, word in (("photo.png", "image"), ("song.ogg", "audio")):
        found = mistakes(BASE + f'video v = "{name}"\nsource = v', folder)
        assert [d.code for d in found] == ["E2070"]
        assert found[0].hint == f'write `{word} v = "{name}"`'


def test_masks_join(folder: Path) -> None:
    film = clean(
        BASE + MEDIA + 'mask person = "mask.png"\nmask free = sky and not person and clip\n'
        "mask other = not (sky or free)\nlayer a { source = photo; mask = other }",
        folder,
    )
    values = {mask.name: mask.value for mask in film.masks}
    assert values["person"] == MaskOf("person")
    person = MaskJoin("not", (MaskOf("person"),))
    assert values["free"] == MaskJoin("and", (MaskOf("sky"), person, MaskOf("clip")))
    assert values["other"] == MaskJoin("not", (MaskJoin("or", (MaskOf("sky"), MaskOf("free"))),))
    assert "person" in {still.name for still in film.stills}


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("sky + photo", "write `sky or photo`"),
        ("sky * photo", "write `sky and photo`"),
        ("sky - photo", "write `sky and not photo`"),
        ("1 - sky", "write `not sky`"),
        ("-sky", "write `not sky`"),
    ],
)
def test_a_sum_of_masks_is_told_how_it_is_written(wrong: str, hint: str, folder: Path) -> None:
    found = mistakes(f"{BASE}{MEDIA}mask m = {wrong}\nlayer a {{ source = clip; mask = m }}", folder)
    assert [(d.code, d.hint) for d in found if d.code not in LOOSE] == [("E2071", hint)]


def test_a_mask_reads_what_stands_above_it(folder: Path) -> None:
    found = mistakes(
        f"{BASE}{MEDIA}mask a = b\nmask b = not sky\nlayer l {{ source = photo; mask = a }}", folder
    )
    assert [d.message for d in found if d.code == "E2073"] == ["`b` is defined further down"]


# --- models ---


@pytest.mark.parametrize(
    ("reference", "kept"),
    [
        ("grain.safetensors", "grain.safetensors"),
        ("./grain.safetensors", "grain.safetensors"),
        ("hf:owner/repo", "hf:owner/repo"),
        ("hf:owner/repo/lora/grain.safetensors", "hf:owner/repo/lora/grain.safetensors"),
        ("civitai:25694", "civitai:25694"),
        ("civitai:25694@143906", "civitai:25694@143906"),
        ("civitai:25694@143906+7", "civitai:25694@143906+7"),
        ("hf:owner/repo@1a2b3c4/grain.safetensors", "hf:owner/repo@1a2b3c4/grain.safetensors"),
        ("urn:air:sdxl:lora:civitai:25694@143906", "civitai:25694@143906"),
        ("urn:air:sd1:checkpoint:huggingface:owner/repo", "hf:owner/repo"),
        ("https://example.org/grain.safetensors", "https://example.org/grain.safetensors"),
    ],
)
def test_references(reference: str, kept: str, folder: Path) -> None:
    lora = shot(f'{BASE}lora grain = "{reference}" {{ weight = 0s: 0, 4s: 0.8 }}', folder).loras[0]
    assert (lora.name, lora.reference) == ("grain", kept)
    assert isinstance(lora.weight.expr, KeyCurve)


@pytest.mark.parametrize(
    ("reference", "code", "mended"),
    [
        ("hg:owner/repo", "E2075", "hf:owner/repo"),
        ("huggingface:owner/repo", "E2075", "hf:owner/repo"),
        ("civit:25694", "E2075", "civitai:25694"),
        ("http://example.org/a.safetensors", "E2075", "https://example.org/a.safetensors"),
        ("https:/example.org/a.safetensors", "E2075", "https://example.org/a.safetensors"),
        ("https://huggingface.co/owner/repo", "E2075", "hf:owner/repo"),
        ("https://civitai.com/models/25694/name?modelVersionId=7", "E2075", "civitai:25694@7"),
        ("hf:owner", "E2075", ""),
        ("civitai:name", "E2075", ""),
        ("urn:air:sdxl:lora:civitai:name", "E2075", ""),
        ("urn:air:sdxl:lora:orchestrator:7", "E2075", ""),
        ("urn:air:sd1:checkpoint:civitai:7@8.ckpt", "E2074", ""),
        ("ftp://example.org/a.safetensors", "E2075", ""),
        ("https://", "E2075", ""),
        ("grain.ckpt", "E2074", ""),
        ("hf:owner/repo/model.bin", "E2074", ""),
        ("https://example.org/a.pt", "E2074", ""),
        ("photo.png", "E2076", ""),
        ("grian.safetensors", "E4002", ""),
        ("../grain.safetensors", "E4001", ""),
    ],
)
def test_slips_of_references(reference: str, code: str, mended: str, folder: Path) -> None:
    text = f'{BASE}lora grain = "{reference}"'
    found = mistakes(text, folder)
    assert [d.code for d in found] == [code]
    edit = found[0].edit
    assert (edit.text if edit is not None else "") == (f'"{mended}"' if mended else "")
    if edit is not None:
        assert mistakes(text[: edit.span.start] + edit.text + text[edit.span.end :], folder) == []


def test_the_film_model_may_be_one_that_is_not_here(folder: Path) -> None:
    assert clean(f'{BASE}model = "nowhere/sd.safetensors"', folder).model == "nowhere/sd.safetensors"
    assert clean(f'{BASE}model = "hf:stabilityai/sd-turbo"', folder).model == "hf:stabilityai/sd-turbo"
    assert clean(f"{BASE}model = none", folder).model is None
    assert clean(f'{BASE}model = "a/../sd"', folder).model == "sd"
    assert [d.code for d in mistakes(f'{BASE}model = "sd.ckpt"', folder)] == ["E2074"]
    for outside in ("../sd", "/models/sd", "C:/models/sd"):
        assert [d.code for d in mistakes(f'{BASE}model = "{outside}"', folder)] == ["E4001"]


def test_the_model_changes_by_keys(folder: Path) -> None:
    model = clean(f'{BASE}model = 0s: "hf:a/b", 2s: "hf:c/d"', folder).model
    assert isinstance(model, WordSchedule)
    assert [name for _, name in model.keys] == ["hf:a/b", "hf:c/d"]
    assert [d.code for d in mistakes(f'{BASE}model = 0s: "hf:a/b", 2s: "c.ckpt"', folder)] == ["E2074"]


def test_a_model_counts_from_the_film_and_is_kept_from_the_root(tmp_path: Path) -> None:
    (tmp_path / "anim.toml").touch()
    home = tmp_path / "films"
    home.mkdir()
    document, _ = parse(Source("film.anim", f'{BASE}model = "../models/sd"'))
    film, found = check(document, World(tmp_path, home))
    assert film is not None, found
    assert film.model == "models/sd"


def test_embeddings_are_called_by_their_name(folder: Path) -> None:
    film = clean(f'{BASE}embedding soft = "soft.safetensors"', folder)
    assert [(e.name, e.reference) for e in film.embeddings] == [("soft", "soft.safetensors")]


# --- controls ---


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_of_controls(kind: str, folder: Path) -> None:
    control = shot(
        f"{BASE}{MEDIA}init = photo\ncontrol {kind} {{ source = init; weight = 0.8 }}", folder
    ).controls[0]
    assert (control.kind, control.name, control.source, control.hint) == (kind, kind, "init", None)
    numbers = {name: constant(curve.expr) for name, curve in control.numbers.items()}
    assert numbers == {"weight": 0.8, "start": 0.0, "end": 1.0, "low": 100.0, "high": 200.0}


def test_a_control_of_its_own_name(folder: Path) -> None:
    text = f"{BASE}{MEDIA}control depth near {{ source = photo }}\ncontrol depth far {{ hint = sky }}"
    near, far = shot(text, folder).controls
    assert (near.name, near.source, near.hint) == ("near", "photo", None)
    assert (far.name, far.source, far.hint) == ("far", None, "sky")


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        ("control openpose { source = photo }", ["E2077"]),
        ("control depth { source = photo; start = 60%; end = 50% }", ["E3031"]),
        ("control canny { source = photo; low = 200; high = 100 }", ["E3031"]),
        ("control depth { source = photo; low = 50 }", ["W6005"]),
        ("control depth { source = photo; hint = sky }", ["E2080"]),
        ('control depth { source = "photo.png" }', ["E2073"]),
        ("control depth { source = phto }", ["E2001"]),
    ],
)
def test_slips_of_controls(wrong: str, codes: list[str], folder: Path) -> None:
    assert [d.code for d in mistakes(f"{BASE}{MEDIA}{wrong}", folder) if d.code not in LOOSE] == codes


# --- layers ---


def test_a_layer_with_a_picture(folder: Path) -> None:
    text = "layer logo { source = photo; x = 20px; opacity = 0s: 0%, 1s: 100%; mode = screen; mask = sky }"
    layer = shot(f"{BASE}{MEDIA}{text}", folder).layers[0]
    assert (layer.name, layer.source, layer.text, layer.mask) == ("logo", "photo", None, "sky")
    assert set(layer.numbers) == {"x", "y", "scale", "angle", "opacity"}
    assert dict(layer.words) == {"mode": "screen", "anchor": "top_left"}
    assert layer.numbers["opacity"].live
    assert constant(layer.numbers["x"].expr) == 20


def test_a_layer_with_a_text(folder: Path) -> None:
    text = 'layer title { text = "frame {t}"; font = "title.ttf"; color = "#FC0"; size = 64px }'
    layer = shot(BASE + text, folder).layers[0]
    assert layer.source is None
    assert layer.text is not None
    assert layer.text[0].parts[0] == "frame "
    assert not isinstance(layer.text[0].parts[1], str)
    assert (layer.words["color"], layer.words["font"]) == ("#ffcc00", "title.ttf")
    assert layer.words["font_sha256"] == hashlib.sha256((folder / "title.ttf").read_bytes()).hexdigest()
    assert {"size", "line_height", "width", "outline", "shadow"} <= set(layer.numbers)


def test_a_layer_shows_one_text_after_the_other(folder: Path) -> None:
    layer = shot(f'{BASE}layer title {{ text = 0s: "one", 1s: "two", 3s: "three" }}', folder).layers[0]
    assert layer.text is not None
    assert [a.parts for a in layer.text] == [("one",), ("two",), ("three",)]
    from anim_compiler.clock import FilmClock
    from anim_compiler.curves import Evaluator

    clock = FilmClock(4, Fraction(1), Fraction(1), Fraction(4), 0)
    evaluate = Evaluator(clock)
    weights = [[float(v) for v in evaluate.column(a.weight)] for a in layer.text if a.weight is not None]
    assert weights == [[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1]]


@pytest.mark.parametrize(
    "color", ["gold", "midnightblue", "transparent", "#ffcc00", "#fc0", "#ffcc0080", "Gold"]
)
def test_colours(color: str, folder: Path) -> None:
    assert shot(f'{BASE}layer a {{ text = "a"; color = "{color}" }}', folder).layers[0].words["color"]


def test_every_css_colour_is_known() -> None:
    assert len(CSS) == 149
    assert {"rebeccapurple", "transparent"} <= CSS


@pytest.mark.parametrize(
    ("wrong", "mended"),
    [("ff0000", "#ff0000"), ("light blue", "lightblue"), ("goldd", "gold"), ("blurp stripes", "")],
)
def test_slips_of_colours(wrong: str, mended: str, folder: Path) -> None:
    found = mistakes(f'{BASE}layer a {{ text = "a"; color = "{wrong}" }}', folder)
    assert [d.code for d in found] == ["E3032"]
    assert (found[0].edit.text if found[0].edit else "") == (f'"{mended}"' if mended else "")


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        ("layer a { x = 3px }", ["E2072"]),
        ('layer a { source = photo; text = "a" }', ["E2072"]),
        ('layer a { text = "a" * 0.5 + "b" * 0.5 }', ["E3010"]),
        ("layer a { text = 3 }", ["E3002"]),
        ('layer a { text = "a"; font = "photo.png" }', ["E2081"]),
        ('layer a { text = "a"; font = "lost.ttf" }', ["E4002"]),
        ('layer a { text = 0s: "a" ease, 1s: "b" }', ["E3008"]),
        ("layer a { source = photo; size = 12px }", ["W6005"]),
        ("layer a { source = photo; mode = scren }", ["E3005"]),
    ],
)
def test_slips_of_layers(wrong: str, codes: list[str], folder: Path) -> None:
    assert [d.code for d in mistakes(f"{BASE}{MEDIA}{wrong}", folder) if d.code not in LOOSE] == codes


# --- transitions ---


def joined(transition: str) -> str:
    return (
        'bpm = 120\nscene one 2s { prompt { 0s: "a" } }\n'
        f'scene two 2s {{ transition = {transition}; prompt {{ 0s: "b" }} }}'
    )


@pytest.mark.parametrize(
    ("written", "kind", "seconds", "direction", "color"),
    [
        ("cut", "cut", 0, "left", "black"),
        ("continue", "continue", 0, "left", "black"),
        ("crossfade(1s)", "crossfade", 1, "left", "black"),
        ("crossfade(12)", "crossfade", Fraction(1, 2), "left", "black"),
        ("crossfade(2beats)", "crossfade", 1, "left", "black"),
        ("dip(500ms, color = white)", "dip", Fraction(1, 2), "left", "white"),
        ('dip(1s, "#123456")', "dip", 1, "left", "#123456"),
        ("wipe(1s, up)", "wipe", 1, "up", "black"),
    ],
)
def test_transitions(
    written: str, kind: str, seconds: Fraction, direction: str, color: str, folder: Path
) -> None:
    how = clean(joined(written), folder).shots[1].transition
    assert (how.kind, how.seconds, how.direction, how.color) == (kind, seconds, direction, color)


@pytest.mark.parametrize(
    ("wrong", "code", "mended"),
    [
        ("crossfade", "E2010", "crossfade(1s)"),
        ("cut(1s)", "E2010", "cut"),
        ("crosfade(1s)", "E2079", "crossfade"),
        ("dissolve(1s)", "E2079", "crossfade"),
        ("wipe(1s, lft)", "E3005", "left"),
        ("dip(1s, blak)", "E3032", '"black"'),
        ("crossfade(0s)", "E3036", ""),
        ("crossfade(u)", "E2001", ""),
        ("crossfade(1s, 2s)", "E2010", ""),
        ("12", "E2079", ""),
    ],
)
def test_slips_of_transitions(wrong: str, code: str, mended: str, folder: Path) -> None:
    found = mistakes(joined(wrong), folder)
    assert [d.code for d in found] == [code]
    if mended:
        assert found[0].edit is not None
        assert found[0].edit.text == mended


def test_nothing_heavy_is_loaded_for_a_clean_film_without_media() -> None:
    import subprocess
    import sys

    program = (
        "import sys\nfrom anim_compiler import adapters, arrival, controls, layers, masks\n"
        "from anim_compiler import pipelines, references\n"
        "print(sorted({'numpy', 'av', 'PIL', 'torch', 'pydantic'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
