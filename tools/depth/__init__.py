"""Trains, measures and exports the built-in depth estimator."""
