import sys
from fractions import Fraction

import numpy as np
import pytest
import soundfile

from anim_studio.cli.exits import Stop
from anim_studio.interchange.imported import Fate

from .exporting_films import exported

FILM = """\
fps = 23.976; size = 64x64; title = "Rain"
audio song = "media/my song.wav" { start = 1s; gain = -3db }
markers cuts = "labels.txt"
scene dawn 24f { prompt { 0f: "fog"; 12f: "a long text about the sea, the sky and what lies there, in oil" } }
scene noon 36f { prompt = "sun"; transition = crossfade(8f) }
scene night 30f { prompt = "moon"; transition = dip(4f) }
output "rain.mp4"
"""


@pytest.fixture
def made(tmp_path):
    otio = pytest.importorskip("opentimelineio")
    (tmp_path / "media").mkdir()
    soundfile.write(tmp_path / "media/my song.wav", np.zeros(4 * 8000, dtype=np.float32), 8000)
    (tmp_path / "labels.txt").write_text("0.5\t0.5\tdrop\n2\t3\tsolo\n", encoding="utf-8")

    def read(text: str, *ranges: tuple[int, int]):
        given = exported(tmp_path, text, "otio", *ranges)
        (data,) = given.files.values()
        return otio.adapters.read_from_string(data.decode(), "otio_json"), given.remarks

    return read


def frames(time_range) -> tuple[float, float]:
    return time_range.start_time.value, time_range.duration.value


def test_scenes_are_clips_of_the_films_video_at_its_exact_rate(made) -> None:
    timeline, _ = made(FILM)
    video = timeline.tracks[0]
    clips = list(video.find_clips())
    assert timeline.name == "Rain"
    assert [(clip.name, frames(clip.source_range)) for clip in clips] == [
        ("dawn", (0, 24)), ("noon", (24, 36)), ("night", (60, 30)),
    ]  # fmt: skip
    assert timeline.duration().value == 90
    assert timeline.duration().rate == float(Fraction(24000, 1001))
    assert timeline.metadata["anim"]["fps"] == "24000/1001"
    assert {clip.media_reference.target_url for clip in clips} == {"out/rain.mp4"}
    assert frames(clips[1].media_reference.available_range) == (0, 90)


def test_transitions_stand_between_the_clips(made) -> None:
    timeline, remarks = made(FILM)
    kinds = [type(item).__name__ for item in timeline.tracks[0]]
    assert kinds == ["Clip", "Transition", "Clip", "Transition", "Clip"]
    fade, dip = (item for item in timeline.tracks[0] if type(item).__name__ == "Transition")
    assert (fade.transition_type, fade.in_offset.value, fade.out_offset.value) == ("SMPTE_Dissolve", 0, 8)
    assert (dip.name, dip.in_offset.value, dip.out_offset.value) == ("dip", 2, 2)
    assert {remark.what for remark in remarks} == {"transitions", "audio `song`"}


def test_prompts_and_marks_are_markers(made) -> None:
    timeline, _ = made(FILM)
    first, *_ = timeline.tracks[0].find_clips()
    assert [frames(marker.marked_range) for marker in first.markers] == [(0, 1), (12, 1)]
    long = first.markers[1]
    assert len(long.name) == 60
    assert long.metadata["anim"]["prompt"].endswith("in oil")
    marks = {marker.name: marker.marked_range for marker in timeline.tracks.markers}
    rate = 24000 / 1001
    assert frames(marks["drop"]) == pytest.approx((0.5 * rate, 0))
    assert frames(marks["solo"]) == pytest.approx((2 * rate, rate))


def test_the_sound_begins_where_the_film_hears_it(made) -> None:
    timeline, _ = made(FILM)
    (clip,) = timeline.tracks[1].find_clips()
    assert clip.media_reference.target_url == "media/my%20song.wav"
    # four seconds of sound, of which the film plays three and then is silent
    assert frames(clip.source_range) == pytest.approx((24000 / 1001, 3 * 24000 / 1001))
    assert clip.metadata["anim"]["gain_db"] == -3


def test_a_part_has_clips_of_its_frames_alone(made) -> None:
    timeline, _ = made(FILM, (10, 30), (70, 80))
    found = [(clip.name, frames(clip.source_range)) for clip in timeline.tracks[0].find_clips()]
    assert found == [("dawn", (10, 14)), ("noon", (24, 6)), ("night", (70, 10))]
    assert [marker.name for marker in timeline.tracks.markers] == ["drop"]
    assert timeline.tracks.markers[0].marked_range.start_time.value == pytest.approx(0.5 * 24000 / 1001 - 10)


def test_pictures_are_a_sequence(made) -> None:
    timeline, _ = made('length = 5f; prompt = "a"\noutput "shots/a_{frame:05}.png"')
    (clip,) = timeline.tracks[0].find_clips()
    media = clip.media_reference
    assert media.target_url_for_image_number(3) == "out/shots/a_00003.png"


def test_a_film_without_outputs_says_that_there_is_nothing_to_link(made) -> None:
    timeline, remarks = made('length = 5f; prompt = "a"\noutput "slow.mp4" { speed = 0.5 }')
    (clip,) = timeline.tracks[0].find_clips()
    assert clip.media_reference.is_missing_reference
    assert ("media", Fate.LOST) in {(remark.what, remark.fate) for remark in remarks}


def test_without_the_package_it_says_how_to_get_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "opentimelineio", None)
    with pytest.raises(Stop) as stopped:
        exported(tmp_path, 'length = 5f; prompt = "a"', "otio")
    assert "pip install" in stopped.value.hint
