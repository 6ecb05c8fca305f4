"""Text to syntax tree: sources, spans, diagnostics, parsing, units, settings, schedules."""
