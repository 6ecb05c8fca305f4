"""The shots of a film on its frames: each with its clock, its values and how they are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from anim_compiler import guide_columns, looping, settle, titles, transitions
from anim_compiler.clip_times import ramps
from anim_compiler.clock import FilmClock, frame_at
from anim_compiler.curves import Evaluator, FeatureSource, rounded
from anim_compiler.drawing.names import texts_of
from anim_compiler.expected_columns import expected_curves
from anim_compiler.film import Curve, Film, Shot, Transition, WordSchedule
from anim_compiler.findings import Findings
from anim_compiler.frames import Chain, begun_again, chain
from anim_compiler.functions.registry import Array
from anim_compiler.lower import CUT
from anim_compiler.lowering.arguments import fixed, own_number
from anim_compiler.lowering.guiding import MODELS, own_curves
from anim_compiler.lowering.paths import OWN_CAMERA, calls, camera_prefix
from anim_compiler.memo import Memo
from anim_compiler.plan import Column, Columns
from anim_compiler.seeds import diffused_before, drawn, seed_column
from anim_compiler.shapes import mask_curves
from anim_compiler.std_pipelines import pipeline_of


@dataclass(frozen=True, slots=True)
class Take:
    """A shot on the film's frames: `own` of them from `evaluator.clock.first` on, then those in which
    it runs on under the next scene, which `leaves` shows in; the last one of a film that loops runs on under
    the first.
    """

    film: Film
    shot: Shot
    evaluator: Evaluator
    own: int
    arrives: Transition = CUT
    leaves: Transition = CUT
    columns: Columns = field(default_factory=dict)

    @property
    def clock(self) -> FilmClock:
        """The shot's clock, over all of its frames."""
        return self.evaluator.clock

    @property
    def comes_back(self) -> bool:
        """Whether it is the last of a film that loops, and runs on under the first."""
        return self.leaves.kind == "cut" and self.clock.frames > self.own

    @property
    def goes_on(self) -> bool:
        """Whether it starts from the last picture of the scene before."""
        return self.arrives.kind == "continue"


def takes(film: Film, whole: Evaluator, features: FeatureSource) -> tuple[Take, ...]:
    """The shots that have frames; `whole` evaluates by the film's clock."""
    clock, fps = whole.clock, whole.clock.fps
    ends = [clock.frame_at(shot.end, fps) for shot in film.shots]
    rows = [
        (shot, clock.frame_at(shot.start, fps), end)
        for shot, end in zip(film.shots, [*ends[:-1], clock.frames], strict=True)
    ]
    rows = [row for row in rows if row[1] < row[2]]
    made: list[Take] = []
    returns = looping.returns(film) or CUT
    for i, (shot, first, end) in enumerate(rows):
        tail, leaves = 0, CUT
        if i + 1 == len(rows):
            tail = min(frame_at(returns.seconds, fps), rows[0][2])
        else:
            following, begins, ends_at = rows[i + 1]
            tail, leaves = transitions.overlap(following, clock, ends_at - begins), following.transition
        frames = end - first + tail
        own_clock = clock.scene(shot.start, shot.length, seed=_seed(film, shot, clock.seed), frames=frames)
        arrives = shot.transition if i else returns
        made.append(Take(film, shot, Evaluator(own_clock, features, whole), end - first, arrives, leaves))
    return tuple(made)


def _seed(film: Film, shot: Shot, chosen: int) -> int:
    """The shot's seed: its own, or the film's as the command line may have chosen it."""
    if shot.seed == film.seed:
        return chosen
    return drawn(f"{film.name} {shot.name}") if shot.seed < 0 else shot.seed


# --- values ---


def settled(take: Take, steps: int | None, scale: float, findings: Findings, memo: Memo) -> Take | None:
    """The take with the columns of its settings, of its cameras' channels and of what its pipeline gives;
    None if one cannot be computed.

    `steps` stands over the film's. Lengths in pixels become those of the picture that is made: `scale`
    times those of the film's size, but for cameras, whose moves do not depend on the size.
    """
    numbers = {**_numbers(take.shot), **ramps(take.film), **mask_curves(take.film)}
    columns: Columns = {}
    for name, curve in numbers.items():
        says = (name, curve.unit, curve.minimum, curve.maximum, curve.integer, steps, scale)
        make = partial(_settled, take, name, curve, steps, scale, findings)
        found = memo.curve(make, take.evaluator, curve.expr, "setting", says)
        if found is not None:
            columns[name] = found
    if len(columns) < len(numbers):
        return None
    columns |= guide_columns.columns(take.shot.guide, take.clock, memo.place(take.evaluator), memo)
    columns |= titles.columns(take.shot, columns, memo)
    return replace(take, columns=columns | _texts(take, memo) | _transitions(take, memo))


def _settled(
    take: Take, name: str, curve: Curve, steps: int | None, scale: float, findings: Findings
) -> Column | None:
    # of poses only the differences are used, which the moves round
    pose = name.startswith("camera")
    found = settle.column(take.evaluator, name, curve, findings, exact=pose)
    if found is None:
        return None
    if curve.unit == "px" and not pose:
        found = rounded(found * scale)
    if steps is not None and name.rpartition(".")[2] == "steps":
        found = np.full(take.clock.frames, float(steps))
    return found.astype(np.int64) if curve.integer else found


