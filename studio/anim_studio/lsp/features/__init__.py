"""What the server answers: pure functions of a document as it was analysed, one thing a file."""
