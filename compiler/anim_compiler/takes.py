"""The shots of a film on its frames: each with its clock, its values and its camera's moves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from anim_compiler import settle, transitions
from anim_compiler.camera import path
from anim_compiler.clock import FilmClock, frame_at
from anim_compiler.curves import Evaluator, FeatureSource, rounded
from anim_compiler.film import Curve, Film, Shot, Transition, WordSchedule
from anim_compiler.findings import Findings
from anim_compiler.frames import Chain, chain
from anim_compiler.functions.registry import Array
from anim_compiler.lower import CUT, texts_of
from anim_compiler.plan import Columns
from anim_compiler.seeds import diffused_before, drawn, seed_column


@dataclass(frozen=True, slots=True)
class Take:
    """A shot on the film's frames: `own` of them from `evaluator.clock.first` on, then those in which
    it runs on under the next scene, which `leaves` shows in.
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
    def goes_on(self) -> bool:
        """Whether it starts from the last picture of the scene before."""
        return self.arrives.kind == "continue"


def takes(film: Film, whole: Evaluator, features: FeatureSource) -> tuple[Take, ...]:
    """The shots that have frames; `whole` evaluates by the film's clock."""
    clock, fps = whole.clock, whole.clock.fps
    ends = [frame_at(shot.end, fps) for shot in film.shots]
    rows = [
        (shot, frame_at(shot.start, fps), end)
        for shot, end in zip(film.shots, [*ends[:-1], clock.frames], strict=True)
    ]
    rows = [row for row in rows if row[1] < row[2]]
    made: list[Take] = []
    for i, (shot, first, end) in enumerate(rows):
        tail, leaves = 0, CUT
        if i + 1 < len(rows):
            following, begins, ends_at = rows[i + 1]
            tail, leaves = transitions.overlap(following, fps, ends_at - begins), following.transition
        frames = end - first + tail
        own_clock = clock.scene(shot.start, shot.length, seed=_seed(film, shot, clock.seed), frames=frames)
        arrives = shot.transition if i else CUT
        made.append(Take(film, shot, Evaluator(own_clock, features, whole), end - first, arrives, leaves))
    return tuple(made)


def _seed(film: Film, shot: Shot, chosen: int) -> int:
    """The shot's seed: its own, or the film's as the command line may have chosen it."""
    if shot.seed == film.seed:
        return chosen
    return drawn(f"{film.name} {shot.name}") if shot.seed < 0 else shot.seed


# --- values ---


def settled(take: Take, steps: int | None, findings: Findings) -> Take | None:
    """The take with the columns of its settings and channels; None if one cannot be computed.

    `steps` stands over the film's.
    """
    numbers = {n: c for n, c in take.shot.numbers.items() if not n.startswith("camera.")}
    camera = take.shot.camera
    for name, curve in (camera.channels if camera else {}).items():
        numbers[f"camera.{name}"] = _unbounded(curve, name)
    columns: Columns = {}
    for name, curve in numbers.items():
        found = settle.column(take.evaluator, name, curve, findings)
        if found is not None:
            columns[name] = found
    if len(columns) < len(numbers):
        return None
    chosen = columns["diffuse.steps"] if steps is None else np.full(take.clock.frames, float(steps))
    columns["diffuse.steps"] = np.asarray(chosen).astype(np.int64)
    columns |= _texts(take) | _transitions(take)
    return replace(take, columns=columns)


def _unbounded(curve: Curve, name: str) -> Curve:
    """A channel whose sign may have been turned keeps no range, but the lens and zoom do."""
    if name in ("zoom", "fov", "flip_fov"):
        return curve
    return Curve(curve.expr, curve.live, curve.unit, None, None, False, curve.span)


def _texts(take: Take) -> Columns:
    """Which text of its schedule a setting has at each frame: int64[frames]."""
    word = take.shot.words.get("diffuse.sampler")
    if not isinstance(word, WordSchedule):
        return {}
    texts = texts_of(word)
    rows = sorted((take.clock.place(at), texts.index(text)) for at, text in word.keys)
    places = np.array([place for place, _ in rows])
    at = np.searchsorted(places - 1e-9, np.arange(take.clock.frames), side="right") - 1
    return {"diffuse.sampler": np.array([i for _, i in rows], dtype=np.int64)[np.maximum(at, 0)]}


def _transitions(take: Take) -> Columns:
    return {
        "transition.reveal": rounded(transitions.reveal(take.clock, take.arrives)),
        "transition.rise": rounded(transitions.rise(take.clock, take.arrives)),
        "transition.fall": rounded(transitions.fall(take.clock, take.leaves)),
    }


# --- frames ---


def chained(take: Take) -> Chain:
    """How each of the take's frames is made; the last before a transition is diffused too."""
    clock, prompts = take.clock, take.shot.prompts
    places = [clock.place(key.at) for key in (*prompts.positive, *prompts.negative)]
    keys = [int(np.ceil(place - 1e-9)) for place in places]
    return chain(clock.frames, take.columns["coherence.cadence"].tolist(), [*keys, take.own - 1])


def seeds(take: Take, made: Chain, before: int) -> NDArray[np.float64]:
    """The seeds of the take's frames, `before` diffused frames of the film being older."""
    curve = take.shot.numbers["diffuse.seed"]
    mode = str(take.shot.words.get("diffuse.seed_mode") or "iter")
    counted = before + diffused_before(take.clock.frames, made.diffused)
    base = np.asarray(take.columns["diffuse.seed"], dtype=np.float64)
    return seed_column(base, mode, counted, take.film.name, curve.live, take.clock.first)


def moves(take: Take, made: Chain, begin: int) -> tuple[Array, Array] | None:
    """The camera's moves to the frames of a part of the take, which begins at its frame `begin`: from
    the diffused frames before and after. None without a camera.
    """
    camera = take.shot.camera
    if camera is None:
        return None
    channels = {n: np.asarray(take.columns[f"camera.{n}"], dtype=np.float64) for n in camera.channels}
    if not channels:
        channels = {"zoom": np.ones(take.clock.frames)}
    way = path(camera, channels, float(1 / take.clock.fps), take.film.width, take.film.height)
    here = [begin + f for f in range(len(made.kinds))]
    before = [begin + b if b >= 0 else f for f, b in zip(here, made.before, strict=True)]
    after = [begin + a if a >= 0 else f for f, a in zip(here, made.after, strict=True)]
    return rounded(way.move(before, here)), rounded(way.move(after, here))
