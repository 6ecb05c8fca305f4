"""What is wrong with a sound file, in words for its user."""


class AudioError(Exception):
    """A sound file cannot be read. The compiler turns it into a diagnostic.

    `message` says what is wrong, `hint` what to do; both in lower case and without a full stop. `code` is
    that of the diagnostic. `track` is the film's name for the file, once that is known.
    """

    def __init__(self, message: str, hint: str, code: str = "E4009") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code
        self.track = ""
