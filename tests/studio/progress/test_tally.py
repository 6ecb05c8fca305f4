import json
from io import StringIO
from itertools import pairwise

from rich.console import Console
from rich.progress import Progress

from anim_runtime.events import Encoded, Encoding, Event, FrameDone, FrameStarted, Planned, Warned
from anim_studio.cli.terminal import Terminal
from anim_studio.progress import Tally, open_display
from anim_studio.progress.bar import STOPPING, BarDisplay, Counts, counts, shares


def planned(frames: int = 10, reused: int = 0) -> Planned:
    return Planned(
        at=100.0,
        name="zoom",
        frames=frames,
        width=64,
        height=64,
        fps="24",
        reused=reused,
        diffused=frames,
        tweens=0,
        model="postcard",
        device="cpu",
    )


def film(made: int, reused: int = 0, frames: int = 10) -> list[Event]:
    """Frames are reused at once, then made in two seconds each, one and a half of them diffusing."""
    events: list[Event] = [planned(frames, reused)]
    events += [FrameDone(at=101.0, frame=f, how="reused", recipe="r") for f in range(reused)]
    for number in range(made):
        at = 110.0 + 2 * number
        spent = {"diffuse": 1.5, "warp": 0.5}
        events.append(FrameStarted(at=at, frame=reused + number))
        events.append(FrameDone(at=at + 2, frame=reused + number, how="diffused", recipe="r", spent=spent))
    return events


def tally(events: list[Event]) -> Tally:
    state = Tally()
    for event in events:
        state = state.after(event)
    return state


def test_the_rate_counts_neither_reused_frames_nor_the_loading() -> None:
    state = tally(film(made=3, reused=5))
    assert (state.done, state.made, state.reused) == (8, 3, 5)
    assert state.rate == 0.5
    assert state.seconds_left == 4.0


def test_frames_that_will_be_reused_take_no_time() -> None:
    events = [planned(10, reused=6), *film(made=2)[1:]]
    assert tally(events).seconds_left == 4.0


def test_there_is_no_rate_before_the_first_frame() -> None:
    state = tally([planned()])
    assert state.rate is None
    assert state.seconds_left is None
    assert counts(state) == "0/10  loading the model"


def test_frames_made_together_do_not_make_the_rate_jump() -> None:
    events: list[Event] = [planned(24)]
    for group in range(3):
        at = 100.0 + 8 * group
        events += [FrameStarted(at=at, frame=8 * group + i) for i in range(8)]
        # they reach the store one after the other
        events += [FrameDone(at=at + 8, frame=8 * group + i, how="diffused", recipe="r") for i in range(8)]
    left = [tally(events[:end]).seconds_left for end in range(1, len(events) + 1)]
    assert {seconds for seconds in left if seconds is not None} == {16.0, 8.0, 0.0}
    assert all(a is None or (b is not None and b <= a) for a, b in pairwise(left))


def test_shares_are_of_all_the_time_spent() -> None:
    state = tally(film(made=4))
    assert state.shares() == (("diffuse", 0.75), ("warp", 0.25))
    assert shares(state) == "diffuse 75% · warp 25%"
    assert counts(state) == "4/10  2.0 s/frame  0:00:12 left"


def test_the_end_says_that_the_film_is_being_written() -> None:
    assert counts(tally(film(made=10))) == "10/10  writing the film"


def test_files_are_counted_while_they_are_written() -> None:
    state = tally([*film(made=10), Encoding(at=30.0, pictures=4, of=20)])
    assert counts(state) == "4/20  writing the film"


def test_a_log_has_a_line_for_every_twentieth_of_the_files() -> None:
    screen = terminal()
    with open_display("lines", screen) as display:
        for event in (*film(made=10), *(Encoding(at=30.0 + n, pictures=n, of=80) for n in range(1, 81))):
            display.show(event)
    assert isinstance(screen.err, StringIO)
    told = [line for line in screen.err.getvalue().splitlines() if "into files" in line]
    assert len(told) == 20
    assert told[0].endswith("4/80 pictures written into files")


def terminal() -> Terminal:
    return Terminal(StringIO(), StringIO(), False, False)


def test_json_is_one_event_a_line_and_nothing_else() -> None:
    screen = terminal()
    events = [*film(made=1), Warned(at=1.0, message="the sky is low")]
    with open_display("json", screen) as display:
        for event in events:
            display.show(event)
    assert isinstance(screen.out, StringIO)
    assert isinstance(screen.err, StringIO)
    lines = screen.out.getvalue().splitlines()
    assert [json.loads(line)["kind"] for line in lines] == [
        "planned",
        "frame_started",
        "frame_done",
        "warned",
    ]
    assert screen.err.getvalue() == ""


def test_a_log_gets_some_lines_of_a_long_film() -> None:
    screen = terminal()
    with open_display("lines", screen) as display:
        for event in film(made=200, frames=200):
            display.show(event)
    assert isinstance(screen.err, StringIO)
    lines = screen.err.getvalue().splitlines()
    assert 20 <= len(lines) <= 23
    assert lines[-1] == "zoom: 200/200 frames, 2.0 s/frame, 0:00:00 left"


def test_without_progress_only_warnings_are_told() -> None:
    screen = terminal()
    with open_display("none", screen) as display:
        for event in [*film(made=3), Warned(at=1.0, message="the sky is low")]:
            display.show(event)
    assert isinstance(screen.err, StringIO)
    assert screen.err.getvalue() == "warning: the sky is low\n"


def test_the_bar_survives_names_that_look_like_markup() -> None:
    screen = terminal()
    named = planned().model_copy(update={"name": "[bold]x[/"})
    events: list[Event] = [named, Warned(at=1.0, message="no [/such] tag")]
    with BarDisplay(screen) as display:
        for event in events:
            display.show(event)
        display.show(Encoded(at=2.0, path="a.mp4", frames=1, seconds=1.0, bytes=9, codec="h264"))
    assert isinstance(screen.err, StringIO)
    assert "no [/such] tag" in screen.err.getvalue()


def test_the_bar_says_that_a_stop_was_heard() -> None:
    stops: list[bool] = []
    progress = Progress(Counts(lambda: bool(stops)))
    progress.add_task("", counts="3/9")
    screen = Console(file=StringIO(), width=80)
    for _ in range(2):
        screen.print(progress.get_renderable())
        stops.append(True)
    assert isinstance(screen.file, StringIO)
    assert [line.strip() for line in screen.file.getvalue().splitlines()] == ["3/9", STOPPING]
