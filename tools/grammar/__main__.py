"""`python -m tools.grammar [--check]`: writes the generated tables, or says which are old."""

from __future__ import annotations

import sys

from tools.grammar.tables import stale, tables


def main() -> int:
    """Exit code 1 if `--check` found old tables."""
    old = stale()
    if "--check" in sys.argv[1:]:
        for path in old:
            print(f"{path} is old: run `python -m tools.grammar`")
        return 1 if old else 0
    wanted = tables()
    for path in old:
        path.parent.mkdir(exist_ok=True)
        if path in wanted:
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
        print(f"{'wrote' if path in wanted else 'removed'} {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
