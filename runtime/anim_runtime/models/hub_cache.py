"""The cache of the Hugging Face hub: what other programs fetched there is used where it is."""

from __future__ import annotations

import re
from pathlib import Path

_REFERENCE = re.compile(
    r"hf:(?P<owner>[\w.-]+)/(?P<repo>[\w.-]+)(?:@(?P<at>[\w.-]+))?(?:/(?P<file>[\w./ ()+-]+))?", re.ASCII
)
_COMMIT = re.compile(r"[0-9a-f]{40}")


def hub_folder() -> Path:
    """Where the hub's own library keeps its cache on this machine."""
    # it reads `HF_HOME` and `HF_HUB_CACHE`, as its users expect
    from huggingface_hub.constants import HF_HUB_CACHE

    return Path(HF_HUB_CACHE)


def in_hub_cache(reference: str, hub: Path | None = None) -> Path | None:
    """The file or folder that `hf:owner/repo` or `hf:owner/repo@revision/file` leads to; None if it is not
    there. Without a file it is the folder of a revision: of that which was fetched as `main` unless one is
    named.
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None or ".." in (found["file"] or "").split("/"):
        return None
    home = (hub or hub_folder()) / f"models--{found['owner']}--{found['repo']}"
    at = found["at"] or "main"
    revision = at if _COMMIT.fullmatch(at) else _commit(home, at)
    folder = home / "snapshots" / revision if revision else home / "none"
    path = folder / found["file"] if found["file"] else folder
    return path if path.exists() else None


def hub_reference(path: Path) -> str:
    """How a film names a file or folder of such a cache: `hf:owner/repo`; "" for one that is in none."""
    for place in path.parents:
        found = re.fullmatch(r"models--([\w.-]+?)--([\w.-]+)", place.name)
        if found:
            inner = path.relative_to(place).parts[2:]
            return "/".join((f"hf:{found[1]}/{found[2]}", *inner))
    return ""


def hub_revision(path: Path) -> str:
    """The commit of a file or folder of such a cache; "" for one that is in none."""
    parts = path.parts
    return parts[parts.index("snapshots") + 1] if "snapshots" in parts[:-1] else ""


def _commit(home: Path, at: str) -> str:
    """The commit that was fetched under the name of a branch or a tag; "" if none was."""
    try:
        told = (home / "refs" / at).read_text("ascii").strip()
    except (OSError, ValueError):
        return ""
    return told if _COMMIT.fullmatch(told) else ""
