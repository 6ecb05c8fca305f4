"""Where models come from: Civitai, the Hugging Face hub, and addresses; one file a source."""
