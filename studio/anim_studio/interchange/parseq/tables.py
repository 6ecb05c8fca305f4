"""Tables beside a film, and long lists in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from anim_studio.interchange.parseq.document import Document
from anim_studio.interchange.parseq.named import Named
from anim_studio.interchange.parseq.writing import figure


def listed(text: str) -> tuple[tuple[str, str], ...]:
    """The keys of a list that is long enough to be written one a line."""
    if " with " in text or '"' in text:
        return ()
    keys = re.findall(r"(?:^|, )(\d+): (.+?)(?=, \d+: |$)", text)
    return tuple((at, value) for at, value in keys) if len(keys) > 1 else ()


def aliases_read(document: Document) -> set[str]:
    """The time series that some formula reads."""
    texts = [text for key in document.keyframes for text in key.formulas.values()]
    texts += [text for p in document.prompts for text in (p.positive, p.negative, p.weight)]
    return document.tracks.keys() & set(re.findall(r"[A-Za-z_]\w*", " ".join(set(texts))))


def tracks_of(document: Document) -> tuple[dict[str, bytes], dict[str, str]]:
    """The time series that are read, as tables whose rows hold, frame by frame as Parseq reads them; and what
    they are called.
    """
    named = Named()
    files: dict[str, bytes] = {}
    for alias in sorted(aliases_read(document), key=list(document.tracks).index):
        track = document.tracks[alias]
        name = named.track(alias)
        rows, before = ["frame,value"], None
        for frame in range(document.frames):
            value = track.at(frame, document.fps)
            if value != before:
                rows.append(f"{frame},{value!r}")
            before = value
        files[name] = ("\n".join(rows) + "\n").encode()
    return files, named.tracks


def table_of(columns: Mapping[str, tuple[float, ...]], frames: int) -> bytes:
    """Columns of values, a row a frame, as CSV."""
    rows = [",".join(["frame", *columns])]
    rows += [
        ",".join([str(f), *(figure(column[f]).text for column in columns.values())]) for f in range(frames)
    ]
    return ("\n".join(rows) + "\n").encode()


def path_of(name: str) -> str:
    """A file's name as it stands in quotes."""
    return name.replace("\\", "/").replace('"', "").replace("{", "\\{").replace("}", "\\}")
