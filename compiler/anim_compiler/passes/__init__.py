"""The passes over a graph, in the order in which they run."""

from anim_compiler.passes.batch import batch
from anim_compiler.passes.cadence import cadence
from anim_compiler.passes.expand import expand
from anim_compiler.passes.fold import fold
from anim_compiler.passes.fuse import fuse
from anim_compiler.passes.hoist import hoist
from anim_compiler.passes.place import place
from anim_compiler.passes.prune import prune
from anim_compiler.passes.rewrite import Facts, Pass
from anim_compiler.passes.share import share

PASSES: tuple[Pass, ...] = (expand, cadence, fold, share, hoist, fuse, prune, batch, place)

PLAIN: tuple[Pass, ...] = (expand, cadence)
"""What makes a film that can be run, and nothing faster."""

__all__ = [
    "PASSES",
    "PLAIN",
    "Facts",
    "Pass",
    "batch",
    "cadence",
    "expand",
    "fold",
    "fuse",
    "hoist",
    "place",
    "prune",
    "share",
]
