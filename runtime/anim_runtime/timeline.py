"""Which frames of a film a file shows: at its own rate and speed, with pictures between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from anim_compiler.plan import OutputSpec, Plan


@dataclass(frozen=True, slots=True)
class Moment:
    """A place of the film: so much (0 <= `part` < 1) of the way from `frame` to the one after it."""

    frame: int
    part: Fraction = Fraction(0)


def rate_of(plan: Plan, output: OutputSpec) -> Fraction:
    """The frames a second of a file."""
    return Fraction(output.fps) if output.fps else Fraction(plan.fps) * output.interpolate


def length_of(plan: Plan, output: OutputSpec) -> int:
    """How many pictures a file has: as many as begin before the film ends, at least one."""
    rate, speed = Fraction(plan.fps), Fraction(output.speed)
    return max(1, -int(-(plan.frames * rate_of(plan, output)) // (rate * speed)))


def first_number(plan: Plan, output: OutputSpec) -> int:
    """The number of a file's first picture in a sequence: a part of a film counts as the whole film does."""
    rate, speed = Fraction(plan.fps), Fraction(output.speed)
    return -int(-(plan.begin * rate_of(plan, output)) // (rate * speed))


def makes_between(output: OutputSpec) -> bool:
    """Whether pictures are made between the film's frames."""
    return output.interpolate > 1 or Fraction(output.speed) < 1


def moments(plan: Plan, output: OutputSpec, cuts: frozenset[int] = frozenset()) -> Iterator[Moment]:
    """What each picture of a file shows, exactly: never a place between the frames at a cut.

    `cuts` are the frames that begin after a cut. After the last frame of a film that does not loop, and
    where nothing is made between frames, each instant shows the frame that stands there.
    """
    step = Fraction(plan.fps) * Fraction(output.speed) / rate_of(plan, output)
    smooth = makes_between(output)
    for number in range(length_of(plan, output)):
        place = number * step
        frame = min(int(place), plan.frames - 1)
        after = following(plan, frame)
        if not smooth or after is None or after in cuts:
            yield Moment(frame)
        else:
            yield Moment(frame, place - frame)


def following(plan: Plan, frame: int) -> int | None:
    """The frame after one, over the end where the film loops; None if there is none."""
    if frame + 1 < plan.frames:
        return frame + 1
    return 0 if plan.loop and plan.frames > 1 else None


def cuts_of(plan: Plan, before: tuple[int, ...], under: tuple[int, ...]) -> frozenset[int]:
    """The frames at which the picture changes at once: the first ones of scenes that begin anew.

    `before` and `under` say what each frame is made from and what shows under it (-1: nothing): a scene that
    continues is made from the one before, and one that fades in has it underneath. The film's own first frame
    is none: in a film that loops it is what the end leads to.
    """
    starts = (scene.start for scene in plan.scenes if scene.start)
    return frozenset(start for start in starts if before[start] < 0 and under[start] < 0)
