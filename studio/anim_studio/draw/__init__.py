"""Pictures about films: charts of curves, contact sheets."""