def _numbers(shot: Shot) -> dict[str, Curve]:
    """Every curve of a shot that becomes a column, by the column's name."""
    numbers = {n: c for n, c in shot.numbers.items() if not n.startswith("camera.")}
    own = {} if shot.camera is None else {OWN_CAMERA: shot.camera}
    for camera_name, camera in (own | dict(shot.cameras)).items():
        for name, curve in camera.curves.items():
            numbers[f"{camera_prefix(camera_name)}.{name}"] = _unbounded(curve, name)
    numbers |= dict(own_curves(shot))
    for layer in shot.layers:
        numbers |= {f"layer.{layer.name}.{name}": curve for name, curve in layer.numbers.items()}
    for name, curve in expected_curves(shot):
        if fixed(curve) is None:
            numbers[name] = curve
    for named in calls(pipeline_of(shot)):
        for arg, curve in named.given:
            if own_number(arg, curve) is None:
                numbers[named.column(arg.name)] = curve
    return numbers


def _unbounded(curve: Curve, name: str) -> Curve:
    """A channel whose sign may have been turned keeps no range, but the lens, zoom and depth do."""
    if name in ("zoom", "fov", "flip_fov", "near", "far", "depth_smooth"):
        return curve
    return Curve(curve.expr, curve.live, curve.unit, None, None, False, curve.span)


def _texts(take: Take, memo: Memo) -> Columns:
    """Which text of its schedule a setting has at each frame: int64[frames]. The film's model changes by the
    film's clock.
    """
    film = take.clock if take.evaluator.film is None else take.evaluator.film.clock
    said = (
        ("diffuse.sampler", take.shot.words.get("diffuse.sampler"), take.clock, 0),
        (MODELS, take.film.model, film, take.clock.first),
    )
    return {
        name: _chosen(word, clock, first, take.clock.frames, memo)
        for name, word, clock, first in said
        if isinstance(word, WordSchedule)
    }


def _chosen(word: WordSchedule, clock: FilmClock, first: int, frames: int, memo: Memo) -> Column:
    """Which text of a schedule stands at so many frames from `first` on, by the clock of its keys."""
    texts = texts_of(word)
    rows = tuple(sorted((clock.stands(at), texts.index(text)) for at, text in word.keys))

    def column() -> Column:
        places = np.array([place for place, _ in rows])
        at = np.searchsorted(places - 1e-9, first + np.arange(frames), side="right") - 1
        return np.array([i for _, i in rows], dtype=np.int64)[np.maximum(at, 0)]

    return memo.recall(column, "words", rows, first, frames)


def _transitions(take: Take, memo: Memo) -> Columns:
    ways = {
        "transition.reveal": (transitions.reveal, take.arrives),
        "transition.rise": (transitions.rise, take.arrives),
        "transition.fall": (transitions.fall, take.leaves),
    }
    place = memo.place(take.evaluator)
    return {
        name: memo.recall(partial(_shares, way, take.clock, how), name, place, repr(how))
        for name, (way, how) in ways.items()
    }


def _shares(way: Callable[[FilmClock, Transition], Array], clock: FilmClock, how: Transition) -> Array:
    return rounded(way(clock, how))


# --- frames ---


def chained(take: Take, memo: Memo) -> Chain:
    """How each of the take's frames is made; the last before a transition is diffused too."""
    clock, prompts = take.clock, take.shot.prompts
    places = [clock.stands(key.at) for key in (*prompts.positive, *prompts.negative)]
    keys = tuple(int(np.ceil(place - 1e-9)) for place in places)
    cadence = take.columns["coherence.cadence"]
    # where the film comes back to its beginning nothing ends
    always = keys if take.comes_back else (*keys, take.own - 1)
    sketch = take.shot.sketch
    again = 0 if sketch is None or sketch.every is None else max(1, round(sketch.every * clock.fps))

    def made() -> Chain:
        found = chain(clock.frames, cadence.tolist(), always)
        return begun_again(found, again) if again else found

    return memo.recall(made, "chain", cadence, always, again)


def seeds(take: Take, made: Chain, before: int, memo: Memo) -> Columns:
    """The seeds of the take's frames by column, the pipeline's own among them; `before` diffused frames of
    the film are older.

    A seed of a call is counted on by the scene's `seed_mode`, unless it changes by itself.
    """
    mode = str(take.shot.words.get("diffuse.seed_mode") or "iter")
    given = {"diffuse.seed": (take.shot.numbers["diffuse.seed"].live, mode)}
    for named in calls(pipeline_of(take.shot)):
        for arg, curve in named.given:
            if arg.name == "seed":
                given[named.column("seed")] = (curve.live, "fixed" if curve.live else mode)
    film, first = take.film.name, take.clock.first

    def column(base: Column, how: str, live: bool) -> Column:
        counted = before + diffused_before(take.clock.frames, made.diffused)
        return seed_column(np.asarray(base, dtype=np.float64), how, counted, film, live, first)

    return {
        name: memo.recall(
            partial(column, take.columns[name], how, live),
            *("seed", take.columns[name], how, live, made, before, film, first),
        )
        for name, (live, how) in given.items()
    }
