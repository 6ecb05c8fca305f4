"""What is measured of a frame, as an `expect` names it."""

from __future__ import annotations

from anim_compiler.figures import FIGURES, Figure
from anim_studio.explain.layout import Style, code, paragraph, rows, title


def figure_lines(style: Style, figure: Figure) -> list[str]:
    """One figure: what it tells, and what its ends are."""
    text = f"{figure.help[:1].upper()}{figure.help[1:]}."
    shown = f"expect {figure.name} between 10% and 90%" if figure.name == "luma" else _most(figure)
    ends = [("0", figure.low), ("1", figure.high)]
    head = [title(style, figure.name, "a figure of the picture"), "", *paragraph(style, text), ""]
    return [*head, *rows(style, ends), "", *code(style, shown)]


def figures_list(style: Style) -> list[str]:
    """All of them, a line each."""
    return rows(style, [(figure.name, figure.help) for figure in FIGURES.values()])


def _most(figure: Figure) -> str:
    return (
        f"expect {figure.name} {'>' if figure.name in ('contrast', 'saturation', 'sharpness') else '<'} 20%"
    )
