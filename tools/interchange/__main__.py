"""`python -m tools.interchange [--check]`: writes the tables of `docs/import.md`, or says they are old."""

from __future__ import annotations

import sys

from tools.interchange.page import PAGE, page


def main() -> int:
    """Exit code 1 if `--check` found old tables."""
    text = page()
    is_old = PAGE.read_text(encoding="utf-8") != text
    if "--check" in sys.argv[1:]:
        if is_old:
            print(f"{PAGE} is old: run `python -m tools.interchange`")
        return int(is_old)
    if is_old:
        PAGE.write_text(text, encoding="utf-8")
        print(f"wrote {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
