"""Ways in from other tools' files, and ways out to them: one file or one package a format."""
