"""The command line; `main` is what the `anim` script runs."""

from anim_studio.cli.app import main

__all__ = ["main"]
