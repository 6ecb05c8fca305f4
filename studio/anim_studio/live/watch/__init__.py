"""The files of a film, watched: which of them hold something else than before."""
