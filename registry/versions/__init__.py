"""Versions against each other and against the lock: what changed, pins, tags, rows, integrity, the story of a row."""
