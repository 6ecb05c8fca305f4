"""Several files of one film: each as it is said, every frame read once, problems told."""

from __future__ import annotations

import threading
import wave
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.runtime.hand_films import film

from anim_compiler.plan import Columns, Media, OutputSpec, Plan
from anim_runtime import telling
from anim_runtime.encode import DiskFull, EncodeError, hardware, write
from anim_runtime.events import Encoded, Encoding, Event, Warned
from anim_runtime.job import Job, Tally
from anim_runtime.models.library import file_sha256
from anim_runtime.outputs import check_outputs, write_outputs
from anim_runtime.problems import RenderProblem

WIDTH, HEIGHT = 64, 48


def shown(frame: int) -> NDArray[np.uint16]:
    """A bright square on a textured ground; both move 4 px a frame."""
    ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH]
    ground = 20000 + 6000 * np.sin((xs - 4 * frame) / 3.0) * np.sin(ys / 4.0)
    ground[16:32, 4 + 4 * frame : 20 + 4 * frame] = 60000
    return np.repeat(ground[..., None], 3, axis=2).astype(np.uint16)


class Made:
    """A render's end: outputs written from `shown`."""

    def __init__(self, here: Path, made: tuple[Plan, Columns] | None = None) -> None:
        self.events: list[Event] = []
        self.read: list[int] = []
        self.tally = Tally()
        self.stop: Callable[[], bool] = lambda: False
        plan, columns = made or film(frames=6, size=(WIDTH, HEIGHT))
        self.job = Job(plan, columns, here, here, here, "cpu", self.events.append, lambda: self.stop())

    def write(self, *outputs: OutputSpec) -> None:
        check_outputs(self.job, outputs)
        write_outputs(self.job, outputs, self._shown, self.tally)

    def _shown(self, frame: int) -> NDArray[np.uint16]:
        self.read.append(frame)
        return shown(frame)


def spec(path: str, **said: object) -> OutputSpec:
    return OutputSpec.model_validate({"path": path, **said})


def pictures(path: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def left_edge(picture: NDArray[np.uint8]) -> float:
    """Where the square begins: the first column of its rows that is bright."""
    row = picture[20:28, :, 0].astype(float).mean(axis=0)
    first = int(np.argmax(row > 170))
    return float(first - (row[first] - 170) / max(row[first] - row[first - 1], 1.0))


def test_several_files_read_every_frame_once(tmp_path: Path) -> None:
    made = Made(tmp_path)
    made.write(
        spec("a.mkv", codec="ffv1"), spec("b.mp4", fps="6"), spec("c/{frame}.png"), spec("d.mp4", fps="24")
    )
    assert made.read == [0, 1, 2, 3, 4, 5]
    found = [event for event in made.events if isinstance(event, Encoded)]
    assert [(Path(e.path).name, e.frames) for e in found] == [
        ("a.mkv", 6),
        ("b.mp4", 3),
        ("{frame}.png", 6),
        ("d.mp4", 12),
    ]
    assert made.tally.outputs == [
        tmp_path / "a.mkv",
        tmp_path / "b.mp4",
        tmp_path / "c/{frame}.png",
        tmp_path / "d.mp4",
    ]
    exact = pictures(tmp_path / "a.mkv")
    assert all(np.array_equal(p, np.round(shown(n) / 257).astype(np.uint8)) for n, p in enumerate(exact))


def test_pictures_between_move_along(tmp_path: Path) -> None:
    made = Made(tmp_path)
    made.write(spec("a.mkv", codec="ffv1", interpolate=4))
    found = pictures(tmp_path / "a.mkv")
    assert len(found) == 24
    edges = [left_edge(picture) for picture in found[:21]]
    assert edges == pytest.approx([edges[0] + n for n in range(21)], abs=0.6)
    assert np.array_equal(found[20], found[23])


def test_slow_motion_lasts_longer(tmp_path: Path) -> None:
    Made(tmp_path).write(spec("a.mkv", codec="ffv1", speed="1/2"))
    found = pictures(tmp_path / "a.mkv")
    assert len(found) == 12
    assert left_edge(found[3]) == pytest.approx(left_edge(found[2]) + 2, abs=0.6)


def test_across_a_cut_a_frame_is_held(tmp_path: Path) -> None:
    Made(tmp_path, film(frames=6, starts=(0, 3), size=(WIDTH, HEIGHT))).write(
        spec("a.mkv", codec="ffv1", interpolate=2)
    )
    found = pictures(tmp_path / "a.mkv")
    assert np.array_equal(found[4], found[5])
    assert not np.array_equal(found[2], found[3])


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ({"size": (40, 90)}, (40, 90)),
        ({"upscale": 1.5}, (96, 72)),
        ({"size": (32, 24), "upscale": 2.0}, (32, 24)),
    ],
)
def test_a_file_has_its_own_size(tmp_path: Path, said: dict[str, object], size: tuple[int, int]) -> None:
    Made(tmp_path).write(spec("a.mkv", codec="ffv1", **said))
    assert pictures(tmp_path / "a.mkv")[0].shape == (size[1], size[0], 3)


