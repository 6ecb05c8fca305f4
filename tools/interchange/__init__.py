"""The tables of `docs/import.md`, made from the importers' own."""
