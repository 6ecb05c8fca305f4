"""What is told of a name, a value or a file where an editor shows it, as Markdown."""
