"""What walking a plan costs: `python -m bench.executor [--frames 20000]`.

A template of 12 ops is walked with kernels that give back their first input, on the `null` engine, and
compared with a bare list of 12 Python calls in the same run. Counted is everything between the frame's number
and its carry: the frame's context, the walk itself, the arguments read from the columns, the request to the
engine and its answer, values let go of, and the time told by stage. Not counted: reading and writing the
store, the journal, the engine's own work. The limit is 20 microseconds a frame.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch

from anim_compiler.plan import ColumnRef, Columns, PlanNode, Template
from anim_runtime.diffusion.request import Request, Sampling
from anim_runtime.diffusion.told import Conditioning
from anim_runtime.kept import Kept
from anim_runtime.ops.kernel import Arguments, FrameContext, number
from anim_runtime.program import Program, Tools
from anim_runtime.spent import Spent
from anim_runtime.together import together

LIMIT_US = 20.0
ROUNDS = 7
CPU = torch.device("cpu")
IMAGE = torch.zeros(1, 3, 2, 2)
TEXT = Conditioning((torch.zeros(1, 1, 1),))


def through(inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
    """A kernel that does nothing."""
    return inputs[0] if inputs else IMAGE


def asked(inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> Request:
    """A request as the film's own ones are made, from this frame's arguments."""
    how = Sampling(int(number(args, "steps")), number(args, "cfg_scale"), "Euler", number(args, "seed"))
    return Request(TEXT, TEXT, how, frame.height, frame.width, inputs[0], number(args, "strength"))


def answered(requests: Sequence[Request]) -> list[torch.Tensor]:
    """An engine that gives every image back."""
    return [request.image if request.image is not None else IMAGE for request in requests]


def template() -> Template:
    """Twelve ops, as many as a film with every coherence setting has; ten arguments come from columns."""
    move, seed = ColumnRef(column="move"), ColumnRef(column="seed")
    at = ColumnRef(column="at")
    nodes = (
        PlanNode(op="previous"),
        PlanNode(op="depth", inputs=(0,), args={"method": "flat"}),
        PlanNode(op="warp3d", inputs=(0, 1), args={"move": move, "border": "reflect"}),
        PlanNode(op="first", rate="scene"),
        PlanNode(op="color_stats", inputs=(3,), args={"space": "lab"}, rate="scene"),
        PlanNode(op="match_stats", inputs=(2, 4), args={"space": "lab"}),
        PlanNode(op="contrast", inputs=(5,), args={"amount": at}),
        PlanNode(op="sharpen", inputs=(6,), args={"amount": at, "radius": 1.0, "threshold": 0.0}),
        PlanNode(op="add_noise", inputs=(7,), args={"amount": at, "seed": seed}),
        PlanNode(
            op="diffuse",
            inputs=(8,),
            args={"strength": at, "steps": 20, "cfg_scale": at, "sampler": "Euler", "seed": seed},
        ),
        PlanNode(op="mix", inputs=(9, 2), args={"weight": at}),
        PlanNode(op="contrast", inputs=(10,), args={"amount": at}),
    )
    releases = ((), (), (0, 1), (), (3,), (4,), (5,), (6,), (7,), (8,), (2, 9), (10,))
    return Template(frames="0", nodes=nodes, carry=11, frame=11, releases=releases, digest="")


def program(frames: int) -> Program:
    """The template over columns of so many frames."""
    columns: Columns = {
        "move": np.zeros((frames, 14)),
        "seed": np.arange(frames, dtype=np.int64),
        "at": np.linspace(0.0, 1.0, frames),
    }
    made = template()
    kernels = {node.op: through for node in made.nodes if node.op != "diffuse"}
    return Program(made, 0, Tools(columns, kernels, {"diffuse": asked}, Spent(), Kept()))


def walked(walks: Program, frames: int) -> None:
    """Every frame, one after the other."""
    for frame in range(frames):
        context = FrameContext(frame, 2, 2, CPU, frame)
        together([walks.carry(context)], answered)


def called(frames: int) -> None:
    """The same number of calls, from a list."""
    calls = [through] * 12
    args: dict[str, float] = {}
    context = FrameContext(0, 2, 2, CPU, 0)
    for _ in range(frames):
        value = IMAGE
        for call in calls:
            value = call([value], args, context)


def fastest(work: Callable[[], None], frames: int) -> float:
    """Microseconds a frame in the best of some rounds: the others were disturbed."""
    times: list[float] = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) / frames * 1e6


def main() -> int:
    """Measures once; fails beyond the limit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--frames", type=int, default=20_000)
    frames = parser.parse_args().frames
    made = program(frames)
    plain = fastest(lambda: called(frames), frames)
    plan = fastest(lambda: walked(made, frames), frames)
    print(f"a list of 12 calls        {plain:7.2f} us a frame")
    print(f"a plan of 12 ops, walked  {plan:7.2f} us a frame")
    verdict = "within" if plan - plain <= LIMIT_US else "over"
    print(f"overhead                  {plan - plain:7.2f} us a frame, {verdict} the limit of {LIMIT_US:g}")
    return 0 if plan - plain <= LIMIT_US else 1


if __name__ == "__main__":
    sys.exit(main())
