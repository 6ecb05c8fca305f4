"""Why a render cannot go on: caught by the session and told as a `Failed` event."""

from __future__ import annotations


class RenderProblem(Exception):
    """A render stops here. `hint` says how to go on; `exit_code` is the one of the reference.

    Exit codes: 2 a file cannot be read, 4 disk full, 5 out of memory, 6 another process renders this
    film, 7 a model is missing, 130 stopped by the user.
    """

    def __init__(self, message: str, hint: str = "", exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
        #: whether the journal has it
        self.told = False
