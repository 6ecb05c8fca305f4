from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch

from anim_compiler.plan import ChoiceRef, ColumnRef, Columns, PlanArg, PlanNode, ProductRef, Template
from anim_runtime.arguments import arguments, product
from anim_runtime.diffusion.request import Request, Sampling
from anim_runtime.diffusion.told import Conditioning
from anim_runtime.kept import Kept
from anim_runtime.ops.kernel import Arguments, FrameContext
from anim_runtime.program import Program, Tools, Walk
from anim_runtime.spent import Spent
from anim_runtime.together import together

CPU = torch.device("cpu")


def plain(value: float, channels: int = 3) -> torch.Tensor:
    return torch.full((1, channels, 2, 2), value)


class Bench:
    """Kernels that count how often they run, and an engine that adds a tenth."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.drawn: list[int] = []

    def add(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        self.calls.append("add")
        amount = args["amount"]
        assert isinstance(amount, float | int)
        return sum(inputs, torch.zeros(1)) + float(amount)

    def source(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        self.calls.append("source")
        return plain(float(frame.frame))

    def mask(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        return plain(0.25, channels=1)

    def ask(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> Request:
        steps = args.get("steps", 4)
        assert isinstance(steps, int)
        how = Sampling(steps, 1.0, "Euler", 0)
        image, strengths = inputs[0] if inputs else plain(0.0), inputs[1] if len(inputs) > 1 else None
        text = Conditioning((torch.zeros(1, 1, 1),))
        return Request(text, text, how, 2, 2, image, 1.0, strengths)

    def draw(self, requests: Sequence[Request]) -> list[torch.Tensor]:
        self.drawn.append(len(requests))
        assert len({request.signature for request in requests}) == 1
        return [request.image + 0.1 for request in requests if request.image is not None]

    def program(
        self, template: Template, columns: Columns, scene: int = 0, kept: Kept | None = None
    ) -> Program:
        kernels = {"add": self.add, "source": self.source, "mask": self.mask}
        return Program(
            template, scene, Tools(columns, kernels, {"diffuse": self.ask}, Spent(), kept or Kept())
        )


def template(
    *nodes: PlanNode, frame: int | None = None, releases: tuple[tuple[int, ...], ...] = ()
) -> Template:
    last = len(nodes) - 1
    return Template(
        frames="0-9",
        nodes=nodes,
        carry=last if frame is None else frame - 1,
        frame=last if frame is None else frame,
        releases=releases,
        digest="",
    )


def node(op: str, *inputs: int, rate: str = "image", **args: PlanArg) -> PlanNode:
    return PlanNode(op=op, inputs=inputs, args=args, rate=rate)


def at(frame: int) -> FrameContext:
    return FrameContext(frame, 2, 2, CPU)


def alone(walk: Walk, bench: Bench) -> float:
    (made,) = together([walk], bench.draw)
    assert made.shape == (1, 3, 2, 2)
    return float(made.mean())


def test_arguments_are_read_at_the_frame() -> None:
    columns: Columns = {
        "number": np.array([0.5, 0.25]),
        "whole": np.array([3, 4], dtype=np.int64),
        "row": np.arange(18.0).reshape(2, 9),
        "which": np.array([1, 0], dtype=np.int64),
    }
    args: dict[str, PlanArg] = {
        "a": ColumnRef(column="number"),
        "b": ColumnRef(column="whole"),
        "c": ColumnRef(column="row"),
        "d": ChoiceRef(column="which", texts=("no", "yes")),
        "e": "constant",
    }
    read, moves = arguments(args, columns)
    assert moves
    found = dict(read(1))
    row = found.pop("c")
    assert found == {"a": 0.25, "b": 4, "d": "no", "e": "constant"}
    assert isinstance(found["b"], int)
    assert isinstance(row, np.ndarray)
    assert row.tolist() == list(range(9, 18))
    assert arguments({"e": 1}, columns)[1] is False
    with pytest.raises(KeyError):
        arguments({"a": ColumnRef(column="gone")}, columns)


def test_a_product_moves_the_first_one_first() -> None:
    turn = np.array([[0.0, -1, 0, 1, 0, 0, 0, 0, 1]])
    shift = np.array([[1.0, 0, 5, 0, 1, 0, 0, 0, 1]])
    point = np.array([1.0, 0.0, 1.0])
    both = product([turn, shift]).reshape(3, 3)
    assert (both @ point).tolist() == [5.0, 1.0, 1.0]
    columns: Columns = {"turn": turn, "shift": shift}
    read, moves = arguments({"move": ProductRef(columns=("turn", "shift"))}, columns)
    assert moves
    assert np.array_equal(np.asarray(read(0)["move"]).reshape(3, 3), both)


def test_values_go_when_the_plan_says_so() -> None:
    bench = Bench()
    alive: list[int] = []

    def look(inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        alive.append(sum(ref() is not None for ref in seen))
        made = plain(1.0)
        seen.append(weakref.ref(made))
        return made

    import weakref

    seen: list[weakref.ref[torch.Tensor]] = []
    nodes = (node("look"), node("look", 0), node("look", 1), node("look", 2))
    kept, freed = ((), (), (), ()), ((), (0,), (1,), (2,))
    for releases, most in ((kept, 3), (freed, 1)):
        seen.clear()
        alive.clear()
        tools = Tools({}, {"look": look}, {}, Spent(), Kept())
        alone(Program(template(*nodes, releases=releases), 0, tools).carry(at(0)), bench)
        assert alive[-1] == most


def test_what_holds_for_a_scene_is_worked_out_once_for_all_its_templates() -> None:
    bench, kept = Bench(), Kept()
    columns: Columns = {"a": np.arange(4.0)}
    nodes = (
        node("source", rate="film"),
        node("add", 0, rate="scene", amount=1),
        node("add", 1, amount=ColumnRef(column="a")),
    )
    other = (*nodes[:2], node("add", 1, amount=2))
    programs = [bench.program(template(*n), columns, scene=0, kept=kept) for n in (nodes, other)]
    programs.append(bench.program(template(*other), columns, scene=1, kept=kept))
    got = [alone(p.carry(at(frame)), bench) for frame in (0, 2) for p in programs]
    # the film's source is made at the first frame in work and holds; so does each scene's sum
    assert got == [1.0, 3.0, 3.0, 3.0, 3.0, 3.0]
    assert bench.calls.count("source") == 1
    assert bench.calls.count("add") == 2 + 6


def test_scenes_used_long_ago_are_forgotten_and_worked_out_again() -> None:
    bench, kept = Bench(), Kept(scenes=2)
    one = template(node("source", rate="film"), node("add", 0, rate="scene", amount=1))
    programs = [bench.program(one, {}, scene=scene, kept=kept) for scene in range(3)]
    for scene in (0, 1, 2, 1, 0):
        assert alone(programs[scene].carry(at(0)), bench) == 1.0
    assert (bench.calls.count("source"), bench.calls.count("add")) == (1, 4)


def test_what_is_shown_is_made_from_the_carry() -> None:
    bench = Bench()
    made = bench.program(
        template(node("source"), node("diffuse", 0), node("add", 1, amount=0.5), frame=2), {}
    )
    assert not made.shows_carry
    assert made.ops == {"source", "diffuse"}
    assert [op for op, _ in made.asks] == ["diffuse"]
    assert alone(made.carry(at(3)), bench) == pytest.approx(3.1)
    assert alone(made.shown(plain(0.25), at(3)), bench) == pytest.approx(0.75)
    assert bench.calls == ["source", "add"]


def test_the_model_is_told_of_holes_beside_the_picture() -> None:
    bench = Bench()
    made = bench.program(template(node("source"), node("mask"), node("diffuse", 0, 1, fill_strength=0.9)), {})
    request = next(made.carry(at(2)))
    assert request.image is not None
    assert float(request.image.mean()) == 2.0
    assert request.strengths is not None
    assert request.strengths.shape[1] == 1
    assert float(request.strengths.mean()) == 0.25


def test_a_mask_that_is_shown_is_grey() -> None:
    assert alone(Bench().program(template(node("mask")), {}).carry(at(0)), Bench()) == 0.25


def test_an_op_without_a_kernel_is_told_at_once() -> None:
    with pytest.raises(KeyError, match="unknown"):
        Bench().program(template(node("unknown")), {})


def test_frames_together_are_drawn_in_one_batch_at_their_places() -> None:
    bench = Bench()
    twice = bench.program(template(node("source"), node("diffuse", 0), node("diffuse", 1)), {})
    walks = [None, twice.carry(at(1)), None, twice.carry(at(3))]
    made = together(walks, bench.draw)
    assert [round(float(m.mean()), 6) for m in made] == [1.2, 3.2]
    assert bench.drawn == [4, 4]


def test_frames_that_ask_for_different_things_are_drawn_apart() -> None:
    bench = Bench()
    columns: Columns = {"steps": np.array([4, 4, 9], dtype=np.int64)}
    once = bench.program(
        template(node("source"), node("diffuse", 0, steps=ColumnRef(column="steps"))), columns
    )
    none = bench.program(template(node("source")), columns)
    made = together([once.carry(at(0)), once.carry(at(2)), none.carry(at(1)), once.carry(at(1))], bench.draw)
    assert [round(float(m.mean()), 6) for m in made] == [0.1, 2.1, 1.0, 1.1]
    assert bench.drawn == [4, 4]


def test_the_time_of_every_stage_is_told() -> None:
    bench = Bench()
    spent = Spent()
    tools = Tools({}, {"add": bench.add, "mix": bench.source}, {}, spent, Kept())
    alone(Program(template(node("mix"), node("add", 0, amount=1)), 0, tools).carry(at(0)), bench)
    assert set(spent.take()) == {"blend", "add"}
