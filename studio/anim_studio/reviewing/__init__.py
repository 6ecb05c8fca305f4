"""What a branch changes in films, as a comment for its pull request with pictures beside it."""
