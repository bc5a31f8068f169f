"""Helpers that every part may use and that know nothing of links: text, files, patterns, secrets."""
