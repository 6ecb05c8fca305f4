"""Whether files that are committed beside films still are what the films say: plans, locks and curves."""
