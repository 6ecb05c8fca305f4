"""What is known of models without loading them: facts, families, headers, locks."""
