"""Two films for `anim diff`: from files or revisions, and their difference in several forms."""
