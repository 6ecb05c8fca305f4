"""Merges of films for people and for git: reading the versions, and checking what comes of them."""
