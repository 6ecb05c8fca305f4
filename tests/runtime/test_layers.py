"""Films with layers, lyrics, guides and drawn masks, rendered: what is seen, and what is made again."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from tests.compiler.film_texts import compiled, frames_of
from tests.runtime.running import run
from tests.staging import staged

from anim_runtime.events import FrameDone
from anim_runtime.frames import Frames
from anim_runtime.job import Job, Tally

torch.set_num_threads(1)

GREY = 'size = 64x48; fps = 4; length = 1s; model = "null"\nprompt { 0s: "a" }\n'
STILL = GREY + 'image grey = "grey.png"\nimage logo = "logo.png"\ninit = grey\npipeline { frame = init }\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    Image.new("RGB", (64, 48), (128, 128, 128)).save(tmp_path / "grey.png")
    logo = Image.new("RGBA", (16, 8), (255, 0, 0, 255))
    logo.paste((0, 255, 0, 0), (0, 0, 8, 8))  # its left half is hidden
    logo.save(tmp_path / "logo.png")
    for name in ("clip.mp4", "song.lrc", "title.ttf"):
        (tmp_path / name).write_bytes(staged()[name])
    return tmp_path


def shown(text: str, home: Path, size: tuple[int, int] | None = None) -> list[NDArray[np.float32]]:
    """What is seen at every frame, float32 `[H,W,3]` of 0..1."""
    made = compiled(text, home, size=size)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    with TemporaryDirectory() as cache:
        job = Job(made.plan, made.columns, home, home, Path(cache), "cpu", lambda _: None, lambda: False)
        frames = Frames(job, Tally())
        frames.make()
        return [(frames.shown(f) / 65535).astype(np.float32) for f in range(made.plan.frames)]


def same_carries(one: str, other: str, home: Path) -> tuple[bool, list[bool]]:
    """Whether nothing has to be made again, and which frames look alike."""
    a, b = (frames_of(compiled(text, home)) for text in (one, other))
    return a.recipes == b.recipes, [x == y for x, y in zip(a.shown, b.shown, strict=True)]


# --- pictures ---


def test_a_picture_lies_at_its_own_size_with_its_alpha(home: Path) -> None:
    first = shown(STILL + "layer l { source = logo; x = 10px; y = 20px }", home)[0]
    assert np.allclose(first[20:28, 10:18], 128 / 255, atol=1e-4), "what is hidden stays hidden"
    assert np.allclose(first[20:28, 18:26], (1, 0, 0), atol=1e-4)
    first[20:28, 18:26] = 128 / 255
    assert np.allclose(first, 128 / 255, atol=1e-4)


def test_places_are_shares_of_the_picture_or_pixels(home: Path) -> None:
    shares = shown(STILL + "layer l { source = logo; x = 50%; y = 25%; anchor = center }", home)[0]
    pixels = shown(STILL + "layer l { source = logo; x = 32px; y = 12px; anchor = center }", home)[0]
    keyed = shown(STILL + "layer l { source = logo; x = 0s: 50%, 1s: 100%; y = 25%; anchor = center }", home)
    assert np.array_equal(shares, pixels)
    assert np.array_equal(shares, keyed[0])
    assert np.allclose(keyed[2][8:16, 48:56], (1, 0, 0), atol=1e-4)


@pytest.mark.parametrize(
    ("anchor", "x", "y"),
    [
        ("top_left", "0", "0"),
        ("top", "50%", "0"),
        ("top_right", "100%", "0"),
        ("left", "0", "50%"),
        ("center", "50%", "50%"),
        ("right", "100%", "50%"),
        ("bottom_left", "0", "100%"),
        ("bottom", "50%", "100%"),
        ("bottom_right", "100%", "100%"),
    ],
)
def test_a_place_that_is_not_said_follows_the_anchor(home: Path, anchor: str, x: str, y: str) -> None:
    def placed(place: str) -> tuple[str, ...]:
        layer = f"layer l {{ source = logo; anchor = {anchor}; {place} }}"
        return tuple(frames_of(compiled(STILL + layer, home)).shown)

    said = placed(f"x = {x}; y = {y}")
    assert [placed(place) for place in ("", f"x = {x}", f"y = {y}", "x += 0px")] == [said] * 4


def test_a_layer_at_the_bottom_is_seen(home: Path) -> None:
    first = shown(STILL + "layer l { source = logo; anchor = bottom_right }", home)[0]
    assert np.allclose(first[40:48, 56:64], (1, 0, 0), atol=1e-4)
    moved = shown(STILL + "layer l { source = logo; anchor = bottom_right; y += -8px }", home)[0]
    assert np.allclose(moved[32:40, 56:64], (1, 0, 0), atol=1e-4)


def test_later_layers_lie_above(home: Path) -> None:
    text = (
        STILL
        + "layer under { source = logo; opacity = 50% }\nlayer over { source = logo; mode = difference }"
    )
    # (grey + red) / 2, then the difference to red
    wanted = np.abs(np.array((1, 0.251, 0.251)) * [1, 1, 1] - (1, 0, 0))
    wanted = np.abs(np.array(((128 / 255 + 1) / 2, 64 / 255, 64 / 255)) - (1, 0, 0))
    assert np.allclose(shown(text, home)[0][4, 12], wanted, atol=2e-3)


def test_a_preview_looks_like_the_film_made_smaller(home: Path) -> None:
    text = GREY.replace("64x48", "256x192") + (
        'image logo = "logo.png"\nimage grey = "grey.png"\ninit = grey\npipeline { frame = init }\n'
        "mask spot = circle(x = 70%, y = 60px, radius = 30px, soft = 10px)\n"
        "layer l { source = logo; x = 50%; y = 40px; scale = 4; angle = 30deg }\n"
        "layer m { source = spot; mode = screen; mask = spot }\n"
        'layer t { text = "Rain"; '
        "x = 20px; y = 90%; anchor = bottom_left; size = 60px; "
        "outline = 4px; shadow = 8px }"
    )
    whole, half = shown(text, home)[0], shown(text, home, size=(128, 96))[0]
    smaller = whole.reshape(96, 2, 128, 2, 3).mean(axis=(1, 3))
    assert np.abs(smaller - half).mean() < 0.012


def test_a_video_lies_at_its_own_size(home: Path) -> None:
    text = STILL.replace("init = grey", 'video clip = "clip.mp4"\ninit = grey')
    made = shown(
        text + "layer v { source = clip; x = 100%; y = 100%; anchor = bottom_right; scale = 0.25 }", home
    )
    touched = np.abs(made[0] - 128 / 255).max(axis=2) > 0.02
    rows, columns = np.nonzero(touched)
    assert rows.max() == 47
    assert columns.max() == 63
    assert rows.min() > 0
    assert not np.array_equal(made[0], made[2]), "it moves"


def test_layers_lie_under_transitions_and_scenes_have_their_own(home: Path) -> None:
    text = (
        'size = 64x48; fps = 4; model = "null"\nprompt { 0s: "a" }\n'
        'image grey = "grey.png"\nimage logo = "logo.png"\ninit = grey\npipeline { frame = init }\n'
        "layer l { source = logo; scale = 4 }\n"
        "scene one 1s { }\nscene two 1s { transition = crossfade(1s); layer l = none }\n"
    )
    made = shown(text, home)
    assert np.allclose(made[0][16, 48], (1, 0, 0), atol=1e-3)
    assert np.allclose(made[7][16, 48], 128 / 255, atol=0.2)
    assert 0.55 < made[6][16, 48, 0] < 0.95, "half way out"


def test_a_pipeline_that_reads_the_layers_places_them_itself(home: Path) -> None:
    layers = "layer l { source = logo; x = 4px; y = 4px; opacity = 60% }\n"
    plain = shown(STILL + layers, home)[0]
    placed = shown(STILL.replace("frame = init", "frame = composite(init, layers)") + layers, home)[0]
    assert np.allclose(plain, placed, atol=2e-5)
    turned = shown(
        STILL.replace("frame = init", "frame = composite(init, transform(layers, x = 8))") + layers, home
    )[0]
    assert np.allclose(turned[4:12, 20:28], plain[4:12, 12:20], atol=2e-5)
    assert np.allclose(turned[:, 34:], 128 / 255, atol=1e-4), "no mirrored layer at the other side"
    alone = shown(STILL.replace("frame = init", "carry = init; frame = layers") + layers, home)[0]
    assert np.allclose(alone[6, 14], (0.6, 0, 0), atol=1e-4)
    assert alone[30, 30].max() == 0.0, "nothing is black"


def test_a_pipeline_may_read_layers_that_are_not_there(home: Path) -> None:
    made = shown(STILL.replace("frame = init", "frame = composite(init, layers)"), home)[0]
    assert np.allclose(made, 128 / 255, atol=1e-4)


def test_a_frame_that_is_not_there_yet_shows_the_carry_under_the_layers(home: Path) -> None:
    text = STILL.replace("frame = init", "carry = init; frame = blur(previous, 1px)")
    made = shown(text + "layer l { source = logo }", home)
    assert np.allclose(made[0][4, 12], (1, 0, 0), atol=1e-3)


# --- what is made again ---


LIVE = (
    GREY
    + "camera 2d { zoom = 1.1 per s }\ndiffuse { strength = 50%; steps = 4 }\n"
    + 'layer title { text = "RAIN"; size = 16px; opacity = 0s: 0% hold, 0.5s: 100% }\noutput "out.mp4"\n'
)


def test_another_title_makes_no_frame_anew(home: Path) -> None:
    first, _ = run(_plan(LIVE, home), home)
    assert first.exit_code == 0, first.message
    again, events = run(_plan(LIVE.replace("RAIN", "SNOW"), home), home)
    assert (again.made, again.reused) == (0, 4)
    assert {event.passes for event in events if isinstance(event, FrameDone)} == {0}


def _plan(text: str, home: Path):  # type: ignore[no-untyped-def]  # as `run` takes it
    made = compiled(text, home)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return made.plan, made.columns


def test_only_frames_that_show_a_layer_look_different(home: Path) -> None:
    assert same_carries(LIVE, LIVE.replace("RAIN", "SNOW"), home) == (True, [True, True, False, False])
    without = "\n".join(line for line in LIVE.splitlines() if not line.startswith("layer"))
    assert same_carries(LIVE, without, home) == (True, [True, True, False, False])


def test_a_number_in_a_text_counts_as_it_is_printed(home: Path) -> None:
    one = LIVE.replace("RAIN", "{floor(time)}")
    assert same_carries(one, LIVE.replace("RAIN", "0"), home) == (True, [True] * 4)
    assert same_carries(one, LIVE.replace("RAIN", "{t}"), home)[1][3] is False


def test_another_font_or_picture_under_the_same_name_looks_different(home: Path) -> None:
    text = LIVE.replace("size = 16px", 'size = 16px; font = "title.ttf"')
    before = frames_of(compiled(text, home))
    font = home / "title.ttf"
    font.write_bytes(font.read_bytes() + b"\0")
    after = frames_of(compiled(text, home))
    assert before.recipes == after.recipes
    assert [a == b for a, b in zip(before.shown, after.shown, strict=True)] == [True, True, False, False]


# --- texts and lyrics ---


def test_lines_of_a_song_stand_when_they_are_sung(home: Path) -> None:
    text = STILL.replace("fps = 4; length = 1s", "fps = 4; length = 2s").replace(
        "init = grey", 'lyrics words = "song.lrc"\ninit = grey'
    )
    made = shown(text + 'layer l { text = "{words}"; size = 12px; x = 50%; anchor = top }', home)
    seen = [bool(np.abs(frame - 128 / 255).max() > 0.1) for frame in made]
    assert seen == [False, False, True, True, True, True, True, False]
    assert np.array_equal(made[2], made[3])
    assert not np.array_equal(made[3], made[4]), "another line"
    later = text.replace('"song.lrc"', '"song.lrc" { offset = 250ms }')
    moved = shown(later + 'layer l { text = "{words}"; size = 12px; x = 50%; anchor = top }', home)
    assert np.array_equal(moved[5], made[4])
    assert np.array_equal(moved[4], made[3])


def test_lyrics_go_by_the_films_time_in_a_scene_too(home: Path) -> None:
    head = 'size = 64x48; fps = 4; model = "null"\nprompt { 0s: "a" }\nimage grey = "grey.png"\ninit = grey\n'
    head += 'lyrics words = "song.lrc"\npipeline { frame = init }\n'
    layer = "layer l { text = words; size = 12px }\n"
    one = shown(head + "length = 2s\n" + layer, home)
    parts = shown(head + f"scene a 1s {{ {layer} }}\nscene b 1s {{ {layer} }}\n", home)
    assert all(np.array_equal(a, b) for a, b in zip(one, parts, strict=True))


def test_lyrics_have_curves(home: Path) -> None:
    made = compiled(
        GREY.replace("length = 1s", "length = 2s")
        + 'lyrics words = "song.lrc"\n'
        + "layer l { text = words; x = words.line * 1px; opacity = words.progress }",
        home,
    )
    assert made.columns["layer.l.x"].tolist() == [0, 0, 1, 1, 2, 2, 2, 0]
    wanted = [0, 0, 0, 0.5, 0, 1 / 3, 2 / 3, 0]
    assert made.columns["layer.l.opacity"].tolist() == pytest.approx(wanted, abs=1e-9)


def test_a_title_that_grows_is_drawn_once(home: Path) -> None:
    made = compiled(STILL + 'layer l { text = "GO"; size = 10px; scale = 0s: 1, 0.5s: 3 }', home)
    assert set(made.columns["layer.l.zoom"].round(6)) == {round(1 / 3, 6), round(2 / 3, 6), 1.0}
    still = compiled(STILL + 'layer l { text = "GO"; size = 10px; scale = 2 }', home)
    assert still.plan is not None
    for template in still.plan.scenes[0].templates.values():
        (title,) = [node for node in template.nodes if node.op == "title"]
        (layer,) = [node for node in template.nodes if node.op == "layer"]
        assert (title.args["raster"], layer.args["scale"]) == (20.0, 1.0)


# --- guides ---


GUIDED = (
    'size = 64x48; fps = 4; length = 2s; model = "null"\nprompt { 0s: "a" }\n'
    'image grey = "grey.png"\nimage logo = "logo.png"\ndiffuse { strength = 0% }\n'
)


def test_a_guide_draws_the_picture_towards_it(home: Path) -> None:
    text = GUIDED + "init = logo\nguide = grey\ncoherence { guide_weight = 50% }"
    made = shown(text, home)
    far = [float(np.abs(frame - 128 / 255).mean()) for frame in made]
    assert far[0] > 0.2
    assert far[1] == pytest.approx(far[0] / 2, rel=0.01)
    assert far[2] == pytest.approx(far[0] / 4, rel=0.01)


def test_a_guide_changes_over_and_ends(home: Path) -> None:
    text = GUIDED + "guide = 0s: grey, 1s: logo, 1.5s: none\ncoherence { guide_weight = 100% }"
    made = shown(text, home)
    assert np.allclose(made[0], 128 / 255, atol=1e-4), "without `init` a film starts from its guide"
    right = [float(frame[20, 60, 1]) for frame in made]
    assert right[2] == pytest.approx(right[0] / 2, abs=0.01), "half way to red"
    assert right[4] == pytest.approx(0.0, abs=0.01)
    assert np.array_equal(made[6], made[7]), "no guide any more"


def test_a_film_without_a_guide_is_what_it_was(home: Path) -> None:
    text = GUIDED + "init = grey"
    assert same_carries(text, text + "\nguide = none", home) == (True, [True] * 8)
    weightless = text + "\nguide = logo\ncoherence { guide_weight = 0% }"
    assert same_carries(text, weightless, home) == (True, [True] * 8)
    assert same_carries(text, text + "\nguide = 0s: none, 1s: none", home) == (True, [True] * 8)


# --- masks ---


def test_masks_are_drawn_joined_and_softened(home: Path) -> None:
    head = STILL.replace("init = grey", 'init = grey\nimage white = "white.png"')
    Image.new("RGB", (64, 48), "white").save(home / "white.png")
    drawn = (
        "mask spot = circle(x = 16px, y = 50%, radius = 10px)\n"
        "mask moving = rectangle(x = (0s: 25%, 1s: 75%), width = 8px, height = 100%) and not spot\n"
        "mask soft = circle(radius = 12px) { soft = 12px }\n"
    )

    def through(mask: str) -> list[NDArray[np.float32]]:
        made = head.replace("frame = init", f"frame = mix(init, white, 100%, mask = {mask})")
        return shown(made + drawn, home)

    spot = through("spot")[0]
    assert spot[24, 16, 0] == 1.0
    assert spot[24, 40, 0] == pytest.approx(128 / 255, abs=1e-4)
    moving = through("moving")
    assert moving[0][24, 16, 0] == pytest.approx(128 / 255, abs=1e-4), "not spot"
    assert moving[0][2, 16, 0] == 1.0
    assert moving[2][24, 32, 0] == 1.0
    row = through("soft")[0][24, :, 0]
    assert ((row[32:] > 0.52) & (row[32:] < 0.98)).sum() >= 8


def test_grading_goes_through_a_mask(home: Path) -> None:
    text = STILL.replace("frame = init", "frame = grade(init)")
    text += "mask right = gradient(soft = 0%)\ngrade { exposure = -2; mask = right }\n"
    made = shown(text, home)[0]
    assert np.allclose(made[:, :31], 128 / 255, atol=1e-4)
    assert made[:, 33:].max() < 0.3
