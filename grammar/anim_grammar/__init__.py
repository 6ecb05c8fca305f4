"""The language as data: grammar, settings table, standard library of films."""
