"""A plan's templates as the compiler's graph has them, so that its passes' knowledge serves them too."""

from __future__ import annotations

from collections.abc import Mapping

from anim_compiler.graph import Arg, Choice, Column, Graph, Interner, Key, Node, Product, Rate, Template
from anim_compiler.plan import ChoiceRef, ColumnRef, Columns, Plan, PlanArg, ProductRef
from anim_compiler.plan import Template as PlanTemplate
from anim_compiler.ranges import read_ranges


def graph_of(plan: Plan, columns: Columns) -> Graph:
    """The graph that a plan holds, with its columns."""
    nodes = Interner()
    templates: dict[Key, Template] = {
        (index, kind): _template(template, nodes)
        for index, scene in enumerate(plan.scenes)
        for kind, template in scene.templates.items()
    }
    return Graph(templates, columns)


def _template(template: PlanTemplate, nodes: Interner) -> Template:
    made: list[Node] = []
    for node in template.nodes:
        args = {name: _arg(value) for name, value in node.args.items()}
        made.append(nodes.node(node.op, [made[i] for i in node.inputs], args, Rate(node.rate)))
    results: Mapping[str, Node] = {"carry": made[template.carry], "frame": made[template.frame]}
    return Template(results, read_ranges(template.frames), template.batch, tuple(made), template.releases)


def _arg(value: PlanArg) -> Arg:
    match value:
        case ColumnRef():
            return Column(value.column)
        case ChoiceRef():
            return Choice(value.column, value.texts)
        case ProductRef():
            return Product(value.columns)
        case _:
            return value
