"""Parseq's documents and manifests: its formula language, what it computes, and a film that says the same."""

from anim_studio.interchange.parseq.document import DocumentError
from anim_studio.interchange.parseq.over import over
from anim_studio.interchange.parseq.parts import Parts
from anim_studio.interchange.parseq.read import curves, looks_like, read

__all__ = ["DocumentError", "Parts", "curves", "looks_like", "over", "read"]
