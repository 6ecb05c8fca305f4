"""How a render looks while it runs: one event stream, three displays."""

from anim_studio.progress.display import Display, open_display
from anim_studio.progress.tally import Tally

__all__ = ["Display", "Tally", "open_display"]
