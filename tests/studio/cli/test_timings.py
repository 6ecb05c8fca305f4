import json

from anim_runtime.events import Encoded, FrameDone, FrameStarted, Planned
from anim_studio.cli.timings import Trace

FILM = 'size = 64x64; fps = 8; length = 1s; model = "null"; prompt = "a lake"\ncamera 2d { zoom = 1.0 + t }\n'


def read(path) -> list[dict]:
    events = json.loads(path.read_text(encoding="utf-8"))["traceEvents"]
    for event in events:
        assert {"name", "ph", "ts", "dur", "pid", "tid"} <= event.keys()
        assert event["ph"] in "XM"
        assert isinstance(event["ts"], int)
        assert event["dur"] >= 0
    return events


def test_a_render_tells_where_its_time_goes(anim, write_film, tmp_path, fresh_cache) -> None:
    said = anim("render", write_film(FILM), "--timings", "trace.json", "-q")
    assert said.code == 0, said.err
    names = {event["name"] for event in read(tmp_path / "trace.json")}
    assert {"parse", "check", "compile", "curves", "lower", "fuse", "digests", "render"} <= names
    assert {"frame 0", "frame 7", "write film.mp4"} <= names


def test_what_is_timed_lies_in_what_it_is_part_of(anim, write_film, tmp_path) -> None:
    anim("compile", write_film(FILM), "--timings", "deep/trace.json", "-q")
    events = {event["name"]: event for event in read(tmp_path / "deep" / "trace.json")}
    whole, part = events["compile"], events["fuse"]
    assert whole["ts"] <= part["ts"]
    assert part["ts"] + part["dur"] <= whole["ts"] + whole["dur"] + 1
    assert whole["tid"] == part["tid"]


def test_a_command_that_ends_badly_still_tells(anim, write_film, tmp_path) -> None:
    said = anim("compile", write_film("zom = 1\nlength = 1s\n"), "--timings", "trace.json")
    assert said.code == 1
    assert "parse" in {event["name"] for event in read(tmp_path / "trace.json")}


def test_frames_made_together_have_rows_of_their_own() -> None:
    day = 1000.0
    trace = Trace(day)
    trace.hear(planned(day))
    for frame in (0, 1):
        trace.hear(FrameStarted(at=day + 1, frame=frame))
    for frame in (0, 1):
        spent = {"warp": 0.25, "diffuse": 0.5}
        trace.hear(FrameDone(at=day + 2, frame=frame, how="diffused", recipe="r", spent=spent))
    trace.hear(FrameDone(at=day + 2, frame=2, how="reused", recipe="r"))
    trace.hear(Encoded(at=day + 3, path="out/a.mp4", frames=3, seconds=1, bytes=10, codec="h264"))
    events = [event for event in trace.as_json()["traceEvents"] if event["ph"] == "X"]
    frames = [event for event in events if event["name"].startswith("frame")]
    assert [event["name"] for event in frames] == ["frame 0", "frame 1"]
    assert frames[0]["tid"] != frames[1]["tid"]
    assert [(event["ts"], event["dur"]) for event in frames] == [(1_000_000, 1_000_000)] * 2
    stages = [event for event in events if event["cat"] == "stage" and event["tid"] == frames[0]["tid"]]
    assert [(event["name"], event["ts"], event["dur"]) for event in stages] == [
        ("warp", 1_250_000, 250_000),
        ("diffuse", 1_500_000, 500_000),
    ]
    (written,) = (event for event in events if event["cat"] == "file")
    assert (written["name"], written["ts"], written["dur"]) == ("write a.mp4", 2_000_000, 1_000_000)


def planned(day: float) -> Planned:
    about = {"width": 8, "height": 8, "fps": "8", "reused": 1, "diffused": 2, "tweens": 0}
    return Planned(at=day, name="a", frames=3, model="null", device="cpu", **about)
