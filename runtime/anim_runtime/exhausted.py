"""Whether an error says that memory ran out: each library says it in its own way."""

from __future__ import annotations

#: of torch on a CPU (Linux, Windows), of torch on CUDA, of OpenCV
_SAID = ("can't allocate memory", "not enough memory", "out of memory", "insufficient memory")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the error means that memory ran out, on the machine or on its graphics card.

    On a CPU torch raises a plain RuntimeError; its own error is told by its name, because importing torch to
    ask would take seconds.
    """
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    if isinstance(error, OSError) or not isinstance(error, Exception):
        return False
    # cv2.error is no RuntimeError
    if not isinstance(error, RuntimeError) and type(error).__module__ != "cv2":
        return False
    text = str(error).lower()
    return any(said in text for said in _SAID)
