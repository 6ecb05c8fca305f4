"""The `variant` block: which settings vary, over which values."""

from __future__ import annotations

from collections.abc import Iterator

from anim_compiler.diff.amounts import plural
from anim_compiler.diff.change import Change
from anim_compiler.diff.pair import Pair
from anim_compiler.film import Film


def changes(pair: Pair) -> tuple[Change, ...]:
    """Every setting that varies otherwise."""
    return tuple(_changes(pair))


def _changes(pair: Pair) -> Iterator[Change]:
    a, b = _rows(pair.a.film), _rows(pair.b.film)
    counts = [len(side.film.variants) for side in (pair.a, pair.b)]
    films = f"({counts[0] or 1} → {plural(counts[1] or 1, 'film')})" if counts[0] != counts[1] else ""
    counted = False
    for path in dict.fromkeys((*a, *b)):
        before, after = ", ".join(a.get(path, ())), ", ".join(b.get(path, ()))
        if before == after:
            continue
        if before and after:
            sentence = f"{before} → {after}"
        else:
            sentence = f"varies over {after}" if after else f"no longer varies (was {before})"
        told, counted = counted, True
        yield Change(
            "variants",
            "changed" if before and after else "added" if after else "removed",
            f"variant {path}",
            f"variant `{path}`",
            sentence,
            "" if told else films,
            before=before,
            after=after,
        )


def _rows(film: Film) -> dict[str, tuple[str, ...]]:
    """The values of every setting that varies, in written order."""
    rows: dict[str, dict[str, None]] = {}
    for variant in film.variants:
        for path, value in variant.values:
            rows.setdefault(path, {})[value] = None
    return {path: tuple(values) for path, values in rows.items()}
