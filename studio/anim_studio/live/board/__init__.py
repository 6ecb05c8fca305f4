"""What a timeline shows of a version: its lanes of keys, scenes, beats and levels, and its outline."""
