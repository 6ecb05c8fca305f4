"""What happens in a render, as values: one JSON line each in the run's journal.

The progress bar, the terminal UI, the server and the tests all read this one stream.
"""

from __future__ import annotations

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


class Finished(_Event):
    """Every frame and output is done."""

    kind: Literal["finished"] = "finished"
    frames: int
    reused: int
    seconds: float
    spent: dict[str, float] = {}


Event: TypeAlias = Annotated[
    Planned | FrameStarted | FrameDone | Warned | Encoded | Failed | Finished, Field(discriminator="kind")
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
