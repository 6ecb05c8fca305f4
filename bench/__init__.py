"""Measurements; each prints what it found and ends with 1 where a promise is broken."""
