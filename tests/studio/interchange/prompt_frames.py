"""What every frame of an imported film is told, to compare with what the other tool makes of its file."""

from __future__ import annotations

from pathlib import Path

from anim_compiler.check import check
from anim_compiler.compile import CompileOptions, compile_film
from anim_compiler.plan import ColumnRef
from anim_compiler.world import World
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_studio.interchange.exported import Exporting
from anim_studio.interchange.film_text import checked
from anim_studio.interchange.imported import Fate, Given, Imported

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


def given(data: bytes | str, folder: Path, name: str = "file.txt") -> Given:
    return Given(data.encode() if isinstance(data, str) else data, name, folder, "film")


def film_of(made: Imported, folder: Path) -> Exporting:
    """The film, which passes `check`, compiled."""
    assert made.diagnostics == ()
    wrong = [each.message for each in checked(made.text, folder) if each.severity.value == "error"]
    assert wrong == []
    document, _ = parse(Source("film.anim", made.text))
    world = World.open(folder / "film.anim")
    film, _ = check(document, world)
    assert film is not None
    compiled = compile_film(film, world, CompileOptions(model_sha256=lambda _: ""))
    assert compiled.plan is not None
    return Exporting(document, film, compiled.plan, compiled.columns)


def shares(film: Exporting, which: str = "prompt") -> list[dict[str, float]]:
    """At every frame, the texts and how much of each is asked for."""
    told = []
    for frame in range(film.plan.frames):
        sides = [int(film.columns[f"{which}.{side}"][frame]) for side in ("from", "to")]
        way = float(film.columns[f"{which}.mix"][frame])
        made: dict[str, float] = {}
        for side, part in zip(sides, (1 - way, way), strict=True):
            for text, share in _mix(film, side, frame):
                made[text] = made.get(text, 0.0) + share * part
        told.append({text: share for text, share in made.items() if share > 1e-9})
    return told


def _mix(film: Exporting, conditioning: int, frame: int) -> list[tuple[str, float]]:
    prompts = film.plan.prompts
    parts = []
    for part in prompts.conditionings[conditioning]:
        pieces = prompts.texts[part.text]
        text = "".join(
            piece if isinstance(piece, str) else f"{round(float(film.columns[piece.column][frame]), 4):g}"
            for piece in pieces
        )
        weight = part.weight
        share = float(film.columns[weight.column][frame]) if isinstance(weight, ColumnRef) else float(weight)
        parts.append((text, share))
    whole = sum(share for _, share in parts)
    return [(text, share / whole) for text, share in parts]


def fates(made: Imported, what: str) -> set[Fate]:
    return {remark.fate for remark in made.remarks if remark.what == what}
