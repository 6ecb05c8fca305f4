"""What opens over the screen: help, questions, lists to choose from, the commands."""
