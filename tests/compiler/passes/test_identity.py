"""The table of ops that change nothing with some arguments."""

from __future__ import annotations

import numpy as np
import pytest

from anim_compiler.graph import Arg, Choice, Column, Node, Product, Rate
from anim_compiler.ops import KERNEL_OPS
from anim_compiler.passes.identity import (
    all_steps,
    arguments,
    passed_through,
    passed_through_rows,
    steps_of,
    taken_steps,
)

STILL = np.eye(3).reshape(-1)
GRADE = {"exposure": 0, "contrast": 1, "saturation": 1, "hue": 0, "temperature": 0, "tint": 0} | {
    "gamma": 1,
    "lift": 0,
    "gain": 1,
}


@pytest.mark.parametrize(
    ("op", "values", "through"),
    [
        ("mix", {"weight": 0.0}, 0),
        ("mix", {"weight": 1.0}, 1),
        ("mix", {"weight": 0.5}, None),
        ("match_color", {"space": "none"}, 0),
        ("match_color", {"space": "lab"}, None),
        ("match_stats", {"space": "none", "method": "histogram"}, 0),
        ("contrast", {"amount": 1.0}, 0),
        ("contrast", {"amount": 0.0}, None),
        ("sharpen", {"amount": 0.0, "radius": 1.0, "threshold": 0.0}, 0),
        ("sharpen", {"amount": 0.1, "radius": 1.0, "threshold": 0.0}, None),
        ("blur", {"radius": 0.0}, 0),
        ("grade", GRADE, 0),
        ("grade", GRADE | {"hue": 720.0}, 0),
        ("grade", GRADE | {"hue": 180.0}, None),
        ("grade", GRADE | {"gain": 1.01}, None),
        ("aberration", {"amount": 0.0}, 0),
        ("bloom", {"amount": 0.0}, 0),
        ("vignette", {"amount": 0.0}, 0),
        ("grain", {"amount": 0.0, "seed": 3}, 0),
        ("add_noise", {"amount": 0.0, "seed": 3}, 0),
        ("dip", {"amount": 0.0, "color": "black"}, 0),
        ("reveal", {"amount": 1.0, "way": "fade"}, 0),
        ("reveal", {"amount": 0.0, "way": "fade"}, None),
        ("composite", {"opacity": 0.0, "mode": "normal"}, 0),
        ("composite", {"opacity": 1.0, "mode": "normal"}, None),
        ("diffuse", {"strength": 0.0, "steps": 8}, 0),
        ("diffuse", {"strength": 0.4, "steps": 0}, 0),
        ("diffuse", {"strength": 0.1, "steps": 8}, 0),
        ("diffuse", {"strength": 0.4, "steps": 8}, None),
        ("warp2d", {"move": STILL}, 0),
        ("warp2d", {"move": 3 * STILL}, 0),
        ("warp2d", {"move": 0 * STILL}, None),
        ("warp2d", {"move": np.concatenate([STILL, 2 * STILL])}, 0),
        ("warp2d", {"move": np.concatenate([STILL, np.arange(9.0)])}, None),
        ("warp3d", {"move": np.array([*STILL, 0, 0, 0, 1.4, 1.4])}, 0),
        ("warp3d", {"move": np.array([*STILL, 0, 0, 0, 1.4, 1.5])}, None),
        ("warp3d", {"move": np.array([*STILL, 0, 0, 0.1, 1.4, 1.4])}, None),
        ("pointwise", {"steps": "contrast dip", "0.amount": 1.0, "1.amount": 0.0, "1.color": "black"}, 0),
        ("pointwise", {"steps": "contrast dip", "0.amount": 1.0, "1.amount": 0.1, "1.color": "black"}, None),
        ("generate", {"steps": 0}, None),
        ("uncovered2d", {"move": STILL}, None),
        ("masked", {}, None),
        ("contrast", {}, None),
        ("nothing", {}, None),
    ],
)
def test_one_row(op: str, values: dict[str, object], through: int | None) -> None:
    assert passed_through(op, values) == through


def test_many_rows() -> None:
    weight = np.array([0.0, 0.5, 1.0])
    assert passed_through_rows("mix", {"weight": weight}, 3).tolist() == [0, -1, 1]
    moves = np.stack([STILL, STILL + np.eye(9)[2], 2 * STILL])
    assert passed_through_rows("warp2d", {"move": moves, "border": "wrap"}, 3).tolist() == [0, -1, 0]
    spaces = np.array(["none", "lab", "none"])
    assert passed_through_rows("match_color", {"space": spaces}, 3).tolist() == [0, -1, 0]
    mixed = {"strength": np.array([0.5, 0.0, 0.1]), "steps": 8}
    assert passed_through_rows("diffuse", mixed, 3).tolist() == [-1, 0, 0]
    chain = {"steps": "contrast dip", "0.amount": np.array([1, 1, 2.0]), "1.amount": np.array([0, 0.5, 0.0])}
    assert passed_through_rows("pointwise", chain, 3).tolist() == [0, -1, -1]


def test_steps_are_counted_as_the_engine_counts_them() -> None:
    from anim_runtime.diffusion.request import steps_at

    rows = [(steps, strength) for steps in range(1, 60) for strength in np.linspace(0, 1, 101)]
    values = {"steps": np.array([s for s, _ in rows]), "strength": np.array([s for _, s in rows])}
    assert taken_steps(values).tolist() == [steps_at(steps, strength) for steps, strength in rows]
    assert all_steps(values).tolist() == [steps_at(*row) == row[0] for row in rows]


def test_the_arguments_of_a_node() -> None:
    columns = {"a": np.arange(4.0), "c": np.array([0, 1, 0, 1]), "m": np.ones((4, 9)), "n": np.zeros((4, 9))}
    args: dict[str, Arg] = {
        "amount": Column("a"),
        "color": Choice("c", ("red", "blue")),
        "move": Product(("m", "n")),
    }
    args |= {"other": 3, "lost": Column("lost")}
    node = Node("dip", (), tuple(args.items()), Rate.IMAGE)
    values = arguments(node, columns, (1, 2))
    assert values["amount"].tolist() == [1.0, 2.0]
    assert values["color"].tolist() == ["blue", "red"]
    assert values["move"].tolist() == [[1.0] * 9 + [0.0] * 9] * 2
    assert values["other"] == 3
    assert "lost" not in values


def test_steps_of_a_chain() -> None:
    args = {"steps": "contrast dip", "0.amount": 1.5, "1.amount": 0.5, "1.color": "red", "7.amount": 1.0}
    assert steps_of(args) == (("contrast", {"amount": 1.5}), ("dip", {"amount": 0.5, "color": "red"}))


def test_the_op_table_says_which_ops_have_a_rule() -> None:
    from anim_compiler.passes.identity import OPS_WITH_RULES

    assert {name for name, op in KERNEL_OPS.items() if op.identity} == OPS_WITH_RULES