def test_another_shape_is_the_middle(tmp_path: Path) -> None:
    """48 of 64 columns stay: a square of the middle, as large."""
    Made(tmp_path).write(spec("a.mkv", codec="ffv1", size=(48, 48)))
    found = pictures(tmp_path / "a.mkv")[2].astype(int)
    assert np.abs(found - np.round(shown(2)[:, 8:56] / 257)).max() <= 1


def test_a_film_of_one_frame_may_be_a_picture(tmp_path: Path) -> None:
    one = film(frames=1, size=(WIDTH, HEIGHT))
    Made(tmp_path, one).write(spec("still.png"), spec("still.mp4"), spec("still.gif"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["still.gif", "still.mp4", "still.png"]
    assert len(pictures(tmp_path / "still.mp4")) == 1


def test_no_card_is_told_and_the_same_bytes_come_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A card whose encoder is known and does not open, as without a driver."""
    tried = []

    def refuses(target: object, size: object, fps: object) -> bool:
        tried.append(target)
        return False

    monkeypatch.setattr(hardware, "opens", refuses)
    made = Made(tmp_path)
    made.write(spec("a.mp4", encoder="hardware"), spec("b.mp4"))
    assert len(tried) == 1
    said = [event.message for event in made.events if isinstance(event, Warned)]
    assert said == ["no graphics card here encodes `h264`: `a.mp4` is encoded in software"]
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_a_cards_encoder_gets_what_it_takes() -> None:
    """Its pixel format, made here though no card is: interleaved chroma, 10 bits in the upper part of 16."""
    from dataclasses import replace

    from anim_runtime.encode.formats import ON_GPU, check_output
    from anim_runtime.encode.picture import video_frame

    target = replace(check_output(Path("a.mp4"), "h265"), codec=ON_GPU["h265"])
    frame = video_frame(np.full((4, 6, 3), 65535, np.uint16), target)
    luma, chroma = (
        np.frombuffer(memory, np.uint16).reshape(plane.height, -1)
        for plane in frame.planes
        for memory in [plane]
    )
    assert frame.format.name == "p010le"
    assert (luma[:4, :6] == 940 << 6).all()
    assert (chroma[:2, :6] == 512 << 6).all()


def test_a_file_without_a_track_is_silent_beside_one_that_has_it(tmp_path: Path) -> None:
    tone = np.sin(np.arange(48_000) / 20.0) * 20_000
    with wave.open(str(tmp_path / "song.wav"), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(tone.astype("<i2").tobytes())
    plan, columns = film(frames=6, size=(WIDTH, HEIGHT))
    song = Media(name="song", kind="audio", path="song.wav", sha256=file_sha256(tmp_path / "song.wav"))
    made = Made(tmp_path, (plan.model_copy(update={"media": (song,)}), columns))
    made.write(spec("heard.mkv", audio="song"), spec("silent.mkv"))
    for name, kinds in (("heard", ["video", "audio"]), ("silent", ["video"])):
        with av.open(str(tmp_path / f"{name}.mkv")) as container:
            assert [stream.type for stream in container.streams] == kinds


def test_how_far_the_files_are_is_told_over_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "_PACE", 0.0)
    made = Made(tmp_path)
    made.write(spec("a.mkv", codec="ffv1"), spec("b.gif", fps="6"))
    told = [(e.pictures, e.of) for e in made.events if isinstance(e, Encoding)]
    assert told == [(n, 9) for n in range(1, 10)]


def test_metadata_can_be_left_out(tmp_path: Path) -> None:
    scenes = film(frames=6, starts=(0, 3), size=(WIDTH, HEIGHT))
    Made(tmp_path, scenes).write(
        spec("a.mp4"),
        spec("b.mp4", metadata=False),
        spec("a{frame}.png"),
        spec("b{frame}.png", metadata=False),
    )
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert container.metadata["title"] == "test"
        assert f"film {'0' * 64}" in container.metadata["comment"]
        marks = [(c["start"] * c["time_base"], c["metadata"]["title"]) for c in container.chapters()]
    assert marks == [(0, "s0"), (0.25, "s1")]
    with av.open(str(tmp_path / "b.mp4")) as container:
        assert not {"title", "comment", "artist"} & set(container.metadata)
        assert not container.chapters()
    assert b"parameters" in (tmp_path / "a3.png").read_bytes()
    assert b"parameters" not in (tmp_path / "b3.png").read_bytes()


def test_one_that_fails_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = write.count_frames_of

    def short(path: Path, fps: object) -> int:
        return 1 if "b.part" in path.name else kept(path, fps)  # type: ignore[arg-type]

    monkeypatch.setattr(write, "count_frames_of", short)
    made, before = Made(tmp_path), threading.active_count()
    with pytest.raises(EncodeError, match=r"b\.mp4` holds 1 of 6"):
        made.write(spec("a.mp4"), spec("b.mp4"), spec("c.gif"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mp4", "c.gif"]
    assert threading.active_count() == before


def test_when_every_file_broke_off_no_more_frames_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anim_runtime.encode import mux

    def breaks(*_: object) -> int:
        raise OSError(28, "no room")

    monkeypatch.setattr(mux, "mux", breaks)
    made = Made(tmp_path, film(frames=60, size=(WIDTH, HEIGHT)))
    with pytest.raises(DiskFull):
        made.write(spec("a.mp4"), spec("b.gif"))
    assert len(made.read) < 30


def test_a_stop_leaves_no_file_and_no_thread(tmp_path: Path) -> None:
    made, before = Made(tmp_path), threading.active_count()
    made.stop = lambda: len(made.read) >= 3
    with pytest.raises(RenderProblem, match="stopped") as caught:
        made.write(spec("a.mp4"), spec("b.webm"))
    assert caught.value.exit_code == 130
    assert not list(tmp_path.iterdir())
    assert threading.active_count() == before


def test_a_frame_that_is_lost_is_the_problem_that_is_told(tmp_path: Path) -> None:
    made, before = Made(tmp_path), threading.active_count()

    def lost(frame: int) -> NDArray[np.uint16]:
        if frame == 3:
            raise RenderProblem("frame 3 went missing", "", 2)
        return shown(frame)

    with pytest.raises(RenderProblem, match="frame 3"):
        write_outputs(made.job, [spec("a.mp4"), spec("b.gif")], lost, made.tally)
    assert not list(tmp_path.iterdir())
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("film.avi", "no ending"),
        ("folder.mp4", "is a folder"),
        ("note.txt/film.mp4", "cannot hold files"),
        ("film.png", "one picture"),
    ],
)
def test_what_cannot_be_written_is_told_before_the_first_frame(
    tmp_path: Path, output: str, says: str
) -> None:
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "note.txt").write_text("")
    with pytest.raises(EncodeError, match=says):
        check_outputs(Made(tmp_path).job, [spec(output)])


def test_a_model_that_is_missing_or_none_is_told_before_the_first_frame(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(EncodeError, match=r"upscale_model|model\.safetensors") as caught:
        check_outputs(Made(tmp_path).job, [spec("a.mp4", upscale=2.0, upscale_model="model.safetensors")])
    assert caught.value.hint


def test_a_full_disk_is_told_with_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(part: Path, path: Path) -> None:
        raise OSError(28, "no room")

    monkeypatch.setattr(write, "settle", full)
    with pytest.raises(DiskFull) as caught:
        Made(tmp_path).write(spec("a.mp4"))
    assert caught.value.exit_code == 4
