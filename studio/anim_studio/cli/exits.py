"""Exit codes, the same for every command."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended; all codes but `BUG` are promised to users and scripts."""

    DONE = 0
    FILM_ERRORS = 1
    USAGE = 2
    LIMIT = 3
    DISK_FULL = 4
    OUT_OF_MEMORY = 5
    BUSY = 6
    MODEL_MISSING = 7
    #: our own mistake (`EX_SOFTWARE` of sysexits), told apart from every mistake a user can make
    BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143


class Stop(Exception):
    """Ends a command with a sentence for the user instead of a traceback.

    `message` is lower case without a full stop; `hint` says what to do; `finding` is the code of the
    diagnostic that it is where findings are listed.
    """

    def __init__(self, code: Exit, message: str, hint: str = "", finding: str = "E4003") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.finding = finding
