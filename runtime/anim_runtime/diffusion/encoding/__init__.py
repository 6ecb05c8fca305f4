"""From a prompt's words to what a model is told, one file for each way in which families do it."""
