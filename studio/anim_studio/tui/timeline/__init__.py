"""Widgets over the frames of a film: the timeline and the curves."""
