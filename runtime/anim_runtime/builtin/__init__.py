"""The text-to-image model that comes with the product."""

from anim_runtime.builtin.card import POSTCARD, card

__all__ = ["POSTCARD", "card"]
