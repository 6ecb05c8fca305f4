"""Files of times and curves: `markers`, `midi` and `series`; one format a file, none of them needs numpy."""
