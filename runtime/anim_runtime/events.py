"""What happens in a render, as values: one JSON line each in the run's journal.

The progress bar, the terminal UI, the server and the tests all read this one stream.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True)
    #: seconds since the epoch
    at: float


class Planned(_Event):
    """The render begins: how many frames there are, and how many the store already has."""

    kind: Literal["planned"] = "planned"
    name: str
    frames: int
    width: int
    height: int
    fps: str
    reused: int
    diffused: int
    tweens: int
    model: str
    device: str
    #: how many frames may pass the model at once
    batch: int = 1


class Loaded(_Event):
    """A model is on the device: `memory` is in one line how it shares what there is."""

    kind: Literal["loaded"] = "loaded"
    model: str
    memory: str


class FrameStarted(_Event):
    """A frame is being made; those that are made together start together."""

    kind: Literal["frame_started"] = "frame_started"
    frame: int


class FrameDone(_Event):
    """A frame is in the store. `spent` is seconds by stage (`diffuse`, `warp`, `decode`, …); frames that
    were made together share it evenly. `passes` are the pictures that went through the denoiser for it:
    one a step, two where there is guidance.
    """

    kind: Literal["frame_done"] = "frame_done"
    frame: int
    how: Literal["first", "diffused", "fresh", "tween", "reused"]
    recipe: str
    spent: dict[str, float] = {}
    passes: int = 0


class Warned(_Event):
    """Something the user should know; the render goes on."""

    kind: Literal["warned"] = "warned"
    message: str


class Measured(_Event):
    """The figures of a frame as it is shown, 0..1 by name; `shown` is the digest of what is shown, `version`
    says how it was measured.
    """

    kind: Literal["measured"] = "measured"
    frame: int
    shown: str
    version: int
    figures: dict[str, float]


class Unmet(_Event):
    """A frame does not keep to an `expect`, the first that does not: `figure` is `value` there, and should be
    `op bound`. The render goes on. `frame` and `seconds` count from the plan's own first frame, which of a
    preview of a part is not the film's.
    """

    kind: Literal["unmet"] = "unmet"
    frame: int
    seconds: float
    figure: str
    value: float
    op: str
    bound: float
    says: str
    file: str
    line: int

    @property
    def message(self) -> str:
        """The line to blame, and what is measured: `rain.anim:12: expect flicker < 0.05: 0.081`."""
        return f"{self.file}:{self.line}: {self.says}: {self.figure} is {self.value:.3g}"

    def told(self, begin: int, fps: Fraction | None) -> str:
        """The message with the film's frame and second, of a plan whose first frame is the film's `begin`.

        Without `fps`, which is not told where no frame is made, it says no second.
        """
        frame = begin + self.frame
        if fps is None:
            return f"{self.message} at frame {frame}"
        return f"{self.message} at frame {frame} ({float(frame / fps):.2f} s)"


class Encoding(_Event):
    """The film's files are being written: so many pictures of all of theirs were given to the encoders."""

    kind: Literal["encoding"] = "encoding"
    pictures: int
    of: int


class Encoded(_Event):
    """An output file has its name."""

    kind: Literal["encoded"] = "encoded"
    path: str
    frames: int
    seconds: float
    bytes: int
    codec: str


class Failed(_Event):
    """The render stopped; `exit_code` as in the reference, `hint` says how to go on."""

    kind: Literal["failed"] = "failed"
    message: str
    hint: str = ""
    exit_code: int = 1


class FigureSummary(BaseModel):
    """A figure over the whole film."""

    model_config = ConfigDict(frozen=True)
    mean: float
    p95: float
    most: float
    at: int


class Finished(_Event):
    """Every frame and output is done."""

    kind: Literal["finished"] = "finished"
    frames: int
    reused: int
    seconds: float
    spent: dict[str, float] = {}
    #: mean, 95th percentile and largest value of each figure, and the frame that has it
    figures: dict[str, FigureSummary] = {}
    #: a sentence for each `expect` that did not hold
    unmet: tuple[str, ...] = ()


Event: TypeAlias = Annotated[
    Planned
    | Loaded
    | FrameStarted
    | FrameDone
    | Warned
    | Measured
    | Unmet
    | Encoding
    | Encoded
    | Failed
    | Finished,
    Field(discriminator="kind"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
