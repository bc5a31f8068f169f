"""What every part may use and that knows nothing of links: text, files, patterns, secrets."""
