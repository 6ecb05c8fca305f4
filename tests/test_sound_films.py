"""Films that follow a song: what moves, moves with what is heard, at any rate, in any part, in any player."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from PIL import Image
from tests.compiler.songs import Song, play, write
from tests.conftest import Ran

from anim_compiler.asking import Asked
from anim_compiler.check import check
from anim_compiler.compile import CompileOptions, compile_film
from anim_compiler.film import Film
from anim_compiler.world import World
from anim_dsl.parse import parse
from anim_dsl.source import Source

Values = NDArray[np.float64]
Anim = Callable[..., Ran]

SECONDS = 4
RATES = ("12", "24", "60")
CLICKS = (1, 59)


@pytest.fixture(scope="module")
def song() -> Song:
    """A kick on every beat, snares on two and four, hats between; the first beat comes late."""
    return play("four", bpm=104, seconds=SECONDS, start=0.31, seed=3)


@pytest.fixture(scope="module")
def slow() -> Song:
    """Another song, slower, of kicks alone."""
    return play("kick", bpm=75, seconds=SECONDS, start=0.1, seed=4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, song: Song, slow: Song) -> Path:
    """A root with two songs, a track of two clicks a minute apart, a black and a white picture."""
    made = tmp_path_factory.mktemp("films")
    (made / "anim.toml").touch()
    write(made / "song.wav", song)
    write(made / "slow.wav", slow)
    clicks = np.zeros(61 * 22_050, np.float32)
    for second in CLICKS:
        clicks[second * 22_050 :][:600] = 0.8 * np.sin(2 * np.pi * 70 * np.arange(600) / 22_050)
    soundfile.write(made / "clicks.wav", clicks, 22_050)
    for name, grey in (("black", 0), ("white", 255)):
        Image.new("RGB", (32, 32), (grey, grey, grey)).save(made / f"{name}.png")
    return made


def opened(folder: Path, text: str) -> tuple[Film, World]:
    path = folder / "film.anim"
    path.write_text(text, encoding="utf-8")
    world = World.open(path, cache=folder / "cache")
    source = world.read_source(path)
    assert isinstance(source, Source)
    document, slips = parse(source)
    film, found = check(document, world)
    assert film is not None, found
    assert not slips
    return film, world


def curve(folder: Path, text: str, name: str) -> Values:
    return Asked(*opened(folder, text)).curve(name)


def peaks(values: Values, above: float) -> NDArray[np.intp]:
    """The frames of local maxima above a bound; of equal neighbours the first."""
    padded = np.concatenate([[-np.inf], values, [-np.inf]])
    rising, falling = padded[1:-1] > padded[:-2], padded[1:-1] >= padded[2:]
    return np.flatnonzero(rising & falling & (values > above))


def nearest(times: Values, to: Values) -> Values:
    """Of each of `to` how far the nearest of `times` is, in seconds; negative ones are early."""
    gaps = times[None, :] - to[:, None]
    return np.take_along_axis(gaps, np.abs(gaps).argmin(axis=1)[:, None], axis=1)[:, 0]


# --- the same seconds at every rate ---


ZOOMS = {
    "kick": "1 + 0.3 * kick",
    "beat": "1 + 0.3 * decay(beat, 200ms)",
    "snare": "1 + 0.3 * decay(threshold(snare, 0.5), 150ms)",
}


def zoomed(folder: Path, zoom: str, fps: str) -> Values:
    """The seconds at which a camera is closest."""
    text = f'size = 32x32; fps = {fps}; length = {SECONDS}s; prompt = "a"\naudio song = "song.wav"\n'
    values = curve(folder, text + f"camera 2d {{ zoom = {zoom} }}", "camera.zoom")
    return peaks(values, 1.12) / float(fps)


@pytest.mark.parametrize("drum", ZOOMS)
def test_the_camera_is_closest_on_the_drum_at_every_rate(folder: Path, song: Song, drum: str) -> None:
    truth = song.beats if drum == "beat" else song.onsets[drum]
    found = {fps: zoomed(folder, ZOOMS[drum], fps) for fps in RATES}
    for fps, times in found.items():
        frame = 1 / float(fps)
        assert np.abs(nearest(times, truth)).max() <= frame + 0.012
        assert np.abs(nearest(truth, times)).max() <= frame + 0.012
    # and with each other: within a frame of the slower one
    for slow, fast in (("12", "24"), ("12", "60"), ("24", "60")):
        assert np.abs(nearest(found[fast], found[slow])).max() <= 1 / float(slow)


# --- seen and heard in the file ---


LIGHT = """\
size = 32x32; fps = {fps}; length = {length}
image black = "black.png"
image white = "white.png"
init = black
audio song = "{song}" {{ {told} }}
pipeline {{ frame = mix(init, white, weight = {light}) }}
output "out.mp4" {{ audio = {audio} }}
"""


def light(folder: Path, where: Path, anim: Anim, **said: str) -> Path:
    """The video of a film whose light follows the sound, rendered into `where`."""
    given = {"song": "song.wav", "length": f"{SECONDS}s", "told": "start = 0s", "audio": "song", **said}
    film = folder / "light.anim"
    film.write_text(LIGHT.format(**given), encoding="utf-8")
    done = anim("render", film, "-o", where / "out.mp4")
    assert done.code == 0, done.err
    return where / "out.mp4"


def seen(path: Path) -> tuple[Values, Values]:
    """The light of each frame, 0..1, and the second at which it is shown."""
    with av.open(str(path)) as container:
        frames = [(f.to_ndarray(format="gray").mean() / 255, f.time) for f in container.decode(video=0)]
    values, times = (np.array(column, np.float64) for column in zip(*frames, strict=True))
    return values, times


def heard(path: Path, rate: int = 22_050) -> Values:
    """The sound as a player has it: mono, from time 0 on."""
    with av.open(str(path)) as container:
        mono = av.AudioResampler(format="flt", layout="mono", rate=rate)
        parts = [p.to_ndarray()[0] for f in container.decode(audio=0) for p in mono.resample(f)]
    return np.concatenate(parts).astype(np.float64)


def low_hits(samples: Values, rate: int = 22_050) -> Values:
    """How much louder each millisecond is below 150 Hz than the 20 ms before it: a kick as an ear has it."""
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(samples.size, 1 / rate) > 150] = 0
    power = np.fft.irfft(spectrum, samples.size) ** 2
    step = rate // 1000
    loud = np.sqrt(power[: power.size // step * step].reshape(-1, step).mean(axis=1))
    smooth = np.convolve(loud, np.ones(20) / 20, "same")
    return np.maximum(np.diff(smooth, prepend=smooth[:1]), 0.0)


def lag(light: Values, times: Values, hits: Values) -> float:
    """By how many seconds the light comes after the hits: the best of -0.3 to 0.3."""
    rate = 22_050 / (22_050 // 1000)
    at = np.arange(hits.size) / rate
    shown = light[np.clip(np.searchsorted(times, at, side="right") - 1, 0, light.size - 1)]
    rises = np.maximum(np.diff(shown, prepend=shown[:1]), 0.0)
    rises = np.convolve(rises, np.hanning(41), "same")
    hits = np.convolve(hits, np.hanning(41), "same")
    reach = round(0.3 * rate)
    match = [
        float(np.dot(rises[reach + k : rises.size - reach + k], hits[reach:-reach]))
        for k in range(-reach, reach)
    ]
    return (int(np.argmax(match)) - reach) / rate


@pytest.mark.parametrize(("fps", "light_of"), [("24", "bass"), ("24", "kick"), ("60", "kick")])
def test_a_viewer_sees_the_kick_when_it_is_heard(
    folder: Path, tmp_path: Path, anim: Anim, fps: str, light_of: str
) -> None:
    video = light(folder, tmp_path, anim, fps=fps, light=light_of)
    shown, times = seen(video)
    assert np.ptp(shown) > 0.6
    assert abs(lag(shown, times, low_hits(heard(video)))) <= 1 / float(fps)


def test_picture_and_sound_are_together_after_a_minute(folder: Path, tmp_path: Path, anim: Anim) -> None:
    """At 24000/1001 fps, where counting 23.976 as 24 would be 60 ms by then."""
    said = {
        "fps": "23.976",
        "length": "60s",
        "song": "clicks.wav",
        "light": "threshold(bass, 0.5)",
    }
    video = light(folder, tmp_path, anim, **said)
    shown, times = seen(video)
    sound = np.abs(heard(video))
    assert len(shown) == 1439
    for second in CLICKS:
        flash = times[np.flatnonzero((shown > 0.3) & (times > second - 0.5))[0]]
        click = np.flatnonzero((sound > 0.2) & (np.arange(sound.size) / 22_050 > second - 0.5))[0] / 22_050
        assert abs(flash - click) <= 1001 / 24_000
        assert abs(click - second) <= 0.012


# --- parts, rates and sizes of a preview ---


PREVIEWED = """\
size = 32x32; fps = 24; length = 4s
image black = "black.png"
image white = "white.png"
init = black
audio song = "song.wav"
pipeline { frame = mix(init, white, weight = MIXED) }
"""
MIXED = "clamp(0.5 * kick + 0.2 * decay(beat, 200ms) + 0.3 * smooth(bass, 80ms), 0, 1)"


def weights(folder: Path, options: CompileOptions | None = None, light: str = "") -> Values:
    """The light of every frame, as the runtime is handed it."""
    film, world = opened(folder, PREVIEWED.replace("MIXED", light or MIXED))
    compiled = compile_film(film, world, options)
    assert compiled.plan is not None, compiled.diagnostics
    return np.asarray(compiled.columns["pipeline.frame.weight"], np.float64)


def test_a_preview_of_a_part_has_the_values_of_the_film(folder: Path) -> None:
    whole = weights(folder)
    assert np.ptp(whole) > 0.5
    part = weights(folder, CompileOptions(frames=(30, 71), size=(16, 16)))
    assert part.tolist() == whole[30:71].tolist()


@pytest.mark.parametrize(("light", "off"), [("0.5 * kick + 0.5 * bass", 0.0), ("smooth(bass, 200ms)", 0.01)])
def test_a_preview_at_half_the_rate_has_the_values_of_its_moments(
    folder: Path, light: str, off: float
) -> None:
    whole, half = weights(folder, None, light), weights(folder, CompileOptions(fps=Fraction(12)), light)
    assert np.abs(half - whole[::2]).max() <= off + 1e-12


# --- where in a track a film begins, and which track ---


@pytest.mark.parametrize("start", ["1.25s", "-0.8s"])
def test_a_film_may_begin_anywhere_in_a_track(
    folder: Path, tmp_path: Path, anim: Anim, song: Song, start: str
) -> None:
    told = f"start = {start}"
    video = light(folder, tmp_path, anim, fps="24", length="2.5s", light="kick", told=told)
    shown, times = seen(video)
    assert abs(lag(shown, times, low_hits(heard(video)))) <= 1 / 24
    later = song.onsets["kick"] - float(start.removesuffix("s"))
    flashes = times[peaks(shown, 0.3)]
    inside = later[(later >= 0) & (later < 2.4)]
    assert np.abs(nearest(flashes, inside)).max() <= 1 / 24 + 0.012


def test_beats_are_counted_from_where_a_film_begins(folder: Path, song: Song) -> None:
    told = 'size = 32x32; fps = 60; length = 2.5s; prompt = "a"\naudio song = "song.wav" { start = 1.25s }\n'
    for trigger in ("beat", "every(1beat)"):
        values = curve(folder, f"{told}camera 2d {{ zoom = 1 + {trigger} }}", "camera.zoom")
        later = song.beats - 1.25
        fired = np.flatnonzero(values > 1.5) / 60
        assert fired == pytest.approx(later[(later >= 0) & (later < 2.5)], abs=1 / 60 + 0.008)


def test_a_curve_of_the_film_fires_on_the_first_frame_of_a_scene_that_a_beat_opens(folder: Path) -> None:
    """At 104 bpm and 12 fps the beats of the song lie between frames, and so do cuts on them."""
    told = 'size = 32x32; fps = 12; prompt = "a"\naudio song = "song.wav" { bpm = 104; offset = 310ms }\n'
    scenes = "scene a 310ms { }; scene b 2beats { }; scene c 1beat { }"
    for trigger in ("beat", "kick", "every(1beat)"):
        text = f"{told}let hit = decay({trigger}, 300ms)\n{scenes}\ncamera 2d {{ zoom = 1 + hit }}"
        values = curve(folder, text, "hit")
        # 0.31 s, 0.887 s, 1.464 s; the first frames of `b` and `c` are 4 and 18
        assert np.flatnonzero(values == 1.0).tolist() == [4, 10, 18], trigger


def test_a_film_lasts_as_long_as_what_is_left_of_its_track(folder: Path) -> None:
    film, _ = opened(
        folder, 'prompt = "a"\naudio song = "song.wav" { start = 1.5s }\ncamera 2d { zoom = 1 + bass }'
    )
    assert film.length == SECONDS - Fraction(3, 2)


def test_a_part_of_a_film_has_its_part_of_the_sound(folder: Path, tmp_path: Path, anim: Anim) -> None:
    given = {
        "fps": "24",
        "length": f"{SECONDS}s",
        "song": "song.wav",
        "told": "start = 0.5s",
        "audio": "song",
    }
    (folder / "part.anim").write_text(LIGHT.format(light="kick", **given), encoding="utf-8")
    done = anim("render", folder / "part.anim", "--frames", "25-80", "-o", tmp_path / "part.mp4")
    assert done.code == 0, done.err
    shown, times = seen(tmp_path / "part.mp4")
    assert shown.size == 56
    assert abs(lag(shown, times, low_hits(heard(tmp_path / "part.mp4")))) <= 1 / 24


TWO = """\
size = 32x32; fps = 60; length = {length}s
prompt = "a"
audio voice = "slow.wav"
audio drums = "song.wav"
clock = drums
camera 2d {{ zoom = 1 + 0.5 * {zoom} }}
output "two.mp4" {{ audio = drums }}
"""


@pytest.mark.parametrize(
    ("zoom", "track"),
    [("drums.kick", "song"), ("voice.kick", "slow"), ("every(1beat)", "song"), ("voice.beat", "slow")],
)
def test_each_of_several_tracks_is_heard(folder: Path, song: Song, slow: Song, zoom: str, track: str) -> None:
    values = curve(folder, TWO.format(zoom=zoom, length=SECONDS), "camera.zoom")
    truth = {"song": song, "slow": slow}[track].onsets["kick"]
    assert np.abs(nearest(peaks(values, 1.2) / 60, truth)).max() <= 1 / 60 + 0.012
