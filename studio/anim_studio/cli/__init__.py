"""The command line; `main` is what the `anim` script runs."""

from anim_studio.cli.entry import main

__all__ = ["main"]
