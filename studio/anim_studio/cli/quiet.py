"""Keeps other people's libraries from talking over a command, or crowding the machine."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


def prepare_libraries() -> None:
    """Turns off warnings, progress bars and log lines of the libraries that a render loads, and makes
    their threads wait without spinning: on a machine that does other work too, spinning threads of a
    small model keep each other from the cores, and frames take ten times as long (measured).

    Must run before they are imported: they read these variables at import. Variables that the
    user has set stay as they are.
    """
    for name, value in {
        "TRANSFORMERS_VERBOSITY": "error",
        "DIFFUSERS_VERBOSITY": "error",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "TQDM_DISABLE": "1",
        "OMP_WAIT_POLICY": "PASSIVE",
    }.items():
        os.environ.setdefault(name, value)
    warnings.filterwarnings("ignore")
    for library in ("diffusers", "transformers", "huggingface_hub", "libav", "PIL", "numba", "torch"):
        logging.getLogger(library).setLevel(logging.ERROR)


@contextmanager
def without_native_messages() -> Iterator[None]:
    """Drops what C libraries write straight to the process's standard error inside the block."""
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
