"""`python -m tools.editors [--check]`: writes the words into the editors' files, or says which are old."""

from __future__ import annotations

import sys

from tools.editors.files import stale, wanted


def main() -> int:
    """Exit code 1 if `--check` found old files."""
    old = stale()
    if "--check" in sys.argv[1:]:
        for path in old:
            print(f"{path} is old: run `python -m tools.editors`")
        return 1 if old else 0
    texts = wanted()
    for path in old:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[path], encoding="utf-8")
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
