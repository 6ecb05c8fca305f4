"""`python -m tools.reference [--check]`: writes `grammar/REFERENCE.md`, or says that it is old."""

from __future__ import annotations

import sys

from tools.reference.assemble import REFERENCE, manual


def main() -> int:
    """Exit code 1 if `--check` found an old manual."""
    text = manual()
    old = not REFERENCE.exists() or REFERENCE.read_text(encoding="utf-8") != text
    if "--check" in sys.argv[1:]:
        if old:
            print(f"{REFERENCE} is old: run `make reference`")
        return int(old)
    if old:
        REFERENCE.write_text(text, encoding="utf-8")
        print(f"wrote {REFERENCE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
