"""The passes over a graph, in the order in which they run."""

from anim_compiler.passes.fold import fold
from anim_compiler.passes.prune import prune
from anim_compiler.passes.rewrite import Facts, Pass
from anim_compiler.passes.share import share

PASSES: tuple[Pass, ...] = (fold, share, prune)

__all__ = ["PASSES", "Facts", "Pass", "fold", "prune", "share"]
